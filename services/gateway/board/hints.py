"""What is worth knowing about a home before its people are answered: outages, and what recurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from services.gateway.frame import formats, words
from services.gateway.frame.directory import Unit
from services.gateway.frame.edge import edge
from services.gateway.sessions.asking import Answers
from shared.errors import Forbidden

Data = dict[str, Any]
LOOK_BACK = timedelta(days=90)
MOST_UNITS = 10
_MOST_REPORTS = 50


def of_units(community: str, wanted: list[str], units: Mapping[str, Unit]) -> dict[str, list[str]]:
    """By unit, a sentence each. What cannot be had just now is left out."""
    asked = wanted[:MOST_UNITS]
    if not asked:
        return {}
    answers = Answers(
        {
            "outages": ("workorders", "incidents", {"community": community, "open": True}),
            **{
                unit: (
                    "workorders",
                    "list",
                    {"community": community, "unit": unit, "limit": _MOST_REPORTS},
                )
                for unit in asked
            },
        }
    )
    zone = edge().directory.community(community).zone
    outages = _rows(answers, "outages", "incidents")
    since = edge().clock.now() - LOOK_BACK
    found: dict[str, list[str]] = {}
    for unit in asked:
        known = units.get(unit)
        here = [one for one in outages if known is not None and known.building in one["buildings"]]
        reports = [
            one
            for one in _rows(answers, unit, "orders")
            if formats.when(one["submitted_at"]) >= since and one["state"] != "cancelled"
        ]
        found[unit] = [*map(_outage, here), *_reports(reports, zone)]
    return found


def _rows(answers: Answers, name: str, field: str) -> list[Data]:
    try:
        answer = answers.plain(name)
    except Forbidden:
        return []
    rows: list[Data] = answer[field] if answer is not None else []
    return rows


def _outage(incident: Data) -> str:
    what = words.category(incident["kind"], incident["category"])
    if incident["notice"]:
        return _("Outage: %(what)s. %(notice)s", what=what, notice=incident["notice"])
    return _("Outage: %(what)s.", what=what)


def _reports(reports: list[Data], zone: Any) -> list[str]:
    """How many there were, and what came back."""
    if not reports:
        return []
    last = max((formats.when(one["submitted_at"]) for one in reports), key=datetime.timestamp)
    told = [
        ngettext(
            "%(num)s report in 90 days, on %(day)s.",
            "%(num)s reports in 90 days, the last on %(day)s.",
            len(reports),
            day=formats.day(last, zone),
        )
    ]
    counts = Counter((one["kind"], one["category"]) for one in reports)
    (kind, category), count = counts.most_common(1)[0]
    if count > 1:
        told.append(
            _(
                "%(what)s: reported %(count)s times.",
                what=words.category(kind, category),
                count=formats.number(count),
            )
        )
    return told
