"""What PostgreSQL makes hard: visibility in order, roles, connections that die."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from shared.eventlog.postgres import PostgresStore
from shared.eventlog.store import UNSTORABLE, Store, StoreError
from shared.servers import PrivatePostgres
from tests.support.stores import Opener, append, item, service_url
from tests.support.toy import stream

pytestmark = pytest.mark.integration

THEIRS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'toys'"


def _kill_backends(database: str) -> int:
    """Kill the service's connections; how many there were."""
    with psycopg.connect(database, autocommit=True) as connection:
        return len(
            connection.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM ({THEIRS}) AS theirs"
            ).fetchall()
        )


def _wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


def test_no_reader_passes_a_gap(open_postgres: Opener) -> None:
    """Two writers, the first one slow to commit: the second one's id must not be seen before."""
    slow, quick, reading = open_postgres(), open_postgres(), open_postgres()
    inserted = threading.Event()

    def commit_late() -> None:
        with slow.transaction() as tx:
            tx.append([item(stream(), 0)])
            inserted.set()
            time.sleep(0.3)

    late = threading.Thread(target=commit_late)
    late.start()
    assert inserted.wait(5)
    following = threading.Thread(target=append, args=(quick, item(stream(), 0)))
    following.start()
    seen: list[int] = []
    until = time.monotonic() + 2
    while len(seen) < 2 and time.monotonic() < until:
        seen += [found.id for found in reading.read_log(seen[-1] if seen else 0, 10)]
    late.join()
    following.join()
    assert seen == [found.id for found in reading.read_log(0, 10)]


def test_ids_have_holes_after_a_rollback(open_postgres: Opener) -> None:
    store = open_postgres()
    (before,) = append(store, item(stream(), 0))
    with pytest.raises(RuntimeError), store.transaction() as tx:
        tx.append([item(stream(), 0)])
        raise RuntimeError
    (after,) = append(store, item(stream(), 0))
    assert before is not None and after is not None
    assert after[0] > before[0] + 1
    assert [found.id for found in store.read_log(before[0], 10)] == after


def test_the_service_has_no_right_to_change_events(open_postgres: Opener) -> None:
    store = open_postgres()
    append(store, item(stream(), 0))
    for statement in (
        "UPDATE stored_events SET topic = 'Other'",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL",
        "UPDATE log_identity SET log_id = 'other'",
        "DELETE FROM schema_scripts",
    ):
        with (
            pytest.raises(StoreError, match=r"permission denied|must be owner"),
            store.transaction() as tx,
        ):
            tx.execute(statement)


def test_not_even_the_owner_changes_events(open_postgres: Opener, database: str) -> None:
    append(open_postgres(), item(stream(), 0))
    with psycopg.connect(database, autocommit=True) as owner:
        for statement in (
            "UPDATE stored_events SET topic = 'Other'",
            "DELETE FROM stored_events",
            "TRUNCATE stored_events",
        ):
            with pytest.raises(psycopg.Error, match="never changed or deleted"):
                owner.execute(statement.encode())


def test_dead_connections_are_not_given_out(open_postgres: Opener, database: str) -> None:
    """Every backend is killed while idle; the next calls work, all of them, at the first try."""
    store = open_postgres()
    append(store, item("c1.a", 0))
    with store.transaction(), pytest.raises(StoreError):
        open_several = [threading.Thread(target=store.head) for _ in range(3)]
        for one in open_several:
            one.start()
        for one in open_several:
            one.join()
        raise StoreError
    assert _kill_backends(database) >= 1
    time.sleep(0.05)
    began = time.monotonic()
    assert store.head() == 1
    assert len(store.read_stream("c1.a")) == 1
    assert append(store, item("c1.a", 1)) == [[2]]
    with store.reading() as tx:
        assert tx.query("SELECT 1 AS one") == [{"one": 1}]
    assert time.monotonic() - began < 3


def test_a_connection_killed_in_mid_transaction_is_a_store_error_once(
    open_postgres: Opener, database: str
) -> None:
    store = open_postgres()
    with pytest.raises(StoreError), store.transaction() as tx:
        tx.append([item("c1.a", 0)])
        _kill_backends(database)
        time.sleep(0.05)
        tx.query("SELECT 1")
    with pytest.raises(StoreError), store.reading() as tx:
        _kill_backends(database)
        time.sleep(0.05)
        tx.query("SELECT 1")
    assert append(store, item("c1.a", 0)) != [None]


def test_listening_is_taken_up_again(open_postgres: Opener, database: str) -> None:
    store, writer = open_postgres(), open_postgres()
    append(writer, item("c1.a", 0))
    assert store.signal.wait(0, 5)
    _kill_backends(database)
    append(writer, item("c1.a", 1))
    assert store.signal.wait(writer.head() - 1, 5)
    append(writer, item("c1.a", 2))
    assert store.signal.wait(writer.head() - 1, 5)


def test_one_listener_however_many_ask_at_once(open_postgres: Opener) -> None:
    store = open_postgres()
    askers = [threading.Thread(target=lambda: store.signal.wait(0, 0.2)) for _ in range(8)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    listening = [thread for thread in threading.enumerate() if thread.name == "toys-listen"]
    assert len(listening) == 1


def test_what_the_database_was_told_in_its_url_holds_for_every_connection(
    open_postgres: Opener,
) -> None:
    store = open_postgres()
    assert isinstance(store, PostgresStore)
    told = PostgresStore("toys", f"{store.url}?application_name=told&sslmode=prefer")
    try:
        with told.reading() as tx:
            assert tx.query("SHOW application_name") == [{"application_name": "told"}]
    finally:
        told.close()


@contextmanager
def _stopped(server: PrivatePostgres) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@pytest.mark.faults
def test_a_database_that_is_away_is_a_store_error_soon_and_used_again_when_back(
    database: str, postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.eventlog.postgres.PATIENCE_SECONDS", 0.3)
    store: Store = PostgresStore("toys", service_url(database, postgres))
    try:
        append(store, item("c1.a", 0))
        with _stopped(postgres):
            for ask in (store.head, lambda: store.read_stream("c1.a"), store.ping):
                began = time.monotonic()
                with pytest.raises((StoreError, psycopg.Error)):
                    ask()
                assert time.monotonic() - began < 2
        _wait_for(lambda: _answers(store))
        assert append(store, item("c1.a", 1)) == [[2]]
    finally:
        store.close()


def _answers(store: Store) -> bool:
    try:
        return store.head() == 1
    except StoreError:
        return False


def test_nul_is_refused_as_the_datas_fault(open_postgres: Opener) -> None:
    store = open_postgres()
    with pytest.raises(UNSTORABLE), store.transaction() as tx:
        tx.execute("INSERT INTO counters (name, value) VALUES (:name, 1)", {"name": "a\0b"})
