"""Counters for the numbers people use. Gaps are allowed, repeats are not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Unavailable
from shared.eventlog.store import Store

MOST_A_BLOCK = 32
BUSY_SECONDS = 1.0


class _Block:
    def __init__(self) -> None:
        self.next = 1
        self.last = 0
        self.size = 1
        self.taken_at = 0.0


class Counters:
    """Takes numbers in blocks: one at a time when calm, up to 32 at once while demand is high.

    What is left of a block when the process ends is a gap. ``patience``: seconds to wait for those
    who asked before.
    """

    def __init__(self, store: Store, *, patience: float = 20.0) -> None:
        self._store = store
        self._patience = patience
        self._blocks: dict[str, _Block] = {}
        self._lock = threading.Lock()

    def next(self, name: str) -> int:
        """A number nobody else has had from this counter, from 1.

        Raises ``Unavailable`` where somebody else has been asking for some in vain.
        """
        with self._turn():
            block = self._blocks.setdefault(name, _Block())
            if block.next > block.last:
                self._refill(name, block)
            number = block.next
            block.next += 1
            return number

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=self._patience):
            raise Unavailable("the database gave no number in time; send the command again")
        try:
            yield
        finally:
            self._lock.release()

    def _refill(self, name: str, block: _Block) -> None:
        now = time.monotonic()
        busy = now - block.taken_at < BUSY_SECONDS
        block.size = min(block.size * 2, MOST_A_BLOCK) if busy else 1
        block.taken_at = now
        with self._store.transaction() as tx:
            # An order that is stored brings its number along; without a standby, orders wait to be
            # stored where waiting is bounded and counted, and not here.
            tx.without_waiting()
            rows = tx.query(
                "INSERT INTO counters (name, value) VALUES (:name, :size) "
                "ON CONFLICT (name) DO UPDATE SET value = counters.value + :size RETURNING value",
                {"name": name, "size": block.size},
            )
        # Only now: numbers of a transaction that failed may be given to somebody else.
        block.last = rows[0]["value"]
        block.next = block.last - block.size + 1
