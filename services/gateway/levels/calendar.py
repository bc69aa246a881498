"""The working calendar: as it holds, as it is typed, and as the service is asked to set it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict

from services.gateway.api.contracts import contract
from services.gateway.frame import formats
from services.gateway.frame.forms import Form
from services.gateway.levels import hours
from services.gateway.levels.hours import WEEKDAYS
from shared.errors import WuyeError

Data = dict[str, Any]
# rows for local days that stand empty, to be filled
SPARE = 2
# as many as the service takes
MOST_ROWS = 400


def filled(
    told: Data | None, zone: ZoneInfo, year: int, missing: Sequence[int] = ()
) -> MultiDict[str, str]:
    """The form with a calendar in it, or empty; the ``missing`` years of holidays are ticked."""
    values: MultiDict[str, str] = MultiDict()
    week = told["week"] if told else {}
    for day in WEEKDAYS:
        values[f"week.{day}"] = hours.typed(week.get(day, []))
    local = [one for one in told["days"] if one["kind"] == "local"] if told else []
    public = [one for one in told["days"] if one["kind"] != "local"] if told else []
    if public or told is None:
        values["country"] = str(get_global("zone_territories").get(zone.key, ""))
    years = sorted({*missing, *(int(one["date"][:4]) for one in public)}) or [year, year + 1]
    values.setlist("years", [str(one) for one in years])
    for number, one in enumerate(local):
        values[f"day.{number}.date"] = one["date"]
        values[f"day.{number}.hours"] = hours.typed(one["hours"])
        values[f"day.{number}.name"] = one["name"]
    values["rows"] = str(len(local) + SPARE)
    return values


def rows(form: Form) -> range:
    """The numbers of the rows for local days."""
    count = form.text("rows", str(SPARE))
    return range(min(int(count), MOST_ROWS) if count.isdecimal() else SPARE)


def read(form: Form) -> tuple[Data, list[int]]:
    """What to ask, and which row of the form each local day stands in."""
    days, places = [], []
    for number in rows(form):
        day, name = form.text(f"day.{number}.date"), form.text(f"day.{number}.name")
        worked = form.text(f"day.{number}.hours")
        if day.strip() or name.strip() or worked.strip():
            days.append({"date": day.strip(), "hours": hours.read(worked), "name": name.strip()})
            places.append(number)
    asked: Data = {
        "week": {day: hours.read(form.text(f"week.{day}")) for day in WEEKDAYS},
        "days": days,
    }
    if form.text("country"):
        years = [int(year) for year in form.texts("years") if year.isdecimal()]
        asked["holidays"] = {"country": form.text("country"), "years": years}
    return asked, places


def renamed(error: WuyeError, asked: Data, places: list[int]) -> WuyeError:
    """The error with the names of the form's fields in place of those of the request."""
    dates = {day["date"]: place for day, place in zip(asked["days"], places, strict=True)}
    found: dict[str, list[str]] = {}
    for name, texts in error.fields.items():
        first, _, rest = name.partition(".")
        which, _, part = rest.partition(".")
        if first == "days" and which in dates:
            name = f"day.{dates[which]}.hours"
        elif first == "days" and which.isdecimal() and int(which) < len(places):
            name = f"day.{places[int(which)]}.{part}"
        elif first == "holidays":
            name = which if which in ("country", "years") else "country"
        elif name == "week":
            name = "whole_week"
        found.setdefault(name, []).extend(texts)
    error.fields = found
    return error


def countries() -> list[tuple[str, str]]:
    """Whose public holidays are known, by their names in the reader's language."""
    schema = contract("workorders", "set_calendar").takes["holidays"]
    names = get_locale().territories
    codes = schema["properties"]["country"]["enum"]
    return sorted(
        ((code, names.get(code, code)) for code in codes if len(code) == 2),
        key=lambda one: one[1],
    )


def weekdays(form: Form) -> list[tuple[str, str, list[hours.Bar]]]:
    """The days of the form: name of the field, the day's name, and what is typed as bars."""
    names = dict(formats.weekday_names())
    return [
        (f"week.{day}", names[number], hours.bars(hours.read(form.text(f"week.{day}"))))
        for number, day in enumerate(WEEKDAYS)
    ]


def week(told: Data) -> list[Data]:
    """A week as it holds, a day each: its hours in words, and as bars."""
    names = dict(formats.weekday_names())
    return [
        {
            "label": names[number],
            "hours": told["week"][day],
            "bars": hours.bars(told["week"][day]),
            "length": formats.length(60 * hours.minutes(told["week"][day])),
        }
        for number, day in enumerate(WEEKDAYS)
    ]


def special(days: Iterable[Data], since: str) -> list[Data]:
    """The days that differ from the week, from ``since`` on, those next to each other as one."""
    found: list[Data] = []
    for one in days:
        if one["date"] < since:
            continue
        last = found[-1] if found else None
        if last is not None and _goes_on(last, one):
            last["until"] = one["date"]
        else:
            found.append({**one, "until": one["date"]})
    return found


def _goes_on(last: Data, one: Data) -> bool:
    """Whether a day is the next one of what is said already."""
    same = all(last[part] == one[part] for part in ("kind", "name", "hours"))
    before, after = formats.date_of(last["until"]), formats.date_of(one["date"])
    return same and after.toordinal() - before.toordinal() == 1
