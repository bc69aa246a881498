"""The newest events of a log, kept in memory decoded: relay, followers and pages for others read
the same ones a moment apart.

The store stays the truth. What is kept is a stretch it gave in order, so without a gap; whoever
stands at its end asks the store, by the last event kept: where that is another one, or not there
any more, the log has another history and all is let go.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from shared.eventlog.catalogue import NewerEvent
from shared.eventlog.mapper import Decoded, Mapper
from shared.eventlog.store import Store

MOST = 1024
# Seconds to wait for another reader's answer; a database that is away keeps nobody in a queue.
PATIENCE = 1.0


class Stretch(msgspec.Struct, frozen=True):
    """``anchor``: the id of the event at the position asked behind; None where there is none.

    ``head``: the log's end, None where it was not seen; ``from_memory``: as it was a moment ago.
    """

    anchor: str | None
    events: Sequence[Decoded]
    head: int | None
    from_memory: bool = False


class Tail:
    def __init__(self, store: Store, mapper: Mapper) -> None:
        self._store = store
        self._mapper = mapper
        self._lock = threading.Lock()
        # One reader at the end asks the store; those who come meanwhile find what it brought.
        self._turn = threading.Lock()
        self._kept: list[Decoded] = []
        # The position of each, and before them where the stretch begins.
        self._positions: list[int] = [0]
        self._before: str | None = None

    def read(self, after: int, limit: int) -> Stretch:
        """Some events behind ``after``, at most ``limit``: none only where the store has none.

        Raises as ``from_store``.
        """
        found = self._from_memory(after, limit)
        if found is not None:
            return found
        if after != self._positions[-1]:
            return self.from_store(after, limit)
        mine = self._turn.acquire(timeout=PATIENCE)
        try:
            return self._from_memory(after, limit) or self.from_store(after, limit)
        finally:
            if mine:
                self._turn.release()

    def from_store(self, after: int, limit: int) -> Stretch:
        """At most ``limit`` events behind ``after``, up to the first one of a newer release.

        Raises ``NewerEvent`` when that is the very first.
        """
        found = self._store.read_log_from(after, limit + 1) if after else ()
        anchor = None
        if found and found[0].id == after:
            anchor, found = self._mapper.id_of(found[0]), found[1:]
        found = found[:limit] if after else self._store.read_log(0, limit)
        events: list[Decoded] = []
        for one in found:
            try:
                events.append(self._mapper.decoded(one))
            except NewerEvent:
                if not events:
                    raise
                break
        self._keep(after, anchor, events)
        ended = len(events) == len(found) < limit and (anchor is not None or not after)
        last = events[-1].fact.position if events else after
        return Stretch(anchor, events, last if ended else None)

    def _from_memory(self, after: int, limit: int) -> Stretch | None:
        with self._lock:
            place = bisect_left(self._positions, after)
            if place >= len(self._kept) or self._positions[place] != after:
                return None
            events = self._kept[place : place + limit]
            return Stretch(self._id_at(place), events, self._positions[-1], from_memory=True)

    def _keep(self, after: int, anchor: str | None, events: Sequence[Decoded]) -> None:
        with self._lock:
            end = self._positions[-1]
            if after < end:
                return
            if after > end or anchor != self._id_at(len(self._kept)):
                self._kept, self._positions, self._before = [], [after], anchor
                if anchor is None:
                    self._positions = [0]
                    if after:
                        return
            self._kept.extend(events)
            self._positions.extend(one.fact.position for one in events)
            spare = len(self._kept) - MOST
            if spare > MOST:
                self._before = self._kept[spare - 1].fact.id
                del self._kept[:spare], self._positions[:spare]

    def _id_at(self, place: int) -> str | None:
        return self._kept[place - 1].fact.id if place else self._before
