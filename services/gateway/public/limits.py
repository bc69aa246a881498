"""How often one address may do something in a while. Each process of the edge counts for itself."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable

from shared.errors import Busy

_MOST_ADDRESSES = 10_000


class Limit:
    """At most ``most`` in ``seconds`` by the clock ``now``. Safe between threads."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, address: str) -> None:
        """Raises ``Busy`` with the seconds to wait where it was too often."""
        with self._lock:
            times = self._times.get(address, deque())
            now = self._now()
            while times and times[0] <= now - self._seconds:
                times.popleft()
            if len(times) >= self._most:
                raise Busy(
                    "Too many from this address; try again later.",
                    reason="too_many_from_here",
                    retry_after=times[0] + self._seconds - now,
                )

    def count(self, address: str) -> None:
        with self._lock:
            self._times.setdefault(address, deque()).append(self._now())
            self._times.move_to_end(address)
            while len(self._times) > _MOST_ADDRESSES:
                self._times.popitem(last=False)
