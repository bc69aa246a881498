"""How figures are written, and tables of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.scale import IN_FLIGHT

Results = Mapping[str, Any]
WAYS = {
    "usual": "usual composition",
    "usual_tuned": "the same, tuned",
    "each": "wuye, call by call",
    "batch": "wuye, in batches",
    "floor": "floor",
}


def number(value: float | None) -> str:
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def rounds(found: Results) -> str:
    """How many there were of what is measured beside."""
    count = found.get("few_rounds", 1)
    return "one round" if count == 1 else f"{count} rounds"


def percents(found: Results, stem: str) -> str:
    values = [found.get(f"{stem}_p{percent}_ms") for percent in (50, 95, 99)]
    return " / ".join(map(number, values)) if None not in values else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *rows))


def by_in_flight(found: Results, cell: Callable[[str, int], str], ways: Sequence[str]) -> str:
    rows = [[WAYS[way], *(cell(way, count) for count in IN_FLIGHT)] for way in ways]
    kept = [row for row in rows if any(row[1:])]
    return table(["in flight", *map(str, IN_FLIGHT)], kept) if kept else ""
