"""Connections to PostgreSQL: a pool that gives out nothing dead, and one that is kept."""

from __future__ import annotations

import fcntl
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NamedTuple

import psycopg
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

PATIENCE_SECONDS = 10.0
IDLE_IN_TRANSACTION_SECONDS = 30.0
KEEP_SECONDS = 600.0

# A server that went without a word is missed within some ten seconds; TCP alone would wait for a
# quarter of an hour. Seconds, but for the last, in milliseconds.
NEVER_FOR_LONG: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class _Pool(ConnectionPool[Connection[DictRow]]):
    def getconn(self, timeout: float | None = None) -> Connection[DictRow]:
        """A connection that lives: those that died while idle are passed over, without a pause."""
        while True:
            connection = super().getconn(timeout)
            if _lives(connection):
                return connection
            connection.close()
            self.putconn(connection)


def _lives(connection: Connection[Any]) -> bool:
    # Neither looks for longer than a moment, nor switches green threads. Nothing is sent to an idle
    # connection but its end: first words, then the end itself.
    try:
        waiting = fcntl.ioctl(connection.fileno(), termios.FIONREAD, bytes(4))
        if any(waiting):
            connection.execute("")
        else:
            connection.pgconn.consume_input()
    except psycopg.Error:
        return False
    return not connection.broken


def datastore(url: str, pool_size: int) -> PostgresDatastore:
    """The library's datastore on a pool that knows all of the URL and gives out nothing dead.

    Raises ``ValueError`` for a pool of one: that one is kept (`Kept`), and nobody could read.
    """
    if pool_size < 2:
        raise ValueError("a pool of two connections at least is needed")
    known = conninfo_to_dict(url)
    made = PostgresDatastore(
        *(str(known.get(name, "")) for name in ("dbname", "host", "port", "user", "password")),
        idle_in_transaction_session_timeout=IDLE_IN_TRANSACTION_SECONDS,
        originator_id_type="text",
    )
    made.pool.close()
    made.pool = _Pool(
        url,
        connection_class=Connection[DictRow],
        kwargs={"row_factory": dict_row, **NEVER_FOR_LONG},
        # beside the one that is kept
        min_size=2,
        max_size=pool_size,
        open=False,
        configure=made.after_connect_func(),
        timeout=PATIENCE_SECONDS,
        # Attempts back off; after giving up, the next caller tries at once.
        reconnect_timeout=PATIENCE_SECONDS,
    )
    return made


class _Lent(NamedTuple):
    connection: Connection[DictRow]
    until: float
    giving_back: ExitStack


class Kept:
    """A connection that stays lent from one use to the next: a pool's own work for a short
    statement is a fifth of what the statement costs. What fails gives it back, and so does time:
    the pool then renews what has lived long enough.
    """

    def __init__(self, lend: Callable[[], AbstractContextManager[Connection[DictRow]]]) -> None:
        self._lend = lend
        self._lent: _Lent | None = None
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[Connection[DictRow]]:
        with ExitStack() as giving_back:
            lent = self._still_lent() or self._newly_lent()
            giving_back.push(lent.giving_back)
            yield lent.connection
            # Whoever else used one meanwhile has kept theirs; one is enough.
            if self._lent is None and not self._closed:
                giving_back.pop_all()
                self._lent = lent

    def _still_lent(self) -> _Lent | None:
        lent, self._lent = self._lent, None
        if lent is None or (time.monotonic() < lent.until and _lives(lent.connection)):
            return lent
        lent.giving_back.close()
        return None

    def _newly_lent(self) -> _Lent:
        giving_back = ExitStack()
        connection = giving_back.enter_context(self._lend())
        return _Lent(connection, time.monotonic() + KEEP_SECONDS, giving_back)

    def close(self) -> None:
        self._closed = True
        lent, self._lent = self._lent, None
        if lent is not None:
            lent.giving_back.close()
