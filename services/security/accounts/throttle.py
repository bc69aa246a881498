"""Who guesses a password gets five tries in a quarter of an hour.

Counted in this process and forgotten with it: several replicas allow as many times five. Somebody
who knows a log-in name can so keep its owner out for that time; tokens already given go on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from shared.clock import Clock
from shared.errors import Busy

TRIES = 5
WINDOW = timedelta(minutes=15)
_MOST_NAMES = 10_000


class Tries:
    """The failed tries of one name, oldest first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._failures: list[datetime] = []

    def failed(self, at: datetime) -> None:
        self._failures.append(at)

    def succeeded(self) -> None:
        self._failures.clear()

    def seconds_to_wait(self, now: datetime) -> float:
        """0 while there are tries left."""
        self._failures = [each for each in self._failures if now - each < WINDOW]
        if len(self._failures) < TRIES:
            return 0.0
        return (self._failures[0] + WINDOW - now).total_seconds()


class Throttle:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._names: OrderedDict[str, Tries] = OrderedDict()

    @contextmanager
    def attempt(self, name: str) -> Iterator[Attempt]:
        """One try at a time for a name, so that many at once get no more of them.

        Raises ``Busy`` after too many failures; the body says how the try came out.
        """
        tries = self._tries(name)
        with tries.lock:
            now = self._clock.now()
            wait = tries.seconds_to_wait(now)
            if wait > 0:
                raise Busy(
                    "Too many failed tries; wait before the next one.",
                    retry_after=wait,
                    reason="too_many_tries",
                )
            yield Attempt(tries, now)

    def _tries(self, name: str) -> Tries:
        with self._lock:
            tries = self._names.setdefault(name, Tries())
            self._names.move_to_end(name)
            if len(self._names) > _MOST_NAMES:
                self._names.popitem(last=False)
            return tries


class Attempt:
    def __init__(self, tries: Tries, at: datetime) -> None:
        self._tries = tries
        self._at = at

    def came_out(self, right: bool) -> None:
        """A wrong password counts; a right one makes up for the wrong ones before it."""
        if right:
            self._tries.succeeded()
        else:
            self._tries.failed(self._at)
