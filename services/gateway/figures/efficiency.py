"""How fast work is done and what is open: what is asked, and the tiles, charts and lists of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.figures import charts
from services.gateway.figures.charts import Chart
from services.gateway.figures.selection import Selection
from services.gateway.figures.series import along, labels
from services.gateway.figures.tiles import Measure, Tile, tile
from services.gateway.frame import words
from services.gateway.frame.navigation import BOARD
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.visitor import the_visitor

Data = Mapping[str, Any]
HOUR, DAY = 3600.0, 86_400.0
MEASURES = (
    Measure(_l("Orders submitted"), ("count",), charts.count),
    Measure(_l("Dispatched, 9 of 10 within"), ("to_dispatch", "p90"), charts.duration, -1, HOUR),
    Measure(_l("Repaired, half within"), ("to_first_repair", "p50"), charts.duration, -1, DAY),
    Measure(_l("Fixed the first time"), ("first_time_fix_share",), charts.share, 1, 0.9),
    Measure(_l("Reported again later"), ("follow_up_share",), charts.share, -1),
    Measure(_l("Open now"), ("backlog", "count"), charts.count, by_time=False),
    Measure(_l("The oldest open one"), ("backlog", "age_max"), charts.duration, by_time=False),
)
STEPS = {
    "dispatch": _l("Dispatching"),
    "repair": _l("Repairing"),
    "accept": _l("Accepting"),
}
MOST_AT_RISK = 10
_LEVELS = 4


class Cell(NamedTuple):
    """``level``: 0 to 4, by how many orders there are beside the fullest cell."""

    count: int
    step: str | None
    takes: str | None
    level: int


def ask(selection: Selection) -> Answers:
    def about(**more: Any) -> tuple[str, str, dict[str, Any]]:
        return "analytics", "efficiency", selection.question(**more)

    questions = {
        "all": about(),
        "time": about(group_by=[selection.period.by]),
        "before": about(period=selection.period.before()),
        "category": about(group_by=["kind", "category"]),
        "map": about(group_by=["building", "kind", "category"]),
    }
    if not BOARD.isdisjoint(the_visitor().roles()):
        asked = {
            "community": selection.community.id,
            "building": selection.building,
            "kind": selection.kind,
            "lanes": ["submitted", "waiting", "working", "paused"],
            "limit": MOST_AT_RISK,
        }
        asked = {name: value for name, value in asked.items() if value}
        questions["board"] = ("workorders", "board", asked)
    return Answers(questions)


def tiles(selection: Selection, answers: Answers) -> list[Tile]:
    """The backlog is that of now whatever the period, so it has no earlier one to stand beside."""
    now, by_time, before = answers.get("all"), answers.get("time"), answers.get("before")
    if now is None:
        return []
    points = along(selection.period, by_time["groups"] if by_time is not None else ())
    earlier = before["total"] if before is not None else None
    return [tile(one, now["total"], earlier if one.by_time else None, points) for one in MEASURES]


def of(selection: Selection, answers: Answers) -> list[Chart]:
    found = []
    now, by_time, by_category = answers.get("all"), answers.get("time"), answers.get("category")
    if by_time is not None:
        figures = along(selection.period, by_time["groups"])
        points = list(zip(labels(selection.period), figures, strict=True))
        found += [
            Chart(
                "submitted",
                "lines",
                _("Orders submitted"),
                _("How many were submitted, and how many of them have been repaired by now."),
                _("Time"),
                (_("Submitted"), _("Repaired by now")),
                tuple(
                    (label, (0, 0) if one is None else (one["count"], one["repaired"]))
                    for label, one in points
                ),
                charts.counts(),
            ),
            Chart(
                "time-to-repair",
                "lines",
                _("Time to the first repair"),
                _("Of the orders submitted then: half, 9 of 10 and 19 of 20 were done within."),
                _("Time"),
                _percentile_names(),
                tuple(
                    (label, _percentiles(one and one["to_first_repair"])) for label, one in points
                ),
                charts.seconds(),
            ),
        ]
    if by_category is not None:
        found.append(
            Chart(
                "category",
                "bars",
                _("Time to the first repair by category"),
                _("Half, 9 of 10 and 19 of 20 orders were done within; most orders first."),
                _("Category"),
                _percentile_names(),
                tuple(
                    (
                        words.category(one["kind"], one["category"]),
                        _percentiles(one["to_first_repair"]),
                    )
                    for one in sorted(by_category["groups"], key=lambda one: -int(one["count"]))
                    if one["to_first_repair"]["count"]
                ),
                charts.seconds(),
            )
        )
    if now is not None:
        found.append(
            Chart(
                "backlog",
                "columns",
                _("How old the open orders are"),
                _("Everything that is open now, whenever it was submitted."),
                _("Age"),
                (_("Orders"),),
                tuple((_age(one), (one["count"],)) for one in now["total"]["backlog"]["ages"]),
                charts.counts(),
            )
        )
    return found


def bottlenecks(
    selection: Selection, answers: Answers
) -> tuple[list[str], list[tuple[str, list[Cell | None]]]] | None:
    """Building names, and for each category a cell a building; None where it cannot be had."""
    found = answers.get("map")
    if found is None:
        return None
    names = selection.buildings()
    # what lies on common ground has no building
    places: list[str | None] = list(dict.fromkeys(one["building"] for one in found["groups"]))
    places.sort(key=lambda one: (one is None, names.get(one or "", "")))
    most = max((one["count"] for one in found["groups"]), default=0)
    rows: dict[tuple[str, str], dict[str | None, Cell]] = {}
    for one in found["groups"]:
        if one["count"]:
            row = rows.setdefault((one["kind"], one["category"]), {})
            row[one["building"]] = _cell(one, most)
    heads = [names.get(one or "", _("Common ground")) for one in places]
    return heads, [
        (words.category(*key), [row.get(place) for place in places])
        for key, row in sorted(
            rows.items(), key=lambda one: -sum(cell.count for cell in one[1].values())
        )
    ]


def _cell(figures: Data, most: int) -> Cell:
    """The slowest step is the one that 9 of 10 orders need longest for."""
    known = {
        name: step["p90"] for name, step in figures["steps"].items() if step["p90"] is not None
    }
    slowest = max(known, key=lambda name: known[name], default=None)
    return Cell(
        figures["count"],
        str(STEPS[slowest]) if slowest else None,
        charts.duration(known[slowest]) if slowest else None,
        -(-_LEVELS * figures["count"] // most),
    )


def _percentile_names() -> tuple[str, ...]:
    return (_("Half (p50)"), _("9 of 10 (p90)"), _("19 of 20 (p95)"))


def _percentiles(times: Data | None) -> tuple[charts.Value, ...]:
    return tuple(None if times is None else times[name] for name in ("p50", "p90", "p95"))


def _age(one: Data) -> str:
    if one["to"] is None:
        return _("%(days)s+ days", days=one["from"])
    if one["from"] == 0:
        return _("< 1 day")
    return _("%(low)s–%(high)s days", low=one["from"], high=one["to"])
