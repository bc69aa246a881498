"""Lifecycles a second, latencies, and the processor time they took."""

from __future__ import annotations

from benchmarks.report.tables import WAYS, Results, by_in_flight, number, percents, rounds, table
from benchmarks.scale import IN_FLIGHT


def lifecycles(found: Results) -> str:
    return by_in_flight(
        found, lambda way, count: number(found.get(f"{way}_{count}_lifecycles")), list(WAYS)
    )


def latencies(found: Results) -> str:
    return by_in_flight(found, lambda way, count: percents(found, f"{way}_{count}"), [*WAYS][:-1])


def visible(found: Results) -> str:
    text = by_in_flight(
        found, lambda way, count: percents(found, f"{way}_{count}_visible"), ["each", "batch"]
    )
    if text:
        text += f"\n\nOf {rounds(found)}, shorter than those above."
    half = percents(found, "visible")
    if half:
        rate = number(found.get("half_load_lifecycles"))
        settled = number(found.get("settled_after_s"))
        text += (
            f"\n\nAt half load ({rate} lifecycles/s begun at a fixed rate): {half} ms. It began "
            f"when all handlers had caught up with the full load before, after {settled} s."
        )
    return text


def processor(found: Results) -> str:
    rows = []
    for way in WAYS:
        stem = f"{way}_32_cpu_ms_"
        used = {name.removeprefix(stem): v for name, v in found.items() if name.startswith(stem)}
        if used:
            parts = ", ".join(
                f"{name} {number(value)}" for name, value in used.items() if value > 0.005
            )
            rows.append([WAYS[way], number(sum(used.values())), parts])
    return table(["", "all", "of which"], rows) if rows else ""


def series(found: Results) -> dict[str, list[tuple[str, float]]]:
    """For the chart."""
    drawn = {
        text: [
            (str(count), float(found[f"{way}_{count}_lifecycles"]))
            for count in IN_FLIGHT
            if f"{way}_{count}_lifecycles" in found
        ]
        for way, text in WAYS.items()
    }
    return {text: points for text, points in drawn.items() if points}
