"""What lifecycles leave in PostgreSQL and send through RabbitMQ, in bytes."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg

from benchmarks.ours import Ours
from benchmarks.servers import Servers

_SIZES = """
    SELECT CASE WHEN relname = 'stored_events' THEN 'log' ELSE 'views' END AS part,
           sum(pg_total_relation_size(pg_class.oid))
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind = 'r' GROUP BY part
"""
# In and out of every open connection of the node.
_SENT = """lists:sum([Bytes || Port <- erlang:ports(),
    erlang:port_info(Port, name) =:= {name, "tcp_inet"},
    {ok, Found} <- [inet:getstat(Port, [recv_oct, send_oct])], {_, Bytes} <- Found])"""
_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"


def taken(ours: Ours) -> dict[str, float]:
    """Bytes so far: each service's log and everything beside it, what was written ahead
    (``wal``), and what went in and out of ``rabbitmq``.
    """
    found: dict[str, float] = {}
    for service, url in ours.stack.owner_urls.items():
        with psycopg.connect(url, autocommit=True) as connection:
            for part, size in connection.execute(_SIZES).fetchall():
                found[f"pg_{service}_{part}"] = float(size)
            if "wal" not in found:
                row = connection.execute(_WRITTEN).fetchone()
                found["wal"] = float(row[0]) if row else 0.0
    found["rabbitmq"] = sent(ours.servers)
    return found


def sent(servers: Servers) -> float:
    """Bytes in and out of RabbitMQ so far, of the connections that are open."""
    return float(servers.rabbitmq.evaluate(_SENT))


def a_lifecycle(
    before: Mapping[str, float], after: Mapping[str, float], lifecycles: int, way: str
) -> dict[str, float]:
    """``bytes_<way>_<what>``: what one lifecycle of this round added."""
    return {
        f"bytes_{way}_{name}": (after[name] - before[name]) / max(1, lifecycles) for name in after
    }
