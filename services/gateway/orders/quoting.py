"""Quotes on an order's page: what one says, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from services.gateway.frame import moments
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.orders.act import Act, Request
from services.gateway.orders.act import words as _words
from services.gateway.orders.typed import fen, needed, needed_whole, optional, whole
from shared.errors import Invalid

Data = Mapping[str, Any]
# blank rows for lines in the form
LINE_ROWS = 4
VALID_DAYS = 7
NO_DAY = "A day is expected."
_LINE = ("line_kind", "line_what", "line_quantity", "line_price")


def _put(form: Form) -> Request:
    rows = zip(*(form.texts(name) for name in _LINE), strict=False)
    return {
        "payer": needed(form, "payer"),
        "lines": [
            {
                "kind": kind,
                "what": what,
                "quantity": whole(quantity, f"lines.{at}", 1),
                "unit_fen": fen(price, f"lines.{at}"),
            }
            for at, (kind, what, quantity, price) in enumerate(rows)
            if what.strip() or price.strip()
        ],
        "valid_until": _end_of(needed(form, "valid_until"), g.zone).isoformat(),
        "note": optional(form, "note"),
    }


def _end_of(day: str, zone: ZoneInfo) -> datetime:
    """The last minute of a day in the community."""
    try:
        return datetime.combine(date.fromisoformat(day), time(23, 59), zone)
    except ValueError:
        raise Invalid("No day.", fields={"valid_until": [NO_DAY]}) from None


def _which(form: Form) -> Request:
    return {"quote": needed_whole(form, "quote")}


def _decline(form: Form) -> Request:
    return {**_which(form), "reason": optional(form, "reason")}


def _said(form: Form) -> Request:
    """What the resident said; just now, unless a time is given."""
    said_at = optional(form, "said_at")
    return {
        **_which(form),
        "channel": needed(form, "channel"),
        "said_at": said_at and moments.moment(said_at, g.zone, "said_at"),
        "note": optional(form, "note"),
    }


def _said_no(form: Form) -> Request:
    return {**_said(form), "reason": optional(form, "reason")}


ANSWERS: dict[str, Act] = {
    "confirm_quote_answer": Act(
        "check",
        _words(_l("Yes, I said that")),
        _words(_l("Did you say that?")),
        _l("Thank you. It stands."),
        _which,
    ),
    "accept_quote": Act(
        "check",
        _words(_l("Yes, at this price"), _l("Accept the quote")),
        _words(_l("Do you agree to the price?"), _l("Is the quote right?")),
        _l("The quote is accepted. Work can begin."),
        _which,
    ),
}
ACTS: dict[str, Act] = {
    "object_to_quote_answer": Act(
        "undo",
        _words(_l("No, I did not say that")),
        _words(_l("Did you not say that?")),
        _l("The quote waits for your answer again. Nothing is charged without it."),
        _decline,
    ),
    "accept_quote_for": Act(
        "phone",
        _words(_l("They accept: take it down")),
        _words(_l("Did the resident say yes?")),
        _l("It is taken down. The resident is told, and may object for an hour."),
        _said,
    ),
    "decline_quote_for": Act(
        "phone",
        _words(_l("They decline: take it down")),
        _words(_l("Did the resident say no?")),
        _l("It is taken down. The resident is told, and may object for an hour."),
        _said_no,
    ),
    "decline_quote": Act(
        "ban",
        _words(_l("No, not at this price"), _l("Decline the quote")),
        _words(_l("Is it too much?"), _l("Is the quote wrong?")),
        _l("The quote is declined. Nothing is charged."),
        _decline,
    ),
    "quote": Act(
        "receipt",
        _words(_l("Put a quote")),
        _words(_l("What will it cost?")),
        _l("The quote is put. Work waits for the answer."),
        _put,
    ),
    "withdraw_quote": Act(
        "undo",
        _words(_l("Withdraw the quote")),
        _words(_l("Is it not on offer any more?")),
        _l("The quote is withdrawn."),
        _which,
    ),
}


def filled(name: str, order: Data, zone: ZoneInfo) -> Form:
    """A fresh form, with what most often stands in it."""
    values: dict[str, str] = {}
    if name == "quote":
        until = edge().clock.now().astimezone(zone).date() + timedelta(days=VALID_DAYS)
        values = {"valid_until": until.isoformat(), "payer": "owner"}
        if order["accepter_kind"] != "resident":
            values["payer"] = "company"
    if name == "repair" and order["agreed"] is not None:
        left = max(order["agreed"]["total_fen"] - order["charge_fen"], 0)
        values = {"charge": f"{left // 100}.{left % 100:02d}"}
    return Form(name, MultiDict(values))


def card(order: Data, events: Sequence[Data] | None) -> Data | None:
    """The last quote with its lines, as its event has them; without, where that is not known."""
    quote = order["quote"]
    if quote is None:
        return None
    put = [one for one in events or () if one["type"] == "WorkOrderQuoted"]
    told = next((one["data"] for one in put if one["data"]["quote"] == quote["number"]), None)
    return {
        **quote,
        "lines": told["lines"] if told else [],
        "note": told["note"] if told else None,
    }
