"""Stores for tests: in memory, SQLite and PostgreSQL, each migrated as a service finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from shared.eventlog.migrate import migrate_postgres, migrate_sqlite
from shared.eventlog.postgres import PostgresStore
from shared.eventlog.sqlite import SqliteStore
from shared.eventlog.store import Append, Store, StoreError, Tx
from shared.servers import PrivatePostgres

KINDS = ("memory", "sqlite", pytest.param("postgres", marks=pytest.mark.integration))
ROLE = "toys"

Opener = Callable[[], Store]
"""Opens the same database again, as another process would. In memory there is one store alone."""


def service_url(database: str, postgres: PrivatePostgres) -> str:
    """The URL of the service's own role for a database that its owner migrates."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'toys') THEN "
            "CREATE ROLE toys LOGIN PASSWORD 'toys'; END IF; END $$"
        )
    url = postgres.url(database.rpartition("/")[2], ROLE, ROLE)
    migrate_postgres(database, url)
    return url


@contextmanager
def opening(kind: str, request: pytest.FixtureRequest) -> Iterator[Opener]:
    opened: list[Store] = []
    url, path = "", Path()
    if kind == "postgres":
        url = service_url(request.getfixturevalue("database"), request.getfixturevalue("postgres"))
    elif kind == "sqlite":
        path = request.getfixturevalue("tmp_path") / "toys.sqlite"
        migrate_sqlite(path)

    def open_store() -> Store:
        store: Store
        if kind == "postgres":
            store = PostgresStore("toys", url)
        elif kind == "sqlite":
            store = SqliteStore("toys", path)
        elif opened:
            return opened[0]
        else:
            store = SqliteStore("toys", None)
            migrate_sqlite(store.location)
        opened.append(store)
        return store

    yield open_store
    for store in opened:
        store.close()


def item(stream: str, expected: int, count: int = 1, *, name: str = "CoinsTaken") -> Append:
    """``count`` events behind version ``expected``; the bytes say which they are."""
    events = (
        StoredEvent(stream, version, name, f"{stream}:{version}".encode())
        for version in range(expected + 1, expected + 1 + count)
    )
    return Append(stream, expected, tuple(events))


def append(store: Store, *items: Append) -> list[list[int] | None]:
    with store.transaction() as tx:
        return tx.append(items)


class Spy:
    """A store seen from outside: counts what is asked of it, and lets a test come between."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads = 0
        self.rows_read = 0
        self.transactions = 0
        self.around: Callable[[], AbstractContextManager[Any]] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read_stream(self, *args: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        found = self._store.read_stream(*args, **kwargs)
        self.reads += 1
        self.rows_read += len(found)
        return found

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """``around`` is entered with the transaction still to be committed, and left after that."""
        with self._counted(), self._store.transaction() as tx:
            yield tx

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        """A transaction too."""
        with self._counted():
            return self._store.append(batch)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.transactions += 1
        with self.around() if self.around is not None else nullcontext():
            yield


@contextmanager
def connection_lost(*, committed: bool) -> Iterator[None]:
    """For ``Spy.around``: the answer to a commit is lost, after it took or before."""
    if committed:
        yield
    raise StoreError("the connection was lost")
