"""States of streams as of now: from the cache, a snapshot, and the events after it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from eventsourcing.persistence import StoredEvent

from shared.eventlog.cache import NEVER, Entry, StateCache
from shared.eventlog.decider import Decider
from shared.eventlog.mapper import Mapper
from shared.eventlog.snapshots import EVERY, Snapshot, Snapshots, fingerprint
from shared.eventlog.store import Store
from shared.privacy.personal import personal_fields
from shared.renewals import Renewals

logger = logging.getLogger(__name__)

PAGE = 1000
RECENT_SECONDS = 1.0
MOST_RECENT = 20_000


class States:
    def __init__(
        self, store: Store, mapper: Mapper, snapshots: Snapshots, cache: StateCache
    ) -> None:
        self._store = store
        self._mapper = mapper
        self._snapshots = snapshots
        self._cache = cache
        self._recent: dict[tuple[str, str], tuple[float, Any]] = {}
        self._turns: dict[tuple[str, str], threading.Lock] = {}
        self._renewals = Renewals(RECENT_SECONDS)

    def cached(self, decider: Decider, stream: str) -> Entry | None:
        """What this process knew last; other replicas may have written since."""
        return self._cache.get(decider.name, stream)

    def recent(self, decider: Decider, stream: str) -> Any:
        """The state as it was up to a second ago; what this process writes counts at once.

        Where it is too old, one reads it anew, and those who ask meanwhile wait for that.
        """
        if personal_fields(decider.state_type):
            return self.current(decider, stream).state
        key = (decider.name, stream)
        age, state = self._remembered(key)
        if state is not None:
            return self._renewals.renewed(key, age, state, lambda: self._read(decider, stream))
        with self._turns.setdefault(key, threading.Lock()):
            _, state = self._remembered(key)
            return self._read(decider, stream) if state is None else state

    def _read(self, decider: Decider, stream: str) -> Any:
        now = time.monotonic()
        entry = self.current(decider, stream)
        state = entry.state
        newest = self._cache.get(decider.name, stream)
        if newest is not None and newest.version > entry.version:
            return state  # written here meanwhile, and that counts at once
        if len(self._recent) >= MOST_RECENT:
            self._recent.clear()
            self._turns.clear()
        self._recent[decider.name, stream] = (now, state)
        return state

    def _remembered(self, key: tuple[str, str]) -> tuple[float, Any]:
        """How old it is, and None where it is too old."""
        read_at, state = self._recent.get(key, (0.0, None))
        age = time.monotonic() - read_at
        return age, state if age < RECENT_SECONDS else None

    def current(self, decider: Decider, stream: str) -> Entry:
        """The cached state brought up to date by version, or loaded from snapshot and tail."""
        entry = self._cache.get(decider.name, stream)
        if entry is not None:
            page = self._store.read_stream(stream, after=entry.version, limit=PAGE)
        else:
            entry = Entry(decider.initial(), 0, NEVER, set())
            page = self._store.read_stream(stream, limit=EVERY)
            if len(page) == EVERY:
                entry = self._from_snapshot(decider, stream) or entry
                page = self._store.read_stream(stream, after=entry.version, limit=PAGE)
        while page:
            entry = self._folded(decider, entry, page)
            page = (
                self._store.read_stream(stream, after=entry.version, limit=PAGE)
                if len(page) == PAGE
                else ()
            )
        return self.keep(decider, stream, entry)

    def current_of(self, wanted: Iterable[tuple[Decider, str]]) -> dict[tuple[str, str], Entry]:
        """As ``current`` for many at once, by decider's name and stream: one look at the store for
        all that are short enough.
        """
        deciders = {(decider.name, stream): decider for decider, stream in wanted}
        entries = {
            key: self._cache.get(*key) or Entry(decider.initial(), 0, NEVER, set())
            for key, decider in deciders.items()
        }
        behind: dict[str, int] = {}
        for (_, stream), entry in entries.items():
            behind[stream] = min(entry.version, behind.get(stream, entry.version))
        found = self._store.read_streams(behind, limit=EVERY)
        for (name, stream), decider in deciders.items():
            page = found.get(stream, ())
            entry = entries[name, stream]
            if len(page) == EVERY:
                entries[name, stream] = self.current(decider, stream)
            elif page:
                news = [one for one in page if one.originator_version > entry.version]
                if news:
                    entry = self._folded(decider, entry, news)
                entries[name, stream] = self.keep(decider, stream, entry)
        return entries

    def keep(self, decider: Decider, stream: str, entry: Entry) -> Entry:
        """Remember a state that is in the store, with a snapshot where one is due. Never fails."""
        self._recent.pop((decider.name, stream), None)
        if entry.version - entry.snapshot_at >= EVERY:
            entry = self._with_snapshot(decider, stream, entry)
        # Personal text would outlive its key here; a stream nobody wrote to has no state to keep.
        if entry.version and not personal_fields(decider.state_type):
            self._cache.put(decider.name, stream, entry)
        return entry

    def _folded(self, decider: Decider, entry: Entry, page: Sequence[StoredEvent]) -> Entry:
        events = [self._mapper.decode(stored) for stored in page]
        entry.commands.update(fingerprint(event.meta.command_id) for event in events)
        return Entry(
            decider.fold(entry.state, events),
            events[-1].version,
            events[-1].meta.time,
            entry.commands,
            entry.snapshot_at,
        )

    def _from_snapshot(self, decider: Decider, stream: str) -> Entry | None:
        found = self._snapshots.load(
            stream, decider.name, decider.state_version, decider.state_type
        )
        last = self._store.last_of(stream)
        if found is None or last is None or found.version > last.originator_version:
            return None
        time = self._mapper.meta(last).time
        return Entry(found.state, found.version, time, found.commands, found.version)

    def _with_snapshot(self, decider: Decider, stream: str, entry: Entry) -> Entry:
        try:
            self._snapshots.save(
                stream,
                decider.name,
                decider.state_version,
                Snapshot(entry.version, entry.state, entry.commands),
            )
        except Exception:
            # Derived and deletable: what was asked for is done all the same.
            logger.warning("no snapshot of %s at %d", stream, entry.version, exc_info=True)
        return msgspec.structs.replace(entry, snapshot_at=entry.version)
