"""What PostgreSQL makes hard: visibility in order, roles, connections that die."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from shared.eventlog.postgres import PostgresStore
from shared.eventlog.postgres_append import CHANNEL
from shared.eventlog.store import UNSTORABLE, Store, StoreError, Tx
from shared.eventlog.unit_of_work import UnitOfWork
from shared.servers import PrivatePostgres
from tests.support.stores import Opener, append, item, service_url
from tests.support.toy import JAR, Add, Bench, context, stream
from tests.support.waiting import wait_until

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
    until = time.monotonic() + 30
    while len(seen) < 2 and time.monotonic() < until:
        seen += [found.id for found in reading.read_log(seen[-1] if seen else 0, 10)]
    late.join()
    following.join()
    assert seen == [found.id for found in reading.read_log(0, 10)]


def test_the_lock_is_the_last_thing_before_the_insert(open_postgres: Opener) -> None:
    """What a policy writes beside its events keeps no other writer waiting."""
    slow, quick = Bench(open_postgres()), open_postgres()
    work = UnitOfWork(slow.log)
    work.add(JAR, stream(), Add(amount=1), context())
    told: list[object] = []

    def write_rows(tx: Tx) -> None:
        tx.execute("INSERT INTO counters (name, value) VALUES ('n', 1)")
        other = threading.Thread(target=lambda: told.append(append(quick, item(stream(), 0))))
        other.start()
        other.join(5)

    work.commit(write_rows)
    assert told == [[[1]]]
    slow.close()


def test_writers_do_not_wait_for_a_vacuum(open_postgres: Opener, database: str) -> None:
    """A lock on the table, such as the library's, would."""
    store = open_postgres()
    with psycopg.connect(database) as vacuum:
        vacuum.execute("LOCK TABLE stored_events IN SHARE UPDATE EXCLUSIVE MODE")
        began = time.monotonic()
        assert append(store, item(stream(), 0)) == [[1]]
        assert time.monotonic() - began < 8


def test_a_group_of_saves_is_one_statement_however_many_they_are(
    open_postgres: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No BEGIN, no COMMIT, and the news is told in it too."""
    store = open_postgres()
    append(store, item("c1.lost", 0))
    saves = [item("c1.lost", 0), *(item(stream(), 0, 3) for _ in range(40))]
    statements: list[object] = []
    here = threading.get_ident()
    wait = psycopg.Connection.wait

    def counted(connection: Any, generator: Any, *args: Any) -> Any:
        # the store listens and opens connections in threads of their own meanwhile
        ours = threading.get_ident() == here
        # of an idle connection there is nothing to commit, and nothing is sent
        sent = generator.__name__ != "_commit_gen" or connection.info.transaction_status
        if ours and sent:
            statements.append(generator)
        return wait(connection, generator, *args)

    monkeypatch.setattr(psycopg.Connection, "wait", counted)
    outcome = store.append(saves)
    monkeypatch.undo()
    assert [found is None for found in outcome] == [True] + [False] * 40
    assert len(statements) == 1


def test_a_stream_that_moves_while_a_group_waits_for_the_lock_fails_no_other(
    open_postgres: Opener,
) -> None:
    """The statement sees what was there before it had the lock: the key of the stream refuses."""
    first, second = open_postgres(), open_postgres()
    told: list[Any] = []
    waiting = threading.Thread(
        target=lambda: told.extend(second.append([item("c1.moves", 0), item("c1.other", 0)]))
    )
    with first.transaction() as tx:
        tx.append([item("c1.moves", 0)])
        waiting.start()
        wait_until("it waits for the lock", lambda: _locks_awaited(first) == 1, 5)
    waiting.join(10)
    assert told[0] is None and told[1]
    assert [len(first.read_stream(one)) for one in ("c1.moves", "c1.other")] == [1, 1]


def test_nothing_is_told_where_nothing_was_appended(open_postgres: Opener, database: str) -> None:
    store = open_postgres()
    with psycopg.connect(database, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        for saves in ([item("c1.a", 0), item("c1.b", 0)], [item("c1.a", 0)], [item("c1.a", 1)]):
            store.append(saves)
        told = [note.payload for note in listening.notifies(timeout=0.5)]
    assert told == ["2", str(store.head())]


def _locks_awaited(store: Store) -> int:
    with store.reading() as tx:
        rows = tx.query("SELECT count(*) AS found FROM pg_locks WHERE NOT granted")
    return int(rows[0]["found"])


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
    assert time.monotonic() - began < 8


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


def test_a_database_that_is_away_is_asked_once(
    open_postgres: Opener, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would ask ten times, and its caller would wait for minutes."""
    monkeypatch.setattr("shared.eventlog.postgres_pool.PATIENCE_SECONDS", 0.3)
    store = open_postgres()
    store.head()
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER ROLE toys NOLOGIN")
        try:
            _kill_backends(database)
            began = time.monotonic()
            for ask in (
                store.head,
                lambda: store.read_stream("c1.a"),
                lambda: store.read_log(0, 1),
            ):
                with pytest.raises(StoreError):
                    ask()
            assert time.monotonic() - began < 6
        finally:
            owner.execute("ALTER ROLE toys LOGIN")


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
    monkeypatch.setattr("shared.eventlog.postgres_pool.PATIENCE_SECONDS", 0.3)
    store: Store = PostgresStore("toys", service_url(database, postgres))
    try:
        append(store, item("c1.a", 0))
        with _stopped(postgres):
            for ask in (store.head, lambda: store.read_stream("c1.a"), store.ping):
                began = time.monotonic()
                with pytest.raises((StoreError, psycopg.Error)):
                    ask()
                assert time.monotonic() - began < 8
        wait_until("it answers", lambda: _answers(store), 5)
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


def test_a_server_that_vanishes_is_missed_within_seconds(open_postgres: Opener) -> None:
    """Packets cannot be made to vanish here; what is asked of the kernel can be seen."""
    with open_postgres()._datastore.get_connection() as connection:
        known = socket.socket(fileno=os.dup(connection.fileno()))
    with known:
        assert known.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        assert known.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert known.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 5
