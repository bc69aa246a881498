"""Views that catch up."""

from __future__ import annotations

from benchmarks.report.tables import Results, number, table

_NAMES = {
    "postgres": "wuye, PostgreSQL",
    "sqlite": "wuye, SQLite",
    "projection_runner": "eventsourcing's ProjectionRunner, PostgreSQL",
}


def catching_up(found: Results) -> str:
    rows = [
        [
            text,
            number(found[f"catch_up_{name}_events"]),
            number(found[f"catch_up_{name}_events_per_second"]),
        ]
        for name, text in _NAMES.items()
        if f"catch_up_{name}_events" in found
    ]
    over_rpc = found.get("rebuild_events_per_second")
    if over_rpc is not None:
        what = "wuye, a rebuild in analytics, over RPC (one round)"
        rows.append([what, number(found["rebuild_events"]), number(over_rpc)])
    return table(["", "events", "events/s"], rows) if rows else ""
