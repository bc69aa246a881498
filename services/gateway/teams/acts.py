"""What can be put on somebody's record: each form, read into the request of its command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats, moments
from services.gateway.frame.forms import Form
from shared.errors import Invalid, WuyeError

Data = dict[str, Any]
MOST_SHIFTS = 100
NEEDED = "This field is required."


class Act(NamedTuple):
    done: Any
    read: Callable[[Form, ZoneInfo], Data]


def _skill(form: Form, zone: ZoneInfo) -> Data:
    _need(form, "skill")
    level = form.text("level", "2")
    return {"skill": form.text("skill"), "level": int(level) if level.isdecimal() else level}


def _certificate(form: Form, zone: ZoneInfo) -> Data:
    _need(form, "skill", "title", "valid_from", "valid_until")
    return {
        "skill": form.text("skill"),
        "title": form.text("title").strip(),
        "number": form.text("number").strip() or None,
        "valid_from": form.text("valid_from"),
        "valid_until": form.text("valid_until"),
    }


def _shifts(form: Form, zone: ZoneInfo) -> Data:
    starts = moments.clock(form.text("starts"), "starts")
    ends = moments.clock(form.text("ends"), "ends")
    over = timedelta(days=1 if form.text("next_day") else 0)
    return {
        "shifts": [
            {"starts": moments.at(day, starts, zone), "ends": moments.at(day + over, ends, zone)}
            for day in days(form)
        ]
    }


def days(form: Form) -> list[date]:
    """The days that shifts are planned for. Raises ``Invalid``."""
    first = moments.day(form.text("first_day"), "first_day")
    last = moments.day(form.text("last_day") or form.text("first_day"), "last_day")
    chosen = {int(one) for one in form.texts("weekday") if one.isdecimal()} or set(range(7))
    if last < first:
        raise Invalid("last_day", fields={"last_day": ["It ends before it starts."]})
    found = [
        day
        for number in range(min((last - first).days, 7 * MOST_SHIFTS) + 1)
        if (day := first + timedelta(days=number)).weekday() in chosen
    ]
    if not found or len(found) > MOST_SHIFTS:
        raise Invalid("last_day", fields={"last_day": ["No day, or more than 100."]})
    return found


def _leave(form: Form, zone: ZoneInfo) -> Data:
    return {
        "starts": moments.moment(form.text("starts"), zone, "starts"),
        "ends": moments.moment(form.text("ends"), zone, "ends"),
    }


def _named(field: str) -> Callable[[Form, ZoneInfo], Data]:
    return lambda form, zone: {field: form.text(field)}


def _need(form: Form, *fields: str) -> None:
    missing = {name: [NEEDED] for name in fields if not form.text(name).strip()}
    if missing:
        raise Invalid("Some fields are empty.", fields=missing)


ACTS: dict[str, Act] = {
    "record_skill": Act(_l("The skill is on record."), _skill),
    "withdraw_skill": Act(_l("The skill is off the record."), _named("skill")),
    "record_certificate": Act(_l("The certificate is on record."), _certificate),
    "withdraw_certificate": Act(_l("The certificate is off the record."), _named("certificate")),
    "plan_shifts": Act(_l("The shifts are planned."), _shifts),
    "withdraw_shift": Act(_l("The shift is off the plan."), _named("shift")),
    "grant_leave": Act(_l("The leave is granted."), _leave),
    "withdraw_leave": Act(_l("The leave is taken back."), _named("leave")),
}


def renamed(error: WuyeError, form: Form) -> tuple[WuyeError, str | None]:
    """The error by the form's fields, and the day of the shift that does not fit, if it is one."""
    clash = None
    found: dict[str, list[str]] = {}
    for name, texts in error.fields.items():
        first, _, rest = name.partition(".")
        if first == "shifts":
            which, _, part = rest.partition(".")
            clash = formats.weekday(days(form)[int(which)])
            name = part if part in ("starts", "ends") else "first_day"
        found.setdefault(name, []).extend(texts)
    error.fields = found
    return error, clash
