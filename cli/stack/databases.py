"""A database a service. The tables belong to `wuye_owner`, whom only migrations log in as.

The role of a service, `wuye_<service>`, may enter its own database alone, and there do what the
migration grants it: on events that is SELECT and INSERT.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from cli.stack.passwords import kept
from shared.servers import PrivatePostgres

OWNER = "wuye_owner"


@dataclass(frozen=True)
class Database:
    """`url`: as the service's own role; `migration_url`: as the owner of its tables."""

    url: str
    migration_url: str


def role_of(service: str) -> str:
    """The name of a service's role, and of its database."""
    return f"wuye_{service}"


def ensure(
    cluster: PrivatePostgres, services: Iterable[str], passwords: Path
) -> dict[str, Database]:
    """Make the roles and databases that are missing. `passwords`: the file that keeps theirs."""
    names = {service: role_of(service) for service in services}
    known = kept(passwords, [OWNER, *names.values()])
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        there = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        for role in (OWNER, *names.values()):
            verb = "ALTER" if role in roles else "CREATE"
            connection.execute(
                sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}").format(
                    sql.Identifier(role), sql.Literal(known[role])
                )
            )
        for name in names.values():
            database, owner = sql.Identifier(name), sql.Identifier(OWNER)
            if name not in there:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(name))
            )
    return {
        service: Database(
            cluster.url(name, name, known[name]), cluster.url(name, OWNER, known[OWNER])
        )
        for service, name in names.items()
    }
