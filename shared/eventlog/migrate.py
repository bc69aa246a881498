"""Tables come from numbered SQL files, applied once each, in order, and only ever expand.

On PostgreSQL the migration runs as the database's owner and grants the service's own role what it
needs: on events that is SELECT and INSERT alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shared.eventlog.store import SchemaMismatch, SchemaTooNew, Store

_MIGRATION_LOCK = 0x7775_7965_03
_WRITABLE = (
    "snapshots",
    "person_keys",
    "positions",
    "view_builds",
    "parked",
    "timers",
    "intentions",
    "counters",
)


def _scripts(dialect: str) -> Iterator[tuple[int, str, str]]:
    folder = files("shared.eventlog") / "sql" / dialect
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        if entry.name.endswith(".sql"):
            yield int(entry.name[:4]), entry.name, entry.read_text()


def newest(dialect: str) -> int:
    """The schema number this release knows."""
    return max(number for number, _, _ in _scripts(dialect))


def migrate_sqlite(path: Path | str) -> list[str]:
    """Bring one file up to date; the names of the scripts applied."""
    applied = []
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(
        sqlite3.connect(path, isolation_level=None, uri=isinstance(path, str))
    ) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS schema_scripts (number INTEGER PRIMARY KEY)")
        done = {row[0] for row in connection.execute("SELECT number FROM schema_scripts")}
        for number, name, text in _scripts("sqlite"):
            if number not in done:
                connection.executescript(
                    f"BEGIN IMMEDIATE; {text}; "
                    f"INSERT INTO schema_scripts VALUES ({number}); COMMIT;"
                )
                applied.append(name)
    return applied


def migrate_postgres(owner_url: str, service_url: str) -> list[str]:
    """Bring one database up to date as its owner; grant the role of ``service_url`` its rights.

    No other role may connect after that.
    """
    applied = []
    role = sql.Identifier(str(conninfo_to_dict(service_url)["user"]))
    with psycopg.connect(owner_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS schema_scripts (number int PRIMARY KEY)")
        done = {row[0] for row in connection.execute("SELECT number FROM schema_scripts")}
        for number, name, text in _scripts("postgres"):
            if number not in done:
                connection.execute(text.encode())
                connection.execute("INSERT INTO schema_scripts VALUES (%s)", (number,))
                applied.append(name)
        if connection.info.user != conninfo_to_dict(service_url)["user"]:
            writable = sql.SQL(", ").join(sql.Identifier(table) for table in _WRITABLE)
            database = sql.Identifier(connection.info.dbname)
            for statement in (
                sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC"),
                sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}"),
                sql.SQL("GRANT SELECT, INSERT ON stored_events TO {role}"),
                sql.SQL("GRANT SELECT ON log_identity, schema_scripts TO {role}"),
                sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {writable} TO {role}"),
                sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {role}"),
            ):
                connection.execute(
                    statement.format(role=role, writable=writable, database=database)
                )
    return applied


def check(store: Store) -> None:
    """Refuse a database that is older or newer than this release."""
    known = newest(store.dialect)
    try:
        with store.reading() as tx:
            found = tx.query("SELECT max(number) AS number FROM schema_scripts")[0]["number"] or 0
    except Exception as error:
        if "schema_scripts" not in str(error):
            raise
        found = 0
    if found < known:
        raise SchemaMismatch(
            f"the database of {store.name} has schema {found}, this release needs {known}: "
            f"run `python -m services.{store.name} migrate`"
        )
    if found > known:
        raise SchemaTooNew(
            f"the database of {store.name} has schema {found}, newer than {known}: "
            "upgrade this process"
        )
