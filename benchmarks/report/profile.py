"""What the servers themselves counted."""

from __future__ import annotations

from benchmarks.report.tables import WAYS, Results, number, table

_ROWS = (
    ("statements", "postgres_statements"),
    ("time in statements, ms", "postgres_ms"),
    ("bytes written ahead", "postgres_wal_bytes"),
    ("messages published", "rabbitmq_published"),
    ("of which confirmed to the publisher", "rabbitmq_confirmed"),
    ("messages delivered", "rabbitmq_delivered"),
    ("of which acknowledged", "rabbitmq_acknowledged"),
    ("bytes in and out of RabbitMQ", "rabbitmq_network_bytes"),
    ("bytes RabbitMQ wrote to files", "rabbitmq_file_bytes"),
)


def profile(found: Results) -> str:
    ways = [way for way in ("usual", "each", "batch") if f"profile_{way}_postgres_ms" in found]
    if not ways:
        return ""
    rows = [
        [text, *(number(found.get(f"profile_{way}_{key}")) for way in ways)] for text, key in _ROWS
    ]
    blocks = [table(["for a lifecycle", *(WAYS[way] for way in ways)], rows)]
    blocks.append(
        "By `pg_stat_statements` and RabbitMQ's own counters, in one round each of 32 in flight, "
        "with the three services of the ratios, after all else was measured. The fsync of a "
        "commit comes after its statements and is in none of their times. Those that took the "
        "most:"
    )
    tops = [
        [
            f"`{found[f'{stem}_{place}']}`".replace("|", r"\|"),
            WAYS[way],
            number(found[f"{stem}_{place}_calls"]),
            number(found[f"{stem}_{place}_us"]),
        ]
        for way in ways
        for stem in (f"profile_{way}_postgres_top",)
        for place in range(1, 10)
        if f"{stem}_{place}" in found
    ]
    blocks.append(table(["statement", "of", "calls a lifecycle", "µs a lifecycle"], tops))
    return "\n\n".join(blocks)
