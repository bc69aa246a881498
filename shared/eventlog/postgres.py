"""The store on PostgreSQL: one database a service.

Every writer of the log takes one advisory lock as the last thing before it inserts, so that ids
become visible in order and no reader passes a gap. (The library's own table lock fights
autovacuum.)
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresProcessRecorder
from psycopg import Cursor
from psycopg.rows import DictRow

from shared.eventlog.looking import Sought
from shared.eventlog.postgres_append import CHANNEL, LOG_LOCK, append
from shared.eventlog.postgres_pool import NEVER_FOR_LONG, Kept, datastore
from shared.eventlog.store import Append, Params, Signal, Turn, Tx

LEASE_LOCK = 0x7775_7965_02

GATHER_SECONDS = 0.01

# Quoted text first, so that a colon in it is left alone. Arrays go in binary form: as text, each
# item would be quoted.
_named = re.compile(
    r"'(?:[^']|'')*'|(?<![:\w]):(?P<name>[a-z_][a-z0-9_]*)(?P<array>(?=::[a-z ]+\[\]))?"
)

_STREAMS = """
    SELECT wanted.stream, event.originator_version AS version, event.topic, event.state
    FROM unnest(:streams::text[], :versions::bigint[]) AS wanted (stream, version)
    CROSS JOIN LATERAL (
        SELECT originator_version, topic, state FROM stored_events
        WHERE originator_id = wanted.stream AND originator_version > wanted.version
        ORDER BY originator_version LIMIT :limit
    ) AS event
    ORDER BY wanted.stream, event.originator_version
"""

_STREAMS_LOG = """
    SELECT event.* FROM unnest(:streams::text[]) WITH ORDINALITY AS wanted (stream, place)
    JOIN stored_events AS event ON event.originator_id = wanted.stream
    ORDER BY wanted.place, event.originator_version LIMIT :limit
"""

_BEHIND = """
    SELECT event.* FROM unnest(:positions::bigint[]) WITH ORDINALITY AS wanted (position, place)
    LEFT JOIN LATERAL (
        SELECT * FROM stored_events WHERE notification_id > wanted.position
        ORDER BY notification_id LIMIT 1
    ) AS event ON true
    ORDER BY wanted.place
"""


_LOG_PART = """
    SELECT * FROM stored_events
    WHERE notification_id > :after AND notification_id <= :upto AND {condition}
    ORDER BY notification_id LIMIT :limit
