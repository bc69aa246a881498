"""How content people are: what is asked of analytics, and the tiles and charts made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.figures import charts
from services.gateway.figures.charts import Chart
from services.gateway.figures.selection import Selection
from services.gateway.figures.series import along, labels, named
from services.gateway.figures.tiles import Measure, Tile, tile
from services.gateway.frame import words
from services.gateway.sessions.asking import Answers

MEASURES = (
    Measure(_l("Stars on average"), ("mean",), charts.stars, 1, 4.5),
    Measure(_l("Rated 4 or 5"), ("share_of_4_and_5",), charts.share, 1, 0.9),
    Measure(_l("Accepted and rated"), ("response_rate",), charts.share, 1, 0.5),
    Measure(_l("Ratings"), ("count",), charts.count),
)


def ask(selection: Selection) -> Answers:
    def about(**more: Any) -> tuple[str, str, dict[str, Any]]:
        return "analytics", "satisfaction", selection.question(**more)

    return Answers(
        {
            "time": about(group_by=[selection.period.by]),
            "before": about(period=selection.period.before()),
            "category": about(group_by=["kind", "category"]),
            "technician": about(group_by=["technician"]),
        }
    )


def tiles(selection: Selection, answers: Answers) -> list[Tile]:
    now, before = answers.get("time"), answers.get("before")
    if now is None:
        return []
    points = along(selection.period, now["groups"])
    earlier = before["total"] if before is not None else None
    return [tile(one, now["total"], earlier, points) for one in MEASURES]


def of(selection: Selection, answers: Answers) -> list[Chart]:
    found = []
    now = answers.get("time")
    if now is not None:
        spread = now["total"]["distribution"]
        found += [
            Chart(
                "stars",
                "columns",
                _("How many stars were given"),
                _("Ratings of the period by their stars."),
                _("Stars"),
                (_("Ratings"),),
                tuple((f"{number} ★", (spread[str(number)],)) for number in range(1, 6)),
                charts.counts(),
            ),
            Chart(
                "stars-over-time",
                "lines",
                _("Stars over time"),
                _("The mean of the ratings given then; gaps where there were none."),
                _("Time"),
                (_("Stars on average"),),
                tuple(
                    (label, (None if one is None else one["mean"],))
                    for label, one in zip(
                        labels(selection.period),
                        along(selection.period, now["groups"]),
                        strict=True,
                    )
                ),
                charts.of_five(),
            ),
        ]
    by_category, by_technician = answers.get("category"), answers.get("technician")
    if by_category is not None:
        names = [words.category(one["kind"], one["category"]) for one in by_category["groups"]]
        title = _("Stars by category")
        found.append(_means("category", title, _("Category"), names, by_category["groups"]))
    if by_technician is not None:
        groups = by_technician["groups"]
        names = named([one["technician"] for one in groups])
        title = _("Stars by technician")
        found.append(_means("technician", title, _("Technician"), names, groups))
    return found


def _means(
    name: str, title: str, of_: str, names: Sequence[str], groups: Sequence[Mapping[str, Any]]
) -> Chart:
    """The worst first; those without a rating are left out."""
    rated = [
        (one["mean"], label, one["count"])
        for label, one in zip(names, groups, strict=True)
        if one["count"]
    ]
    return Chart(
        name,
        "bars",
        title,
        _("The mean of their ratings and how many there were, the lowest first."),
        of_,
        (_("Stars on average"),),
        tuple(
            (f"{label} ({charts.count(count)})", (mean,)) for mean, label, count in sorted(rated)
        ),
        charts.of_five(),
    )
