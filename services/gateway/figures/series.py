"""Points along the time, and names along the side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from services.gateway.figures.period import Period
from services.gateway.frame.edge import edge

Data = Mapping[str, Any]


def along(period: Period, groups: Iterable[Data]) -> list[Data | None]:
    """The figures of each day or month of the period; None where there are none."""
    known = {one[period.by]: one for one in groups}
    return [known.get(point) for point in period.points()]


def labels(period: Period) -> list[str]:
    """The days or months in the reader's words."""
    if period.by == "day":
        return [_told(date.fromisoformat(point), "MMMd") for point in period.points()]
    return [_told(date.fromisoformat(f"{point}-01"), "yMMM") for point in period.points()]


def named(people: Sequence[str | None]) -> list[str]:
    """Their names; numbered where somebody is not known any more, so that they stay apart."""
    names = edge().directory.names(people)
    return [
        names.get(one or "") or (_("Somebody (%(number)s)", number=at) if one else _("Nobody yet"))
        for at, one in enumerate(people, start=1)
    ]


def _told(day: date, skeleton: str) -> str:
    return format_skeleton(skeleton, day, locale=get_locale())
