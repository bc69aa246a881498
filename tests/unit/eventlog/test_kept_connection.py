"""The connection that appends keep from one to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow

from shared.eventlog.postgres import PostgresStore
from shared.eventlog.postgres_pool import Kept, datastore
from shared.eventlog.store import UNSTORABLE
from tests.support.stores import Opener, append, item
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration

# those whose last statement was an append
THEIRS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND usename = 'toys' AND query LIKE '%INSERT INTO stored_events%'"
)


class Lending:
    """Lends a pool's connections and knows how many are lent."""

    def __init__(self, pool: PostgresDatastore) -> None:
        self._pool = pool
        self.lent = 0
        self.on_lending: Callable[[int], None] = lambda lent: None

    @contextmanager
    def __call__(self) -> Iterator[Connection[DictRow]]:
        self.on_lending(self.lent)
        with self._pool.get_connection() as connection:
            self.lent += 1
            try:
                yield connection
            finally:
                self.lent -= 1


@pytest.fixture
def lend(open_postgres: Opener) -> Iterator[Lending]:
    store = open_postgres()
    assert isinstance(store, PostgresStore)
    pool = datastore(store.url, 4)
    yield Lending(pool)
    pool.close()


def backend(connection: Connection[DictRow]) -> int:
    return connection.info.backend_pid


def test_one_connection_is_kept_and_given_back_at_the_end(lend: Lending) -> None:
    kept = Kept(lend)
    seen = set()
    for _ in range(3):
        with kept.connection() as connection:
            seen.add(backend(connection))
        assert lend.lent == 1
    assert len(seen) == 1
    kept.close()
    assert lend.lent == 0


def test_what_fails_is_said_in_the_stores_words_and_gives_it_back(lend: Lending) -> None:
    kept = Kept(lend)
    with pytest.raises(UNSTORABLE), kept.connection() as connection:
        connection.execute("SELECT 'no number'::int")
    assert lend.lent == 0
    with kept.connection() as connection:
        assert connection.execute("SELECT 1 AS one").fetchall() == [{"one": 1}]
    kept.close()


def test_one_that_died_meanwhile_is_passed_over(lend: Lending, database: str) -> None:
    kept = Kept(lend)
    with kept.connection() as connection:
        dead = backend(connection)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", (dead,))
    with kept.connection() as connection:
        assert backend(connection) != dead
    assert lend.lent == 1
    kept.close()


def test_it_is_given_back_now_and_then_so_that_the_pool_can_renew_it(
    lend: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(lend)
    monkeypatch.setattr("shared.eventlog.postgres_pool.KEEP_SECONDS", 0.0)
    with kept.connection():
        pass
    held: list[int] = []
    monkeypatch.setattr(lend, "on_lending", held.append)
    with kept.connection():
        pass
    assert held == [0], "the one before was back"
    kept.close()


def test_what_ends_after_the_end_keeps_nothing(lend: Lending) -> None:
    kept = Kept(lend)
    with kept.connection():
        kept.close()
    assert lend.lent == 0


def test_a_pool_has_one_for_others_too(open_postgres: Opener) -> None:
    store = open_postgres()
    assert isinstance(store, PostgresStore)
    with pytest.raises(ValueError, match="two connections"):
        datastore(store.url, 1)


def test_of_two_at_once_each_has_its_own_and_one_is_kept(lend: Lending) -> None:
    kept = Kept(lend)
    both = threading.Barrier(2)
    seen = []

    def use() -> None:
        with kept.connection() as connection:
            seen.append(backend(connection))
            both.wait(10)

    using = [threading.Thread(target=use) for _ in range(2)]
    for one in using:
        one.start()
    for one in using:
        one.join(10)
    assert len(set(seen)) == 2
    assert lend.lent == 1
    kept.close()
    assert lend.lent == 0


def test_a_store_appends_on_one_connection_and_closes_it(
    open_postgres: Opener, database: str
) -> None:
    store = open_postgres()
    assert isinstance(store, PostgresStore)
    append(store, item("c1.a", 0))
    store.append([item("c1.a", 1)])
    store.append([item("c1.a", 2)])
    with psycopg.connect(database, autocommit=True) as owner:
        assert owner.execute(THEIRS).fetchone() == (1,)
        store.close()
        wait_until("its end", lambda: owner.execute(THEIRS).fetchone() == (0,))
