"""What PostgreSQL and RabbitMQ say they did for a lifecycle, of ours and of the usual composition.

The last thing of a run and in rounds of its own: PostgreSQL is started anew with
`pg_stat_statements`, which takes its share. RabbitMQ counts all the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from textwrap import shorten

import psycopg

from benchmarks import footprint
from benchmarks.figures import Figures
from benchmarks.ours import Ours, Way
from benchmarks.rounds import Contestant
from benchmarks.servers import Servers
from benchmarks.usual.stack import Usual

IN_FLIGHT = 32
SECONDS = 4.0
WARM_UP_SECONDS = 1.0
TOP = 5
_TEXT_LENGTH = 100

# what Erlang counts by itself, in the order of the tuple that `_COUNTED` gives
_COUNTERS = ("published", "confirmed", "delivered", "acknowledged", "file_bytes")
_COUNTED = """begin O = rabbit_global_counters:overview(), P = {protocol, amqp091},
    A = maps:get([P], O), Q = maps:get([P, {queue_type, rabbit_classic_queue}], O),
    {maps:get(messages_received_total, A), maps:get(messages_confirmed_total, A),
     maps:get(messages_delivered_total, Q), maps:get(messages_acknowledged_total, Q),
     proplists:get_value({io_write, bytes}, file_handle_cache_stats:get())} end"""
# times are in ms; without what the benchmark itself asks while it waits, which of ours is all that
# the superuser does
_STATEMENTS = """
    SELECT query, sum(calls)::float8, sum(total_exec_time)::float8, sum(wal_bytes)::float8
    FROM pg_stat_statements
    JOIN pg_database ON pg_database.oid = dbid JOIN pg_roles ON pg_roles.oid = userid
    WHERE (datname LIKE 'stack%' AND rolname <> 'postgres')
        OR (datname LIKE 'usual%' AND query NOT LIKE 'SELECT count(*)%')
    GROUP BY query ORDER BY 3 DESC
"""


def measure(servers: Servers, folder: Path, figures: Figures, tell: Callable[[str], None]) -> None:
    folder.mkdir(parents=True)
    servers.postgres.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    servers.postgres.restart()
    servers.postgres.execute("CREATE EXTENSION pg_stat_statements")
    with ExitStack() as stack:
        ours = stack.enter_context(Ours(servers, folder / "ours"))
        usual = stack.enter_context(Usual(servers, folder / "usual", ours.cast(), tuned=False))
        for one in (Way(ours, "each"), Way(ours, "batch"), usual):
            _one(servers, one, figures, tell)


def _one(
    servers: Servers, contestant: Contestant, figures: Figures, tell: Callable[[str], None]
) -> None:
    contestant.prepare(IN_FLIGHT)
    contestant.run(IN_FLIGHT, WARM_UP_SECONDS)
    contestant.prepare(IN_FLIGHT)
    servers.postgres.execute("SELECT pg_stat_statements_reset()")
    before = _counted(servers)
    lifecycles = max(1, contestant.run(IN_FLIGHT, SECONDS).lifecycles)
    contestant.prepare(IN_FLIGHT)
    after = _counted(servers)
    stem = f"profile_{contestant.name}"
    figures.put(
        **{f"{stem}_rabbitmq_{name}": (after[name] - before[name]) / lifecycles for name in after}
    )
    with psycopg.connect(servers.postgres.url()) as connection:
        rows = connection.execute(_STATEMENTS.encode()).fetchall()
    figures.put(**statements(f"{stem}_postgres", rows, lifecycles))
    tell(f"{contestant.name}: {figures.values[f'{stem}_postgres_statements']:.1f} statements")


def statements(
    stem: str, rows: Sequence[tuple[str, float, float, float]], lifecycles: int
) -> dict[str, str | float]:
    """All of them for one lifecycle, and those that took the most time, from 1."""
    found: dict[str, str | float] = {
        f"{stem}_statements": sum(row[1] for row in rows) / lifecycles,
        f"{stem}_ms": sum(row[2] for row in rows) / lifecycles,
        f"{stem}_wal_bytes": sum(row[3] for row in rows) / lifecycles,
    }
    for place, (text, calls, milliseconds, _) in enumerate(rows[:TOP], start=1):
        found[f"{stem}_top_{place}"] = shorten(text, _TEXT_LENGTH, placeholder=" …")
        found[f"{stem}_top_{place}_calls"] = calls / lifecycles
        found[f"{stem}_top_{place}_us"] = 1000 * milliseconds / lifecycles
    return found


def _counted(servers: Servers) -> Mapping[str, float]:
    answer = servers.rabbitmq.evaluate(_COUNTED)
    numbers = [float(text) for text in re.findall(r"\d+", answer)]
    return {
        **dict(zip(_COUNTERS, numbers, strict=True)),
        "network_bytes": footprint.sent(servers),
    }