"""


@lru_cache(maxsize=1024)
def to_pyformat(sql: str) -> str:
    """``:name`` to ``%(name)s``; ``::type`` casts and quoted text stay."""

    def parameter(found: re.Match[str]) -> str:
        name, array = found["name"], found["array"] is not None
        return f"%({name}){'b' if array else 's'}" if name else found[0]

    return _named.sub(parameter, sql.replace("%", "%%"))


class _Recorder(PostgresProcessRecorder):
    # The library asks ten times, each with the pool's patience: minutes while a database is away.
    select_events = PostgresProcessRecorder.select_events.__wrapped__
    select_notifications = PostgresProcessRecorder.select_notifications.__wrapped__
    max_notification_id = PostgresProcessRecorder.max_notification_id.__wrapped__


class _PostgresTx:
    dialect = "postgres"

    def __init__(self, cursor: Cursor[DictRow]) -> None:
        self._cursor = cursor

    def execute(self, sql: str, params: Params | None = None) -> int:
        self._cursor.execute(to_pyformat(sql), params or {})
        return self._cursor.rowcount

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        self._cursor.executemany(to_pyformat(sql), list(rows))

    def query(self, sql: str, params: Params | None = None) -> list[dict[str, Any]]:
        return self._cursor.execute(to_pyformat(sql), params or {}).fetchall()

    def without_waiting(self) -> None:
        self._cursor.execute("SET LOCAL synchronous_commit = off")

    def lock_log(self) -> None:
        self._cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOG_LOCK,), prepare=True)

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        # Before the statement that looks for the losers: it sees what was there when it began.
        self.lock_log()
        return append(self._cursor, batch)


class PostgresStore:
    dialect = "postgres"

    def pool_use(self) -> dict[str, float]:
        """Connections ``idle`` and ``used``, and who is ``waiting`` for one."""
        found = self._datastore.pool.get_stats()
        idle = found.get("pool_available", 0)
        return {
            "idle": idle,
            "used": found.get("pool_size", 0) - idle,
            "waiting": found.get("requests_waiting", 0),
        }

    def __init__(self, name: str, url: str, *, pool_size: int = 4) -> None:
        self.name = name
        self.url = url
        self._datastore = datastore(url, pool_size)
        self._appending = Kept(self._datastore.get_connection)
        self._recorder_made: PostgresProcessRecorder | None = None
        self._signal = Signal()
        self._listener: threading.Thread | None = None
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._turn = Turn()
        self._log_id: str | None = None

    @property
    def _recorder(self) -> PostgresProcessRecorder:
        if self._recorder_made is None:
            self._recorder_made = _Recorder(self._datastore)
        return self._recorder_made

    @property
    def log_id(self) -> str:
        if self._log_id is None:
            with self.reading() as tx:
                self._log_id = str(tx.query("SELECT log_id FROM log_identity")[0]["log_id"])
        return self._log_id

    @property
    def signal(self) -> Signal:
        """Fed by LISTEN on a connection of its own, opened when somebody first waits."""
        with self._starting:
            if self._listener is None:
                self._listener = threading.Thread(
                    target=self._listen, name=f"{self.name}-listen", daemon=True
                )
                self._listener.start()
        return self._signal

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True, **NEVER_FOR_LONG) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._signal.raise_to(self.head())
                    while not self._closed.is_set():
                        for note in connection.notifies(timeout=1.0, stop_after=1):
                            self._signal.raise_to(int(note.payload))
                        # Of many notes the last says it all, and readers gather for longer.
                        self._closed.wait(GATHER_SECONDS)
            except (psycopg.Error, PersistenceError, OSError, ValueError):
                # Readers ask by themselves every second; listening is taken up again when it can
                # be.
                self._closed.wait(1.0)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        self._turn.check_free()
        with (
            self._datastore.transaction(commit=True) as cursor,
            self._turn.of(_PostgresTx(cursor)) as tx,
        ):
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        if self._turn.tx is not None:
            yield self._turn.tx
            return
        with (
            self._datastore.get_connection() as connection,
            self._turn.of(_PostgresTx(connection.cursor())) as tx,
        ):
            yield tx

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        self._turn.check_free()
        try:
            with self._appending.connection() as connection:
                return append(connection.cursor(), batch)
        except IntegrityError:
            # A stream moved while the statement waited for the lock, and its key refused all of it.
            with self.transaction() as tx:
                return tx.append(batch)

    def read_stream(
        self, stream: str, *, after: int = 0, upto: int | None = None, limit: int | None = None
    ) -> Sequence[StoredEvent]:
        return list(self._recorder.select_events(stream, gt=after, lte=upto, limit=limit))

    def read_streams(
        self, after: Mapping[str, int], *, limit: int
    ) -> Mapping[str, Sequence[StoredEvent]]:
        if not after:
            return {}
        with self.reading() as tx:
            rows = tx.query(
                _STREAMS,
                {"streams": list(after), "versions": list(after.values()), "limit": limit},
            )
        found: dict[str, list[StoredEvent]] = {}
        for row in rows:
            event = StoredEvent(row["stream"], row["version"], row["topic"], bytes(row["state"]))
            found.setdefault(row["stream"], []).append(event)
        return found

    def last_of(self, stream: str) -> StoredEvent | None:
        found = self._recorder.select_events(stream, desc=True, limit=1)
        return found[0] if found else None

    def position_of(self, stream: str, version: int) -> int:
        with self.reading() as tx:
            return int(
                tx.query(
                    "SELECT notification_id FROM stored_events "
                    "WHERE originator_id = :stream AND originator_version = :version",
                    {"stream": stream, "version": version},
                )[0]["notification_id"]
            )

    def read_streams_log(
        self, streams: Sequence[str], limit: int | None = None
    ) -> Sequence[Notification]:
        with self.reading() as tx:
            rows = tx.query(_STREAMS_LOG, {"streams": list(streams), "limit": limit})
        return [_notification(row) for row in rows]

    def read_behind(self, positions: Sequence[int]) -> Sequence[Notification | None]:
        with self.reading() as tx:
            rows = tx.query(_BEHIND, {"positions": list(positions)})
        return [None if row["notification_id"] is None else _notification(row) for row in rows]

    def read_log_part(
        self, after: int, upto: int, limit: int, sought: Sought
    ) -> Sequence[Notification]:
        condition, given = sought.condition("position({text} IN state)", arrays=True)
        given = {**given, "after": after, "upto": upto, "limit": limit}
        with self.reading() as tx:
            rows = tx.query(_LOG_PART.format(condition=condition), given)
        return [_notification(row) for row in rows]

    def read_log(self, after: int, limit: int) -> Sequence[Notification]:
        return list(self._recorder.select_notifications(after, limit, inclusive_of_start=False))

    def read_log_from(self, first: int, limit: int) -> Sequence[Notification]:
        return list(self._recorder.select_notifications(first, limit))

    def head(self) -> int:
        return self._recorder.max_notification_id() or 0

    def ping(self) -> None:
        with psycopg.connect(self.url, connect_timeout=2) as connection:
            connection.execute("SELECT 1")

    def close(self) -> None:
        self._closed.set()
        self._appending.close()
        self._datastore.close()
        if self._listener is not None:
            with contextlib.suppress(RuntimeError):
                self._listener.join(timeout=2.0)


def _notification(row: Mapping[str, Any]) -> Notification:
    return Notification(
        id=row["notification_id"],
        originator_id=row["originator_id"],
        originator_version=row["originator_version"],
        topic=row["topic"],
        state=bytes(row["state"]),
    )
