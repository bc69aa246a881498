"""The tables of the usual composition's two views."""

from __future__ import annotations

TABLES = (
    """
    CREATE TABLE satisfaction (
        id text PRIMARY KEY, community text, building text, category text, kind text, channel text,
        technician text, accepted_at timestamptz, rated_at timestamptz, stars int,
        updated_at timestamptz
    )
    """,
    "CREATE INDEX satisfaction_rated ON satisfaction (community, rated_at)",
    """
    CREATE TABLE efficiency (
        id text PRIMARY KEY, community text, building text, category text, kind text, channel text,
        technician text, state text, version int, submitted_at timestamptz,
        dispatched_at timestamptz, repaired_at timestamptz, accepted_at timestamptz,
        updated_at timestamptz
    )
    """,
    "CREATE INDEX efficiency_submitted ON efficiency (community, submitted_at)",
)
