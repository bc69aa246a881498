"""The store on SQLite: one file a service (embedded mode), or in memory (tests).

One writer at a time, ``BEGIN IMMEDIATE`` and ``synchronous=FULL``: what was acknowledged survives a
power cut. Under green threads nothing may yield inside a transaction, and nothing here does.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    DataError,
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
    SQLiteProcessRecorder,
)

from shared.eventlog.looking import Sought
from shared.eventlog.store import Append, Params, Signal, Turn, Tx, deal, winners

_memory_names = itertools.count()


class _Pool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        return connection


class _Datastore(SQLiteDatastore):
    def __init__(self, db_name: str) -> None:
        super().__init__(db_name, originator_id_type="text")
        self.pool.close()
        self.pool = _Pool(db_name=db_name, pool_timeout=30.0)

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """As the library's, with every fault of the database as its own kind of error."""
        try:
            with super().get_connection(commit=commit) as connection:
                yield connection
        except sqlite3.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        except sqlite3.DataError as error:
            raise DataError(str(error)) from error
        except (sqlite3.Error, ConnectionPoolClosedError) as error:
            raise PersistenceError(str(error) or "the store is closed") from error


class _SqliteTx:
    dialect = "sqlite"

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.appended = 0

    def execute(self, sql: str, params: Params | None = None) -> int:
        self._cursor.execute(sql, dict(params or {}))
        return self._cursor.rowcount

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        self._cursor.executemany(sql, [dict(row) for row in rows])

    def query(self, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
        self._cursor.execute(sql, dict(params or {}))
        return [dict(row) for row in self._cursor.fetchall()]

    def without_waiting(self) -> None:
        """Nothing to do: nobody else is waited for."""

    def lock_log(self) -> None:
        """Nothing to do: the transaction itself is the only writer."""

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        versions: dict[str, int] = {}
        for stream in {item.stream for item in batch}:
            self._cursor.execute(
                "SELECT originator_version FROM stored_events WHERE originator_id = ? "
                "ORDER BY originator_version DESC LIMIT 1",
                (stream,),
            )
            row = self._cursor.fetchone()
            versions[stream] = row[0] if row else 0
        verdict, rows = winners(batch, versions)
        ids: list[int] = []
        for event in rows:
            self._cursor.execute(
                "INSERT INTO stored_events VALUES (?,?,?,?)",
                (event.originator_id, event.originator_version, event.topic, event.state),
            )
            ids.append(int(self._cursor.lastrowid or 0))
        if ids:
            self.appended = ids[-1]
        return deal(batch, verdict, ids)


class SqliteStore:
    """``path`` None: in memory, gone with the process."""

    dialect = "sqlite"

    def __init__(self, name: str, path: Path | None) -> None:
        self.name = name
        if path is None:
            self.location = f"file:wuye-{name}-{next(_memory_names)}?mode=memory&cache=shared"
            self._keep_alive = sqlite3.connect(self.location, uri=True, check_same_thread=False)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.location = f"file:{path}"
        self._datastore = _Datastore(self.location)
        self._recorder = SQLiteProcessRecorder(self._datastore)
        self.signal = Signal()
        self._turn = Turn()
        self._log_id: str | None = None

    @property
    def log_id(self) -> str:
        if self._log_id is None:
            with self.reading() as tx:
                self._log_id = str(tx.query("SELECT log_id FROM log_identity")[0]["log_id"])
        return self._log_id

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        self._turn.check_free()
        with self._datastore.get_connection(commit=True) as connection:
            cursor = connection._sqlite_conn.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            tx = _SqliteTx(cursor)
            try:
                with self._turn.of(tx):
                    yield tx
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
        if tx.appended:
            self.signal.raise_to(tx.appended)

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        with self.transaction() as tx:
            return tx.append(batch)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        if self._turn.tx is not None:
            yield self._turn.tx
            return
        with self._datastore.get_connection(commit=False) as connection:
            cursor = connection._sqlite_conn.cursor()
            cursor.execute("BEGIN")
            try:
                with self._turn.of(_SqliteTx(cursor)) as tx:
                    yield tx
            finally:
                connection.rollback()

    def read_stream(
        self, stream: str, *, after: int = 0, upto: int | None = None, limit: int | None = None
    ) -> Sequence[StoredEvent]:
        return self._recorder.select_events(stream, gt=after, lte=upto, limit=limit)

    def read_streams(
        self, after: Mapping[str, int], *, limit: int
    ) -> Mapping[str, Sequence[StoredEvent]]:
        return {
            stream: self.read_stream(stream, after=version, limit=limit)
            for stream, version in after.items()
        }

    def last_of(self, stream: str) -> StoredEvent | None:
        found = self._recorder.select_events(stream, desc=True, limit=1)
        return found[0] if found else None

    def position_of(self, stream: str, version: int) -> int:
        with self.reading() as tx:
            return int(
                tx.query(
                    "SELECT rowid AS position FROM stored_events "
                    "WHERE originator_id = :stream AND originator_version = :version",
                    {"stream": stream, "version": version},
                )[0]["position"]
            )

    def read_streams_log(
        self, streams: Sequence[str], limit: int | None = None
    ) -> Sequence[Notification]:
        with self.reading() as tx:
            found = (
                _notification(row)
                for stream in streams
                for row in tx.query(
                    "SELECT rowid, * FROM stored_events WHERE originator_id = :stream "
                    "ORDER BY originator_version LIMIT :limit",
                    {"stream": stream, "limit": -1 if limit is None else limit},
                )
            )
            return list(itertools.islice(found, limit))

    def read_behind(self, positions: Sequence[int]) -> Sequence[Notification | None]:
        found = (self.read_log(position, 1) for position in positions)
        return [one[0] if one else None for one in found]

    def read_log_part(
        self, after: int, upto: int, limit: int, sought: Sought
    ) -> Sequence[Notification]:
        condition, given = sought.condition("instr(state, {text})")
        given = {**given, "after": after, "upto": upto, "limit": limit}
        with self.reading() as tx:
            rows = tx.query(
                "SELECT rowid, * FROM stored_events WHERE rowid > :after AND rowid <= :upto "
                f"AND {condition} ORDER BY rowid LIMIT :limit",
                given,
            )
        return [_notification(row) for row in rows]

    def read_log(self, after: int, limit: int) -> Sequence[Notification]:
        return self._recorder.select_notifications(after, limit, inclusive_of_start=False)

    def read_log_from(self, first: int, limit: int) -> Sequence[Notification]:
        return self._recorder.select_notifications(first, limit)

    def head(self) -> int:
        return self._recorder.max_notification_id() or 0

    def ping(self) -> None:
        self.head()

    def close(self) -> None:
        self._datastore.close()


def _notification(row: Mapping[str, Any]) -> Notification:
    return Notification(
        id=row["rowid"],
        originator_id=row["originator_id"],
        originator_version=row["originator_version"],
        topic=row["topic"],
        state=row["state"],
    )
