"""Group commit: saves that happen at the same time share one transaction.

One flush runs at a time. While it runs, further saves gather; they go together in the next one.
Where fewer came than the last time, it waits until as many are there, a moment at most; so who
always comes alone does not wait.

Under the log's lock the losers are found by stream version and the rest goes in, so one loser does
not fail the others. After a failure nobody knows whether the transaction took; every caller is told
so and looks for its command in its own stream.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from shared.errors import Busy, Unavailable
from shared.eventlog.store import Append, Store

logger = logging.getLogger(__name__)

MOST_A_FLUSH = 500
# Seconds at most to let as many saves come as came the last time, since the disk, and whoever is
# told of it, takes as long for one as for many.
GATHER_SECONDS = 0.003


class OutcomeUnknown(Exception):
    """The transaction failed in a way that leaves open whether it was committed."""


class _Waiting:
    """One who waits for one answer: a lock is all it takes, a third of what an event costs."""

    __slots__ = ("_held", "answered", "error", "item", "positions")

    def __init__(self, item: Append) -> None:
        self.item = item
        self.positions: list[int] | None = None
        self.error: BaseException | None = None
        self.answered = False
        self._held = threading.Lock()
        self._held.acquire()

    def answer(self) -> None:
        self.answered = True
        self._held.release()

    def wait(self, seconds: float) -> bool:
        return self._held.acquire(timeout=seconds)


class GroupCommit:
    """``queue_limit``: saves that may wait; one more is answered ``Busy``. ``patience``: seconds to
    wait.
    """

    def __init__(
        self,
        store: Store,
        *,
        queue_limit: int = 1024,
        patience: float = 20.0,
        on_flush: Callable[[int, int, float], None] = lambda size, lost, seconds: None,
    ) -> None:
        self._store = store
        self._limit = queue_limit
        self._patience = patience
        self._on_flush = on_flush
        self._queue: deque[_Waiting] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        # how many saves the thread waits for
        self._wanted = 1
        self._last_size = 1

    @property
    def queued(self) -> int:
        return len(self._queue)

    def append(self, item: Append) -> list[int] | None:
        """Positions of the item's events once they are durable; None when another writer was first.

        Raises ``Busy`` (queue full), ``Unavailable`` (shutting down), ``OutcomeUnknown``.
        """
        waiting = _Waiting(item)
        with self._wake:
            if self._closed:
                raise Unavailable(
                    "this process is stopping; send the command again with the same command_id"
                )
            if len(self._queue) >= self._limit:
                raise Busy("too many commands wait to be stored; try again", retry_after=0.5)
            self._queue.append(waiting)
            self._ensure_running()
            if len(self._queue) >= self._wanted:
                self._wake.notify()
        if not waiting.wait(self._patience):
            raise OutcomeUnknown("the store did not answer in time")
        if waiting.error is not None:
            raise OutcomeUnknown(str(waiting.error)) from waiting.error
        return waiting.positions

    def close(self, timeout: float | None = None) -> None:
        """Finish what is queued, then stop; nobody is left waiting.

        Returns after ``timeout`` seconds (by default its patience) in any case.
        """
        with self._wake:
            self._closed = True
            self._wake.notify()
            thread = self._thread
        if thread is not None:
            thread.join(self._patience if timeout is None else timeout)

    def _ensure_running(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._run, name=f"{self._store.name}-group-commit", daemon=True
            )
            self._thread.start()

    def _run(self) -> None:
        batch: list[_Waiting] = []
        try:
            while batch := self._next_batch():
                self._flush(batch)
        finally:
            # Nobody is left to answer unless this thread was killed.
            with self._wake:
                left, self._queue = self._queue, deque()
                self._thread = None
            _answer([*batch, *left], Unavailable("the thread that stores events was stopped"))

    def _next_batch(self) -> list[_Waiting]:
        with self._wake:
            self._wanted = 1
            self._wake.wait_for(self._enough)
            self._wanted = self._last_size
            self._wake.wait_for(self._enough, GATHER_SECONDS)
            self._last_size = min(len(self._queue), MOST_A_FLUSH)
            return [self._queue.popleft() for _ in range(self._last_size)]

    def _enough(self) -> bool:
        return self._closed or len(self._queue) >= self._wanted

    def _flush(self, batch: list[_Waiting]) -> None:
        started = time.perf_counter()
        try:
            outcome = self._store.append([waiting.item for waiting in batch])
        except BaseException as error:
            # Killed in mid-flush: everybody still gets an answer, then the thread dies as told.
            _answer(batch, error)
            if not isinstance(error, Exception):
                raise
            logger.warning("storing %d commands failed: %s", len(batch), error)
            return
        for waiting, positions in zip(batch, outcome, strict=True):
            waiting.positions = positions
        _answer(batch)
        lost = sum(found is None for found in outcome)
        self._on_flush(len(batch), lost, time.perf_counter() - started)


def _answer(batch: Iterable[_Waiting], error: BaseException | None = None) -> None:
    """Answer those who have no answer yet."""
    for waiting in batch:
        if not waiting.answered:
            waiting.error = error
            waiting.answer()
