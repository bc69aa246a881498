"""Putting an order off to a date, on its page."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame.forms import Form
from services.gateway.orders.act import Act, Request
from services.gateway.orders.act import words as _words
from services.gateway.orders.looks import Look, Parts
from services.gateway.orders.parts import Part, quote
from services.gateway.orders.reader import Data, Reader
from services.gateway.orders.typed import needed
from shared.errors import Invalid

# when the day begins that it is put off to
MORNING = time(8)
NO_DAY = "A day is expected."


def _defer(form: Form) -> Request:
    try:
        until = datetime.combine(date.fromisoformat(needed(form, "until")), MORNING, g.zone)
    except ValueError:
        raise Invalid("No day.", fields={"until": [NO_DAY]}) from None
    return {"until": until.isoformat(), "reason": needed(form, "reason")}


ACTS: dict[str, Act] = {
    "defer": Act(
        "clock",
        _words(_l("Put off to a date")),
        _words(_l("Is it for another day?")),
        _l("It is put off, and goes on by itself."),
        _defer,
    ),
}


def _deferred(reader: Reader, data: Data) -> Parts:
    return [Part(_("Goes on"), data["until"], "moment"), quote(_("Reason"), data["reason"])]


LOOKS: dict[str, Look] = {
    "WorkOrderDeferred": ("clock", "submitted", _l("Put off to a date"), _deferred),
}
