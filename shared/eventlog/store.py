"""What a store offers, apart from which database keeps it.

A store is one service's database: its log of events, and beside it the rows that are written in the
same transactions (positions, view rows, timers). SQL is written once with ``:name`` parameters.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import msgspec
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    PersistenceError,
    StoredEvent,
)

from shared.eventlog.looking import Sought

Params = Mapping[str, Any]

Stored = Notification
"""An event as it is stored, with its position in the log as ``id``."""

StoreError = PersistenceError
"""The database failed; whether the last write happened is unknown."""

AWAY = (InterfaceError, OperationalError)
"""The ``StoreError``s of a database that cannot be asked just now: whatever is asked, it fails."""

UNSTORABLE = (DataError, IntegrityError)
"""The ``StoreError``s that are the data's fault: the same data fails again, other data does not."""


class Append(msgspec.Struct, frozen=True):
    """The events of one command: they stand or fall together. ``expected`` is the version before
    them.
    """

    stream: str
    expected: int
    events: tuple[StoredEvent, ...]


class LostRace(Exception):
    """Somebody else appended to one of the streams first; nothing was written."""


class NestedTransaction(Exception):
    """A writing transaction was begun inside another transaction: a fault of the program."""


class SchemaMismatch(Exception):
    """The database is older than this release (migrate it) or newer (upgrade this process)."""


class SchemaTooNew(SchemaMismatch):
    """The database is newer than this release: waiting does not help."""


class Tx(Protocol):
    """One open transaction."""

    dialect: str

    def execute(self, sql: str, params: Params | None = None) -> int:
        """Run a statement; the number of rows it touched."""
        ...

    def many(self, sql: str, rows: Iterable[Params]) -> None: ...

    def query(self, sql: str, params: Params | None = None) -> list[dict[str, Any]]: ...

    def without_waiting(self) -> None:
        """Commit before disk and standby have it. Only for what later commits alone rely on: they
        bring it along, since they come behind it.
        """
        ...

    def lock_log(self) -> None:
        """Wait for the turn to append; held until the end of the transaction. Taken last, before
        inserting.
        """
        ...

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        """Append each item whose stream still has its ``expected`` version; positions, or None for
        a loser.
        """
        ...


class Store(Protocol):
    """One service's database."""

    name: str
    dialect: str

    @property
    def log_id(self) -> str:
        """Made with the store; another one means another history."""
        ...

    @property
    def signal(self) -> Signal: ...

    def transaction(self) -> AbstractContextManager[Tx]:
        """A writing transaction: commits at the end, rolls back on any exception.

        Never inside another one of the same thread (``NestedTransaction``): it would block itself.
        """
        ...

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        """As ``Tx.append``, in a transaction of its own that is over when this returns."""
        ...

    def reading(self) -> AbstractContextManager[Tx]:
        """A transaction that only reads; inside another one of the same thread, that one."""
        ...

    def read_stream(
        self, stream: str, *, after: int = 0, upto: int | None = None, limit: int | None = None
    ) -> Sequence[StoredEvent]: ...

    def read_streams(
        self, after: Mapping[str, int], *, limit: int
    ) -> Mapping[str, Sequence[StoredEvent]]:
        """Of each stream what comes behind a version, at most ``limit`` events a stream."""
        ...

    def last_of(self, stream: str) -> StoredEvent | None: ...

    def position_of(self, stream: str, version: int) -> int: ...

    def read_streams_log(
        self, streams: Sequence[str], limit: int | None = None
    ) -> Sequence[Notification]:
        """The events of these streams, one stream after the other, with their positions."""
        ...

    def read_behind(self, positions: Sequence[int]) -> Sequence[Notification | None]:
        """Of each of these positions the first event behind it; None at the log's end."""
        ...

    def read_log_part(
        self, after: int, upto: int, limit: int, sought: Sought
    ) -> Sequence[Notification]:
        """Behind ``after`` and not behind ``upto``, the first ``limit`` with what is sought."""
        ...

    def read_log(self, after: int, limit: int) -> Sequence[Notification]:
        """At most ``limit`` events behind position ``after``, in order, never with a gap still to
        be filled.
        """
        ...

    def read_log_from(self, first: int, limit: int) -> Sequence[Notification]:
        """As ``read_log``, with the event at ``first`` itself, where there is one."""
        ...

    def head(self) -> int:
        """The highest position; 0 for an empty log."""
        ...

    def ping(self) -> None:
        """Raise where the database cannot be reached."""
        ...

    def close(self) -> None: ...


