"""Numbered scripts make the tables; a process refuses a database of another release."""

from __future__ import annotations

import re
import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest

from shared.eventlog import migrate
from shared.eventlog.postgres import PostgresStore
from shared.eventlog.sqlite import SqliteStore
from shared.eventlog.store import SchemaMismatch, Store, StoreError
from shared.servers import PrivatePostgres
from tests.support.stores import append, item, service_url


def _pretend(monkeypatch: pytest.MonkeyPatch, *more: tuple[int, str]) -> None:
    """Another release, with these scripts beside the ones there are."""
    known = migrate._scripts

    def scripts(dialect: str) -> list[tuple[int, str, str]]:
        return [*known(dialect), *((number, f"{number:04}.sql", text) for number, text in more)]

    monkeypatch.setattr(migrate, "_scripts", scripts)


def test_a_migrated_store_is_taken(store: Store) -> None:
    migrate.check(store)


def test_a_store_of_an_older_release_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend(monkeypatch, (migrate.newest(store.dialect) + 1, "SELECT 1"))
    with pytest.raises(SchemaMismatch, match=r"python -m services\.toys migrate"):
        migrate.check(store)


def test_a_store_of_a_newer_release_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "newest", lambda dialect: 0)
    with pytest.raises(SchemaMismatch, match="newer than 0"):
        migrate.check(store)


def test_a_store_without_tables_is_refused(tmp_path: Path) -> None:
    store = SqliteStore("toys", tmp_path / "empty.sqlite")
    with pytest.raises(SchemaMismatch, match="has schema 0"):
        migrate.check(store)
    with pytest.raises(StoreError):
        store.head()
    with store.reading() as tx:
        assert tx.query("SELECT name FROM sqlite_master") == []
    store.close()


@pytest.mark.integration
def test_a_database_without_tables_is_refused(database: str) -> None:
    store = PostgresStore("toys", database)
    with pytest.raises(SchemaMismatch, match="has schema 0"):
        migrate.check(store)
    with pytest.raises(StoreError):
        store.head()
    with store.reading() as tx:
        assert tx.query("SELECT to_regclass('stored_events') AS log") == [{"log": None}]
    store.close()


def test_each_script_is_applied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sub" / "toys.sqlite"
    assert migrate.migrate_sqlite(path) == ["0001_log.sql"]
    assert migrate.migrate_sqlite(path) == []
    _pretend(monkeypatch, (2, "CREATE TABLE more (x INTEGER);"))
    assert migrate.migrate_sqlite(path) == ["0002.sql"]
    assert migrate.migrate_sqlite(path) == []


def test_a_script_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "toys.sqlite"
    migrate.migrate_sqlite(path)
    _pretend(monkeypatch, (2, "CREATE TABLE more (x INTEGER); SELECT nonsense FROM nowhere;"))
    with pytest.raises(sqlite3.Error):
        migrate.migrate_sqlite(path)
    _pretend(monkeypatch, (2, "CREATE TABLE more (x INTEGER);"))
    monkeypatch.undo()
    store = SqliteStore("toys", path)
    migrate.check(store)
    with pytest.raises(StoreError), store.reading() as tx:
        tx.query("SELECT * FROM more")
    store.close()


EXPANDING = re.compile(
    r"CREATE (UNIQUE )?(TABLE|INDEX|FUNCTION|TRIGGER) |INSERT INTO |ALTER TABLE \w+ ADD COLUMN "
)
ASIDE = re.compile(r"--[^\n]*|\$\$.*?\$\$|\bBEGIN\b.*?\bEND\b", re.DOTALL)


def test_scripts_only_expand() -> None:
    """Processes of the release before this one still run on the same tables."""
    numbers = {}
    for dialect in ("sqlite", "postgres"):
        numbers[dialect] = [number for number, _, _ in migrate._scripts(dialect)]
        for _, name, text in migrate._scripts(dialect):
            for statement in filter(str.strip, ASIDE.sub("", text).split(";")):
                assert EXPANDING.match(statement.strip()), f"{dialect}/{name}: {statement}"
    assert numbers["sqlite"] == numbers["postgres"]
    assert numbers["sqlite"] == list(range(1, len(numbers["sqlite"]) + 1))


@pytest.mark.integration
def test_two_migrations_at_once_are_one(database: str, postgres: PrivatePostgres) -> None:
    url = service_url(database, postgres)
    applied: list[list[str]] = []
    fresh = postgres.create_database("migrated_twice")
    both = [
        threading.Thread(target=lambda: applied.append(migrate.migrate_postgres(fresh, url)))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    postgres.drop_database("migrated_twice")
    assert sorted(applied) == [[], ["0001_log.sql"]]


@pytest.mark.integration
def test_nobody_but_the_service_may_connect_then(database: str, postgres: PrivatePostgres) -> None:
    url = service_url(database, postgres)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    psycopg.connect(url).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(postgres.url(database.rpartition("/")[2], "stranger", "stranger"))


@pytest.mark.integration
def test_an_owner_that_serves_itself_needs_no_rights_granted(database: str) -> None:
    migrate.migrate_postgres(database, database)
    store = PostgresStore("toys", database)
    assert append(store, item("c1.a", 0)) == [[1]]
    with pytest.raises(StoreError, match="never changed"), store.transaction() as tx:
        tx.execute("DELETE FROM stored_events")
    store.close()


@pytest.mark.integration
def test_a_new_log_has_a_new_identity(database: str, postgres: PrivatePostgres) -> None:
    service_url(database, postgres)
    other = postgres.create_database("another_log")
    service_url(other, postgres)
    found = []
    for url in (database, other):
        with psycopg.connect(url) as connection:
            found += connection.execute("SELECT log_id FROM log_identity").fetchall()
    postgres.drop_database("another_log")
    assert len(set(found)) == 2


def test_a_new_file_has_a_new_identity(tmp_path: Path) -> None:
    found = set()
    for name in ("one.sqlite", "other.sqlite"):
        migrate.migrate_sqlite(tmp_path / name)
        store = SqliteStore("toys", tmp_path / name)
        found.add(store.log_id)
        store.close()
    assert len(found) == 2
