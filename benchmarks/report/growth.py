"""The same with more orders in the store, and with longer orders; and the slopes."""

from __future__ import annotations

from benchmarks.report.tables import Results, number, percents, rounds, table


def growth(found: Results) -> str:
    return "\n\n".join(filter(None, (_stores(found), _orders(found))))


def _stores(found: Results) -> str:
    sizes = sorted(int(name.split("_")[1]) for name in found if name.endswith("_fill_seconds"))
    if not sizes:
        return ""
    rows = [
        [
            f"{size:,}",
            number(found.get(f"growth_{size}_each_32_lifecycles")),
            number(found.get(f"growth_{size}_batch_32_lifecycles")),
            *(percents(found, f"growth_{size}_{what}_32") for what in ("each", "batch")),
            percents(found, f"growth_{size}_each_32_visible"),
        ]
        for size in sizes
    ]
    slopes = ("each", "batch", "each_p99", "batch_p99", "visible_p99")
    rows.append(
        ["with ten times as many", *(_slope(found, f"growth_slope_{name}") for name in slopes)]
    )
    heads = [
        "orders in the store", "call by call, 32", "in batches, 32", "a command, ms",
        "a command in batches, ms", "to be visible, call by call, ms",
    ]  # fmt: skip
    return (
        f"{table(heads, rows)}\n\nThe last row is the least-squares line through the logarithms, "
        f"of p99 where there are three figures. To be visible: of {rounds(found)}, shorter than "
        "the others."
    )


def _orders(found: Results) -> str:
    stem, end = "order_", "_events_p50_ms"
    lengths = sorted(
        int(name.removeprefix(stem).removesuffix(end))
        for name in found
        if name.startswith(stem) and name.endswith(end)
    )
    if not lengths:
        return ""
    rows = [
        [
            f"{length:,}",
            number(found[f"order_{length}_events_p50_ms"]),
            number(found[f"order_{length}_events_cold_p50_ms"]),
            str(found.get(f"order_{length}_events_since_snapshot", "")),
        ]
        for length in lengths
    ]
    rows.append(["with ten times as many", _slope(found, "order_slope"), "", ""])
    heads = [
        "events of the order", "a command, state in memory, ms", "the first after a start, ms",
        "events it reads after the snapshot",
    ]  # fmt: skip
    return table(heads, rows)


def _slope(found: Results, name: str) -> str:
    value = found.get(f"{name}_percent")
    return "" if value is None else f"{value:+.1f} %"
