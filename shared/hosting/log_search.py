"""Looking through a service's log for some events: much is looked at, only what fits is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from shared.audit.chain import names
from shared.audit.gathering import SKEW
from shared.eventlog.executor import EventLog
from shared.messaging.envelope import Fact

PAGE = 500
# one search looks no further than this, so that it neither takes long nor holds others up
MOST_LOOKED_AT = 20_000
SECONDS = 0.5
# so many are opened one by one, more with the page around them
_FEW = 10


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Empty: any. ``since`` is inside, ``until`` is not. ``communities`` None: every one.

    ``correlations``, ``causes`` and ``named`` widen each other: one that fits is enough.
    """

    types: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    correlations: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    communities: frozenset[str] | None = None

    def fits(self, fact: Fact) -> bool:
        return (
            (self.communities is None or fact.community in self.communities)
            and (not self.types or fact.type in self.types)
            and (not self.actors or fact.actor in self.actors)
            and (self.since is None or self.since <= fact.time)
            and (self.until is None or fact.time < self.until)
            and self._linked(fact)
        )

    def ends_before(self, fact: Fact) -> bool:
        """Whether nothing behind this event can fit any more."""
        return self.until is not None and fact.time >= self.until + SKEW

    def _linked(self, fact: Fact) -> bool:
        if not self.correlations and not self.causes and not self.named:
            return True
        return (
            fact.correlation_id in self.correlations
            or fact.causation_id in self.causes
            or (bool(self.named) and names(fact.data, self.named))
        )


class Found(msgspec.Struct, frozen=True):
    """``next``: where to go on; ``done``: there is nothing to go on for."""

    events: list[Fact]
    next: int
    head: int
    done: bool


def search(
    log: EventLog,
    wanted: Wanted,
    after: int,
    limit: int,
    monotonic: Callable[[], float] = time.monotonic,
) -> Found:
    """At most ``limit`` events that fit, behind ``after``, with personal text."""
    head = log.head()
    if wanted.since is not None:
        after = max(after, position_before(log, wanted.since, head))
    until, looked = monotonic() + SECONDS, 0
    events: list[Fact] = []
    while page := log.read(after, PAGE):
        fitting = [fact.position for fact in page if wanted.fits(fact)][: limit - len(events)]
        events += _opened(log, after, fitting)
        if len(events) == limit:
            return Found(events, events[-1].position, head, done=False)
        after = page[-1].position
        if wanted.ends_before(page[-1]):
            return Found(events, after, head, done=True)
        looked += len(page)
        if looked >= MOST_LOOKED_AT or monotonic() > until:
            return Found(events, after, head, done=False)
        # whoever shares this thread has a turn
        time.sleep(0)
    return Found(events, after, head, done=True)


def streams(log: EventLog, subjects: list[str], wanted: Wanted) -> Found:
    """All events of these streams that fit, by the index of streams alone."""
    events = []
    for subject in subjects:
        for stored in log.store.read_stream(subject):
            position = log.store.position_of(subject, stored.originator_version)
            events += log.read(position - 1, 1, opened=True)
    head = log.head()
    return Found([one for one in events if wanted.fits(one)], head, head, done=True)


def position_before(log: EventLog, moment: datetime, end: int) -> int:
    """A position that everything recorded at ``moment`` or later lies behind, near the last such.

    Found by halves: about 20 reads of one event in a log of a million.
    """
    before = moment - SKEW
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        found = log.read(middle, 1)
        if found and found[0].time < before:
            low = found[0].position
        else:
            high = middle
    return low


def _opened(log: EventLog, after: int, positions: list[int]) -> list[Fact]:
    """The events of a page at these positions, with personal text."""
    if len(positions) <= _FEW:
        return [fact for position in positions for fact in log.read(position - 1, 1, opened=True)]
    wanted = set(positions)
    return [fact for fact in log.read(after, PAGE, opened=True) if fact.position in wanted]


def of(data: dict[str, Any], communities: frozenset[str] | None) -> Wanted:
    return Wanted(
        types=frozenset(data["types"]),
        actors=frozenset(data["actors"]),
        correlations=frozenset(data["correlations"]),
        causes=frozenset(data["causes"]),
        named=frozenset(data["named"]),
        since=data["since"],
        until=data["until"],
        communities=communities,
    )