def append_or_raise(tx: Tx, batch: Sequence[Append]) -> list[list[int]]:
    """Append all or raise ``LostRace``: for callers whose transaction means all of it."""
    positions = tx.append(batch)
    won = [found for found in positions if found is not None]
    if len(won) < len(batch):
        raise LostRace
    return won


NOBODY = -1
"""The version of a stream that no item of a batch may be appended to."""


def due(batch: Sequence[Append]) -> Iterator[tuple[list[int], StoredEvent]]:
    """The events of a batch, each with the versions of its stream at which it may go in.

    This is the rule of ``winners`` for whoever does not know the versions yet: there is more than
    one where items of one stream follow on each other.
    """
    of: dict[str, list[Append]] = {}
    for item in batch:
        of.setdefault(item.stream, []).append(item)
    for stream, items in of.items():
        if len(items) == 1:
            only = items[0]
            yield from (([only.expected], event) for event in only.events)
            continue
        versions: list[list[int]] = [[] for _ in items]
        for found in dict.fromkeys(item.expected for item in items):
            for place, won in enumerate(winners(items, {stream: found})[0]):
                if won:
                    versions[place].append(found)
        for item, let_in in zip(items, versions, strict=True):
            if let_in:
                yield from ((let_in, event) for event in item.events)


def winners(
    batch: Sequence[Append], versions: Mapping[str, int]
) -> tuple[list[bool], list[StoredEvent]]:
    """Who of a batch may append, given the streams' versions under the lock.

    Two items on one stream in one batch: the later one wins only if it expected the earlier one's
    outcome.
    """
    now = dict(versions)
    verdict: list[bool] = []
    rows: list[StoredEvent] = []
    for item in batch:
        won = now.get(item.stream, 0) == item.expected
        verdict.append(won)
        if won:
            now[item.stream] = item.expected + len(item.events)
            rows.extend(item.events)
    return verdict, rows


def deal(
    batch: Sequence[Append], verdict: Sequence[bool], ids: Sequence[int]
) -> list[list[int] | None]:
    """Hand the inserted ids back to the items they belong to."""
    found: list[list[int] | None] = []
    start = 0
    for item, won in zip(batch, verdict, strict=True):
        if won:
            found.append(list(ids[start : start + len(item.events)]))
            start += len(item.events)
        else:
            found.append(None)
    return found


class Signal:
    """Tells waiting readers that the log has grown. A lost signal costs time, never an event."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._position = 0
        self._closed = False

    def close(self) -> None:
        """Let everybody who waits go, now and from now on: the process is stopping."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def raise_to(self, position: int) -> None:
        with self._condition:
            self._position = max(self._position, position)
            self._condition.notify_all()

    def wait(self, after: int, timeout: float) -> bool:
        """True as soon as the log is known to reach past ``after``; False after ``timeout``
        seconds.
        """
        until = time.monotonic() + timeout
        with self._condition:
            while self._position <= after and not self._closed:
                left = until - time.monotonic()
                if left <= 0 or not self._condition.wait(left):
                    break
            return self._position > after


class Turn(threading.local):
    """The transaction this thread is in, if any: whoever reads inside it uses its connection."""

    tx: Tx | None = None

    @contextmanager
    def of(self, tx: Tx) -> Iterator[Tx]:
        self.tx = tx
        try:
            yield tx
        finally:
            self.tx = None

    def check_free(self) -> None:
        if self.tx is not None:
            raise NestedTransaction("this thread is in a transaction already; end that one first")


WriteHook = Callable[[Tx], None]
