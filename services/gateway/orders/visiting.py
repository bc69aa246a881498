"""Visits on an order's page: which times are on offer or agreed, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import lazy_gettext as _l

from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.orders.act import Act, Request
from services.gateway.orders.act import words as _words
from services.gateway.orders.typed import needed_whole, optional
from shared.errors import Invalid

Data = Mapping[str, Any]
# rows for windows in the form
WINDOW_ROWS = 3
NO_TIMES = "A day and two times are expected."
_WINDOW = ("day", "from", "until")


def _offer(form: Form) -> Request:
    rows = zip(*(form.texts(name) for name in _WINDOW), strict=False)
    return {
        "windows": [
            _window(row, f"windows.{at}") for at, row in enumerate(rows) if any(map(str.strip, row))
        ]
    }


def _choose(form: Form) -> Request:
    return {
        "offer": needed_whole(form, "offer"),
        "window": needed_whole(form, "window"),
        "channel": optional(form, "channel"),
    }


def _move(form: Form) -> Request:
    row = tuple(form.text(name) for name in _WINDOW)
    requested = bool(form.text("requested"))
    return {**_window(row, "starts"), "reason": optional(form, "reason"), "requested": requested}


def _cancel(form: Form) -> Request:
    return {"reason": optional(form, "reason")}


def _miss(form: Form) -> Request:
    return {"note": optional(form, "note")}


def _window(row: tuple[str, ...], field: str) -> Request:
    """A day and two times as the clocks of the community show them."""
    day, *times = row
    try:
        starts, ends = (
            datetime.combine(date.fromisoformat(day), time.fromisoformat(each), g.zone)
            for each in times
        )
    except ValueError:
        raise Invalid("No times.", fields={field: [NO_TIMES]}) from None
    return {"starts": starts.isoformat(), "ends": ends.isoformat()}


ANSWERS: dict[str, Act] = {
    "choose_visit": Act(
        "clock",
        _words(_l("This suits me"), _l("Agree for the resident")),
        _words(_l("When may we come?"), _l("Which time suits the resident?")),
        _l("The visit is agreed."),
        _choose,
    ),
}
ACTS: dict[str, Act] = {
    "offer_visits": Act(
        "clock",
        _words(_l("Offer times for a visit")),
        _words(_l("When could somebody come?")),
        _l("The times are on offer."),
        _offer,
    ),
    "move_visit": Act(
        "clock",
        _words(_l("Move the visit")),
        _words(_l("Does the time not suit?")),
        _l("The visit is moved."),
        _move,
    ),
    "cancel_visit": Act(
        "ban",
        _words(_l("Call the visit off")),
        _words(_l("Should nobody come then?")),
        _l("The visit is called off."),
        _cancel,
    ),
    "miss_visit": Act(
        "ban",
        _words(_l("Nobody was there")),
        _words(_l("Was nobody there?")),
        _l("It is noted that nobody was there."),
        _miss,
    ),
}


def today(visit: Data | None, zone: ZoneInfo) -> bool:
    """Whether it is agreed for today, or was for a day before and nobody came."""
    if visit is None or visit["state"] != "agreed":
        return False
    starts = datetime.fromisoformat(visit["window"]["starts"]).astimezone(zone)
    return starts.date() <= edge().clock.now().astimezone(zone).date()
