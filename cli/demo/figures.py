"""Satisfaction and efficiency as tables, and what the month brought in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.table import Table

from cli import console
from cli.audit import logs
from cli.console import yuan
from cli.demo.tally import tally
from cli.operator import Operator

Figures = dict[str, Any]
# the dimensions shown, one after another, each with the words for its values
Names = Sequence[tuple[str, Callable[[str | None], str]]]

_EVENTS = (
    ("WorkOrderRepaired", "repaired"),
    ("WorkOrderPaused", "paused"),
    ("WorkOrderHandedBack", "handed back"),
    ("WorkOrderTransferred", "transferred"),
    ("WorkOrderCancelled", "cancelled"),
    ("WorkOrderDeclined", "declined"),
    ("WorkOrderAppealed", "appealed"),
    ("WorkOrderReminded", "reminded"),
    ("WorkOrderCheckRequested", "left to staff to check"),
    ("WorkOrderRated", "rated"),
    ("WorkOrderRatingAnswered", "ratings answered"),
)


def month(operator: Operator, orders: Sequence[logs.Envelope]) -> Table:
    """What was recorded: ``orders``, what befell them, and what was billed and paid."""
    kinds = Counter(one["data"]["kind"] for one in orders if one["type"] == "WorkOrderSubmitted")
    types = Counter(one["type"] for one in orders)
    found = console.table("The month", "what", "count", right=("count",))
    found.show_header = False
    console.row(found, "repairs", kinds["repair"])
    console.row(found, "complaints", kinds["complaint"])
    for name, words in _EVENTS:
        console.row(found, words, types[name])
    money: Counter[str] = Counter()
    for one in events(operator, "billing"):
        money[one["type"]] += one["data"].get("amount_fen", 0)
    console.row(found, "billed", yuan(money["BillRaised"]))
    console.row(found, "paid", yuan(money["BillPaid"]))
    console.row(found, "voided", yuan(money["BillVoided"]))
    left = money["BillRaised"] - money["BillPaid"] - money["BillVoided"]
    console.row(found, "still to be paid", yuan(left))
    return found


def outcomes(orders: Sequence[logs.Envelope]) -> Table:
    """What came of escalations, rework, quotes, visits, follow-ups and inquiries."""
    found = console.table("Outcomes", "what", "outcome", "count", right=("count",))
    before = None
    for (what, outcome), count in sorted(tally(orders).items()):
        console.row(found, "" if what == before else what, outcome, count)
        before = what
    return found


def satisfaction(operator: Operator, names: Names) -> Table:
    columns = [
        "ratings", "mean", *(f"{count}★" for count in range(1, 6)), "4 and 5", "accepted",
        "answered",
    ]  # fmt: skip
    found = console.table("Satisfaction", "", *columns, right=columns)
    for label, one in _grouped(operator, "satisfaction", names, found):
        console.row(
            found, label, one["count"], _mean(one["mean"]), *one["distribution"].values(),
            _percent(one["share_of_4_and_5"]), one["accepted"], _percent(one["response_rate"]),
        )  # fmt: skip
    return found


def times(operator: Operator, names: Names) -> Table:
    percents = ("p50", "p90", "p95")
    steps = {"sent": "to_dispatch", "fixed": "to_last_repair", "taken": "to_accept"}
    columns = [f"{word}\n{percent}" for word in steps for percent in percents]
    found = console.table(
        "Efficiency: time from report to sent, fixed, taken as done", "", *columns, right=columns
    )
    for label, one in _grouped(operator, "efficiency", names, found):
        spans = [_span(one[name][percent]) for name in steps.values() for percent in percents]
        console.row(found, label, *spans)
    return found


def results(operator: Operator, names: Names) -> Table:
    columns = ["orders", "right at once", "redone", "cancelled", "declined", "open", "oldest"]
    found = console.table("Efficiency: what came of it", "", *columns, right=columns)
    for label, one in _grouped(operator, "efficiency", names, found):
        shares = ("first_time_fix", "rework", "cancelled", "declined")
        console.row(
            found, label, one["count"], *(_percent(one[f"{name}_share"]) for name in shares),
            one["backlog"]["count"], _span(one["backlog"]["age_max"]),
        )  # fmt: skip
    return found


def _grouped(
    operator: Operator, method: str, names: Names, into: Table
) -> Iterable[tuple[str, Figures]]:
    """All together, then each dimension under its name."""
    yield "all", operator.call("analytics", method, {})["total"]
    for dimension, words in names:
        into.add_section()
        console.row(into, f"by {dimension}", *[""] * (len(into.columns) - 1))
        groups = operator.call("analytics", method, {"group_by": [dimension]})["groups"]
        named = [(words(one[dimension]), one) for one in groups]
        for name, one in sorted(named, key=lambda pair: pair[0]):
            yield f"  {name}", one


def events(operator: Operator, service: str) -> Iterable[logs.Envelope]:
    for page, _ in logs.envelopes(operator, service, 0, logs.head(operator, service)):
        yield from page


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"


def _mean(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _span(seconds: float | None) -> str | None:
    """Whole minutes (`47m`), hours (`5.2h`) or days (`3.1d`)."""
    if seconds is None:
        return None
    minutes = seconds / 60
    if minutes < 100:
        return f"{minutes:.0f}m"
    return f"{minutes / 60:.1f}h" if minutes < 48 * 60 else f"{minutes / 1440:.1f}d"
