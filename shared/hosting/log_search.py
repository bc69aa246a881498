"""Looking through a service's log for some events: much is looked at, only what fits is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from shared.audit.chain import names
from shared.audit.gathering import SKEW
from shared.eventlog.executor import EventLog
from shared.eventlog.store import Stored
from shared.messaging.envelope import Fact

PAGE = 500
# one search looks no further than this, so that it neither takes long nor holds others up
MOST_LOOKED_AT = 20_000
SECONDS = 0.5
# more than these are looked for in an event's bytes no sooner than it is decoded
_MOST_NEEDLES = 20
# so many places of a log are looked at in one question
_PARTS = 64


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

    def needles(self) -> list[list[bytes]]:
        """What stands in the bytes of every event that fits: one of each of these lists, which are
        left out where they would be long.

        An id is stored as it is, whatever version of an event holds it.
        """
        links = self.correlations | self.causes | self.named
        return [
            [msgspec.json.encode(one) for one in group]
            for group in (self.actors, links)
            if 0 < len(group) <= _MOST_NEEDLES
        ]

    def fits(self, fact: Fact) -> bool:
        return (
            (self.communities is None or fact.community in self.communities)
            and (not self.types or fact.type in self.types)
            and (not self.actors or fact.actor in self.actors)
            and (self.since is None or self.since <= fact.time)
            and (self.until is None or fact.time < self.until)
            and self._linked(fact)
        )

    def ends_before(self, time: datetime) -> bool:
        """Whether nothing behind an event of this time can fit any more."""
        return self.until is not None and time >= self.until + SKEW

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
    needles = wanted.needles()
    events: list[Fact] = []
    while page := log.store.read_log(after, PAGE):
        for fact in _fitting(log, page, wanted, needles):
            events.append(fact)
            if len(events) == limit:
                return Found(events, fact.position, head, done=False)
        after = page[-1].id
        if wanted.ends_before(log.mapper.time_of(page[-1])):
            return Found(events, after, head, done=True)
        looked += len(page)
        if looked >= MOST_LOOKED_AT or monotonic() > until:
            return Found(events, after, head, done=False)
        # whoever shares this thread has a turn
        time.sleep(0)
    return Found(events, after, head, done=True)


def _fitting(
    log: EventLog, page: Sequence[Stored], wanted: Wanted, needles: Sequence[list[bytes]]
) -> Iterator[Fact]:
    """Those that fit, with personal text. Most are seen not to fit before they are decoded."""
    for one in page:
        if wanted.types and one.topic not in wanted.types:
            continue
        if not all(any(needle in one.state for needle in group) for group in needles):
            continue
        decoded = log.mapper.decoded(one)
        if wanted.fits(decoded.fact):
            yield log.mapper.opened(decoded)


def streams(log: EventLog, subjects: list[str], wanted: Wanted) -> Found:
    """All events of these streams that fit, by the index of streams alone."""
    events = list(_fitting(log, log.store.read_streams_log(subjects), wanted, wanted.needles()))
    head = log.head()
    return Found(events, head, head, done=True)


def position_before(log: EventLog, moment: datetime, end: int) -> int:
    """A position that everything recorded at ``moment`` or later lies behind, less than a page
    before the last such: two questions to a log of a million.
    """
    before = moment - SKEW
    low, high = 0, end
    while high - low > PAGE:
        asked = [low + (high - low) * part // _PARTS for part in range(_PARTS)]
        for position, found in zip(asked, log.store.read_behind(asked), strict=True):
            if found is None or log.mapper.time_of(found) >= before:
                high = position
                break
            low = found.id
    return low


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
