"""All five services as processes: what they take, alone and for a lifecycle; and two replicas."""

from __future__ import annotations

from benchmarks.report.tables import WAYS, Results, number, rounds, table

_PROCESSES = ("serve", "work")
_SERVICES = ("security", "workorders", "billing", "notifications", "analytics")


def resources(found: Results) -> str:
    names = [f"{service}_{kind}" for service in _SERVICES for kind in _PROCESSES]
    names += ["gateway_serve", "postgres", "rabbitmq"]
    rows = [
        [
            name.replace("_", " "),
            number(found.get(f"start_seconds_{name}")),
            number(found.get(f"rest_memory_mb_{name}")),
            number(found.get(f"load_memory_mb_{name}")),
            number(found.get(f"rest_cpu_percent_{name}")),
            number(found.get(f"load_each_cpu_percent_{name}")),
            number(found.get(f"load_batch_cpu_percent_{name}")),
            number(found.get(f"pages_rush_cpu_percent_{name}")),
            _connections(found, name),
        ]
        for name in names
        if f"rest_memory_mb_{name}" in found
    ]
    heads = [
        "process", "start, s", "MB at rest", "MB under load", "% of a core at rest",
        "call by call", "in batches", "at the pages, no pause",
        "connections, PostgreSQL / RabbitMQ",
    ]  # fmt: skip
    if not rows:
        return ""
    load = " and ".join(
        f"{number(found.get(f'platform_{way}_32_lifecycles'))} lifecycles/s {text}"
        for way, text in (("each", "call by call"), ("batch", "in batches"))
    )
    return (
        f"{table(heads, rows)}\n\nThe load, with all five services at work on it: {load}. Of "
        f"{rounds(found)}, and as many starts; memory and what is at rest are of one look. Memory "
        "is what a process would give back: what PostgreSQL's processes share, its buffers above "
        "all, is not in it."
    )


def _connections(found: Results, name: str) -> str:
    counts = [found.get(f"load_connections_{server}_{name}") for server in ("postgres", "rabbitmq")]
    return " / ".join(str(count) for count in counts if count is not None)


def footprint(found: Results) -> str:
    rows = []
    for way in ("each", "batch"):
        processor = f"platform_{way}_cpu_ms_"
        used = {n: v for n, v in found.items() if n.startswith(processor)}
        if not used:
            continue
        logs, views = (
            sum(
                v for n, v in found.items() if n.startswith(f"bytes_{way}_pg_") and n.endswith(part)
            )
            for part in ("_log", "_views")
        )
        rows.append(
            [
                WAYS[way],
                number(sum(used.values()) - used.get(f"{processor}client", 0.0)),
                *map(number, (logs, views)),
                *(number(found.get(f"bytes_{way}_{name}")) for name in ("wal", "rabbitmq")),
            ]
        )
    heads = [
        "", "processor, ms", "bytes in the logs", "bytes in views and beside",
        "bytes written ahead", "bytes in and out of RabbitMQ",
    ]  # fmt: skip
    if not rows:
        return ""
    return (
        f"{table(heads, rows)}\n\nOf {rounds(found)}, counted until every handler of every service "
        "has caught up."
    )


def replicas(found: Results) -> str:
    rows = [
        [
            WAYS[way],
            *(
                number(found.get(f"replicas_{count}_{way}_{what}"))
                for what in ("lifecycles", "p99_ms", "cores")
                for count in (1, 2)
            ),
            number(found.get(f"replicas_ratio_{way}")),
        ]
        for way in ("each", "batch")
        if f"replicas_ratio_{way}" in found
    ]
    heads = [
        "32 in flight, with one and two `workorders serve`", "lifecycles/s, 1", "2", "p99 ms, 1",
        "2", "cores used, 1", "2", "2 against 1",
    ]  # fmt: skip
    return table(heads, rows) if rows else ""
