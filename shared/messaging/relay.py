"""Tells the world what the log holds: reads past its position, publishes, advances to what was
confirmed.

One relay leads a log, held by a lease; should two run, compare-and-set on the position stops one of
them. What was published and not confirmed is published again: at least once, in the log's order,
never a gap.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from shared.clock import Clock
from shared.errors import Unavailable
from shared.messaging.connections import pauses
from shared.messaging.envelope import Fact
from shared.messaging.publisher import EventPublisher
from shared.observability import tracing

PAGE = 500
NAME = "relay"

# seconds to wait for news before looking at the log again
_WAIT = 1.0
# After less than a few events: seconds to let more come, since a page costs as much as an event.
_FEW, _GATHER = 100, 0.015
# seconds to pause after the first failure, and at most
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0

_log = logging.getLogger(__name__)


class LostLead(Exception):
    """Another relay moved the position: this one must end, its process with it."""


class Log(Protocol):
    def read_some(self, after: int, limit: int) -> Sequence[Fact]:
        """Facts behind position ``after``, in order, personal fields withheld: at most ``limit``,
        and none only where there is none.
        """
        ...

    def wait(self, after: int, timeout: float) -> bool:
        """True when there may be more behind ``after``; False after ``timeout`` seconds."""
        ...

    def head(self) -> int:
        """The highest position in the log; 0 where it is empty."""
        ...


class Positions(Protocol):
    def get(self, name: str) -> int: ...

    def advance(self, name: str, from_: int, to: int) -> bool:
        """Compare-and-set; False when the position is not at ``from_`` any more."""
        ...


class Relay:
    """For metrics: ``position``, and since the start ``published`` events and ``failures``."""

    def __init__(
        self, log: Log, positions: Positions, publisher: EventPublisher, clock: Clock
    ) -> None:
        self.position = 0
        self.published = 0
        self.failures = 0
        self._log = log
        self._positions = positions
        self._publisher = publisher
        self._clock = clock
        self._under_way: Fact | None = None
        self._sure = False
        # where the stored position may be while we are not sure; None: anywhere
        self._possible: set[int] | None = None

    def run(self, stop: threading.Event) -> None:
        """Until ``stop`` is set: then it ends after the page under way. Raises `LostLead`."""
        pause = pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
        while not stop.is_set():
            try:
                if told := self.step():
                    pause = pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
                    if told < _FEW:
                        stop.wait(_GATHER)
                else:
                    self._log.wait(self.position, _WAIT)
            except LostLead:
                raise
            except Exception as error:  # the broker or the database is away: wait, never skip
                self.failures += 1
                _log.warning("relay holds at %d: %s", self.position, error)
                stop.wait(next(pause))

    def step(self) -> int:
        """Publish one page; how many events were told. Raises where some were not confirmed."""
        self._find_position()
        page = self._log.read_some(self.position, PAGE)
        self._under_way = page[0] if page else None
        if not page:
            return 0
        spans = tracing.telling(page)
        confirmed = self._publisher.publish(page)
        for span in spans:
            span.end()
        if confirmed:
            self._advance(page[confirmed - 1].position)
            self.published += confirmed
        if confirmed < len(page):
            self._under_way = page[confirmed]
            raise Unavailable(f"the broker confirmed {confirmed} of {len(page)} events")
        self._under_way = None
        return confirmed

    def lag(self) -> int:
        """How many positions are left: where ids have holes, more than events."""
        return max(0, self._log.head() - self.position)

    def oldest_unpublished_seconds(self) -> float:
        """The age of the oldest event read and not yet told; 0 where there is none."""
        fact = self._under_way
        if fact is None:
            return 0.0
        return max(0.0, (self._clock.now() - fact.time).total_seconds())

    def _find_position(self) -> None:
        if self._sure:
            return
        found = self._positions.get(NAME)
        if self._possible is not None and found not in self._possible:
            raise LostLead(f"the relay's position went to {found} under another leader")
        self.position, self._sure = found, True

    def _advance(self, to: int) -> None:
        start = self.position
        # should it fail, it is unknown whether it was done
        self._sure, self._possible = False, {start, to}
        if not self._positions.advance(NAME, start, to):
            raise LostLead(f"the relay's position is not at {start} any more")
        self.position, self._sure = to, True
