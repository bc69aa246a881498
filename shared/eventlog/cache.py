"""States of streams kept in memory. A cached state may only lead to an append, which the version
guards.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

import msgspec

NEVER = datetime.min.replace(tzinfo=UTC)


class Entry(msgspec.Struct, frozen=True):
    """A stream as far as this process has read it. ``commands`` holds fingerprints and only ever
    grows.
    """

    state: Any
    version: int
    last_time: datetime
    commands: set[int]
    snapshot_at: int = 0


class StateCache:
    """Least recently used out first; ``size`` streams."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._entries: OrderedDict[tuple[str, str], Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, decider: str, stream: str) -> Entry | None:
        with self._lock:
            entry = self._entries.get((decider, stream))
            if entry is not None:
                self._entries.move_to_end((decider, stream))
            return entry

    def put(self, decider: str, stream: str, entry: Entry) -> None:
        with self._lock:
            held = self._entries.get((decider, stream))
            if held is None or held.version <= entry.version:
                self._entries[decider, stream] = entry
                self._entries.move_to_end((decider, stream))
                if len(self._entries) > self._size:
                    self._entries.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
