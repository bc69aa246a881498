"""Looking through a service's log for some events: the database looks at much, and tells little."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from shared.audit.chain import names
from shared.audit.gathering import SKEW
from shared.eventlog.executor import EventLog
from shared.eventlog.looking import Held, Sought
from shared.eventlog.store import Stored
from shared.messaging.envelope import Fact

PAGE = 500
# one search looks no further than this, so that it neither takes long nor holds others up
MOST_LOOKED_AT = 20_000
SECONDS = 0.5
# as far as one question to the database looks; in one process with SQLite, all else waits for it
_STEPS = {"sqlite": 1_000, "postgres": 5_000}
# so many places of a log are looked at in one question
_PARTS = 64
# the first and the last moment there are
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


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

    def sought(self) -> Sought:
        """What every event that fits has in its bytes: an id is stored as it is, whatever version
        of an event holds it.
        """
        held = [[Held(_texts(self.actors), "actor")]] if self.actors else []
        links = [
            Held(_texts(self.correlations), "correlation_id"),
            Held(_texts(self.causes), "causation_id"),
            Held(_texts(self.named)),
        ]
        linked = [one for one in links if one.texts]
        return Sought(sorted(self.types), [*held, linked] if linked else held)

    def fits(self, fact: Fact) -> bool:
        return (
            (self.communities is None or fact.community in self.communities)
            and (not self.types or fact.type in self.types)
            and (not self.actors or fact.actor in self.actors)
            and (self.since is None or self.since <= fact.time)
            and (self.until is None or fact.time < self.until)
            and self._linked(fact)
        )

    def _linked(self, fact: Fact) -> bool:
        if not self.correlations and not self.causes and not self.named:
            return True
        return (
            fact.correlation_id in self.correlations
            or fact.causation_id in self.causes
            or (bool(self.named) and names(fact.data, self.named))
        )


def _texts(given: frozenset[str]) -> list[bytes]:
    return [msgspec.json.encode(one) for one in sorted(given)]


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
    # a page before began there
    if wanted.since is not None and after == 0:
        after = position_before(log, wanted.since, head)
    end = head if wanted.until is None else _end(log, wanted.until, head)
    until, first = monotonic() + SECONDS, after
    sought = wanted.sought()
    events: list[Fact] = []
    while after < end:
        upto = min(after + _STEPS[log.store.dialect], end)
        part = log.store.read_log_part(after, upto, PAGE, sought)
        for fact in _fitting(log, part, wanted):
            events.append(fact)
            if len(events) == limit:
                return Found(events, fact.position, head, done=False)
        after = part[-1].id if len(part) == PAGE else upto
        if after < end and (after - first >= MOST_LOOKED_AT or monotonic() > until):
            return Found(events, after, head, done=False)
        # whoever shares this thread has a turn
        time.sleep(0)
    return Found(events, after, head, done=True)


def _fitting(log: EventLog, events: Sequence[Stored], wanted: Wanted) -> Iterator[Fact]:
    """Those that fit, with personal text."""
    for one in events:
        decoded = log.mapper.decoded(one)
        if wanted.fits(decoded.fact):
            yield log.mapper.opened(decoded)


def streams(log: EventLog, subjects: list[str], wanted: Wanted) -> Found:
    """All events of these streams that fit, by the index of streams alone."""
    events = list(_fitting(log, log.store.read_streams_log(subjects), wanted))
    head = log.head()
    return Found(events, head, head, done=True)


def begun(log: EventLog, found: Found, wanted: Wanted, most: int) -> tuple[list[str], list[Fact]]:
    """The streams that what was found began, and what else they hold, of these communities; none
    where that makes more than ``most`` events. Who names a stream has it already.
    """
    subjects = {fact.subject for fact in found.events if fact.version == 1} - wanted.named
    if not subjects or len(found.events) >= most:
        return [], []
    known = {fact.position for fact in found.events if fact.subject in subjects}
    room = most - len(found.events) + len(known)
    whole = log.store.read_streams_log(sorted(subjects), room + 1)
    if len(whole) > room:
        return [], []
    rest = [one for one in whole if one.id not in known]
    return sorted(subjects), list(_fitting(log, rest, Wanted(communities=wanted.communities)))


def position_before(log: EventLog, moment: datetime, end: int) -> int:
    """A position that everything recorded at ``moment`` or later lies behind, less than a page
    before the last such: two questions to a log of a million.
    """
    before = max(moment, _FIRST + SKEW) - SKEW
    low, high = 0, end
    while high - low > PAGE:
        asked = [low + (high - low) * part // _PARTS for part in range(_PARTS)]
        for position, found in zip(asked, log.store.read_behind(asked), strict=True):
            if found is None or log.mapper.time_of(found) >= before:
                high = position
                break
            low = found.id
    return low


def _end(log: EventLog, until: datetime, head: int) -> int:
    """A position behind which nothing was recorded before ``until``."""
    late = min(until, _LAST - 2 * SKEW) + 2 * SKEW
    return min(head, position_before(log, late, head) + PAGE)


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
