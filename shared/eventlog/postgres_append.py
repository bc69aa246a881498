"""Appending to the log on PostgreSQL: lock, check of versions, insert and news in one statement.

By itself it is a transaction of its own, without BEGIN or COMMIT: one round trip, whatever it
holds. What it sees is from before it waited for the lock; should a stream have moved meanwhile, its
key refuses the whole statement, and whoever asked takes the lock first and asks again.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import Cursor
from psycopg.rows import DictRow

from shared.eventlog.store import NOBODY, Append, deal, due, winners

LOG_LOCK = 0x7775_7965_01
CHANNEL = "wuye_log"

# A row goes in where its stream stands at one of the versions that it is ``due`` at (as text, since
# arrays of arrays come apart). Those who listen are told in the same breath; they hear of it once
# it is committed.
_APPEND = f"""
    WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock({LOG_LOCK})),
    inserted AS (
        INSERT INTO stored_events (originator_id, originator_version, topic, state)
        SELECT row.stream, row.version, row.topic, row.state
        FROM turn, unnest(%(streams)b::text[], %(due)b::text[], %(versions)b::bigint[],
        %(topics)b::text[], %(states)b::bytea[])
            WITH ORDINALITY AS row (stream, due, version, topic, state, place)
        WHERE coalesce((
            SELECT originator_version FROM stored_events WHERE originator_id = row.stream
            ORDER BY originator_version DESC LIMIT 1
        ), 0) = ANY (row.due::bigint[])
        ORDER BY row.place
        RETURNING originator_id, originator_version, notification_id
    ),
    told AS (
        SELECT pg_notify('{CHANNEL}', max(notification_id)::text) FROM inserted
        HAVING count(*) > 0
    )
    SELECT originator_id, originator_version, notification_id FROM inserted, told
"""


def append(cursor: Cursor[DictRow], batch: Sequence[Append]) -> list[list[int] | None]:
    """As ``Tx.append``; where a stream moved while this waited for the lock, ``IntegrityError``."""
    rows = list(due(batch))
    cursor.execute(
        _APPEND,
        {
            "streams": [row.originator_id for _, row in rows],
            "due": [f"{{{','.join(map(str, versions))}}}" for versions, _ in rows],
            "versions": [row.originator_version for _, row in rows],
            "topics": [row.topic for _, row in rows],
            "states": [row.state for _, row in rows],
        },
        prepare=True,
    )
    before = {item.stream: NOBODY for item in batch}
    ids = {}
    for found in cursor.fetchall():
        stream, version = found["originator_id"], found["originator_version"]
        ids[stream, version] = found["notification_id"]
        if before[stream] == NOBODY:
            before[stream] = version - 1
    verdict, won = winners(batch, before)
    return deal(batch, verdict, [ids[row.originator_id, row.originator_version] for row in won])
