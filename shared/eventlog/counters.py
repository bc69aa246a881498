"""Counters for the numbers people use. Gaps are allowed, repeats are not."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Unavailable
from shared.eventlog.store import Store

logger = logging.getLogger(__name__)

MOST_A_BLOCK = 32
BUSY_SECONDS = 1.0


class _Block:
    """Numbers of one counter: ``numbers`` first, then ``spare``. ``size``: as drawn last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.numbers = range(0)
        self.spare = range(0)
        self.drawing_ahead = False
        self.size = 1
        self.drawn_at = 0.0

    def next_size(self) -> int:
        now = time.monotonic()
        busy = now - self.drawn_at < BUSY_SECONDS
        self.size = min(self.size * 2, MOST_A_BLOCK) if busy else 1
        self.drawn_at = now
        return self.size


class Counters:
    """Takes numbers in blocks: one at a time when calm, up to 32 at once while demand is high.
    Of a block that is half used up one caller, with a number of their own, draws the next; the
    others go on.

    What is left of blocks when the process ends is a gap, and numbers may come in another order
    than their orders. ``patience``: seconds to wait for those who asked before.
    """

    def __init__(self, store: Store, *, patience: float = 20.0) -> None:
        self._store = store
        self._patience = patience
        self._blocks: dict[str, _Block] = {}

    def next(self, name: str) -> int:
        """A number nobody else has had from this counter, from 1.

        Raises ``Unavailable`` where somebody else has been asking for some in vain.
        """
        block = self._blocks.setdefault(name, _Block())
        size = 0
        with self._turn(block):
            if not block.numbers:
                block.numbers, block.spare = block.spare, range(0)
            if not block.numbers:
                block.numbers = self._drawn(name, block.next_size())
            number, block.numbers = block.numbers[0], block.numbers[1:]
            runs_out = len(block.numbers) < block.size // 2 and not block.spare
            if runs_out and not block.drawing_ahead:
                block.drawing_ahead, size = True, block.next_size()
        if size:
            self._draw_ahead(name, block, size)
        return number

    @contextmanager
    def _turn(self, block: _Block) -> Iterator[None]:
        if not block.lock.acquire(timeout=self._patience):
            raise Unavailable("the database gave no number in time; send the command again")
        try:
            yield
        finally:
            block.lock.release()

    def _draw_ahead(self, name: str, block: _Block, size: int) -> None:
        """Never fails: who does it has a number, and whoever finds none left asks for some."""
        spare = range(0)
        try:
            spare = self._drawn(name, size)
        except Exception as error:
            logger.info("no numbers of %s ahead: %s", name, error)
        finally:
            # behind whoever waits for the database under the lock nobody is to wait
            block.spare = spare
            block.drawing_ahead = False

    def _drawn(self, name: str, size: int) -> range:
        with self._store.transaction() as tx:
            # An order that is stored brings its number along; without a standby, orders wait to be
            # stored where waiting is bounded and counted, and not here.
            tx.without_waiting()
            rows = tx.query(
                "INSERT INTO counters (name, value) VALUES (:name, :size) "
                "ON CONFLICT (name) DO UPDATE SET value = counters.value + :size RETURNING value",
                {"name": name, "size": size},
            )
        # Only now: numbers of a transaction that failed may be given to somebody else.
        last = rows[0]["value"]
        return range(last - size + 1, last + 1)
