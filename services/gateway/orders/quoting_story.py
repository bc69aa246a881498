"""The step cards of quotes, and what is said of charges."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats, words
from services.gateway.orders.looks import Look, Parts
from services.gateway.orders.parts import Part, quote
from services.gateway.orders.reader import Data, Reader


def charge(data: Data, *, staff: bool) -> Part:
    """What is charged; and to whom, unless it is the owner, who is the one to pay it."""
    amount = formats.money(data["charge_fen"])
    payer = data.get("payer", "owner")
    if payer == "owner":
        return Part(_("To be paid"), amount)
    return Part(_("Payer"), f"{words.PAYERS[payer].for_(staff=staff)} ({amount})")


def line(each: Data) -> str:
    """``washer: 2 × ¥5.00 (Material)``, in signs that both languages have."""
    amount = f"{formats.number(each['quantity'])} × {formats.money(each['unit_fen'])}"
    return f"{each['what']}: {amount} ({words.QUOTE_LINES[each['kind']]})"


def _put(reader: Reader, data: Data) -> Parts:
    return [
        Part(_("Total"), formats.money(data["total_fen"])),
        Part(_("Payer"), words.PAYERS[data["payer"]].for_(staff=reader.staff)),
        Part(_("For"), [line(each) for each in data["lines"]], "list"),
        Part(_("Valid until"), data["valid_until"], "moment"),
        quote(_("Note"), data["note"], needed=False),
    ]


def _total(reader: Reader, data: Data) -> Parts:
    return [Part(_("Total"), formats.money(data["total_fen"]))]


def _answered(reader: Reader, data: Data) -> Parts:
    """With who decided on the fund, and how a resident said it who did not on their own page."""
    parts = _total(reader, data)
    answerer = data.get("answerer")
    if data["payer"] == "fund" and answerer is not None:
        parts.append(Part(_("Decided by"), str(words.ANSWERERS[answerer])))
    if data.get("said_by"):
        parts += [
            Part(_("Said by"), reader.who(data["said_by"])),
            Part(_("How"), str(words.CHANNELS[data["channel"]])),
            Part(_("When"), data["said_at"], "moment"),
            Part(_("May be objected to until"), data["objection_until"], "moment"),
            quote(_("Note"), data.get("note"), needed=False),
        ]
    return parts


def _declined(reader: Reader, data: Data) -> Parts:
    return [*_answered(reader, data), quote(_("Reason"), data["reason"], needed=False)]


def _which(reader: Reader, data: Data) -> Parts:
    return [
        Part(_("Quote"), formats.number(data["quote"])),
        quote(_("Reason"), data.get("reason"), needed=False),
    ]


LOOKS: dict[str, Look] = {
    "WorkOrderQuoted": ("receipt", "submitted", _l("A price was quoted"), _put),
    "WorkOrderQuoteAccepted": ("check", "accepted", _l("Quote accepted"), _answered),
    "WorkOrderQuoteDeclined": ("ban", "declined", _l("Quote declined"), _declined),
    "WorkOrderQuoteAnswerConfirmed": (
        "check",
        "accepted",
        _l("The resident confirmed their answer"),
        _which,
    ),
    "WorkOrderQuoteAnswerObjected": (
        "undo",
        "declined",
        _l("The resident objects: it was not said so"),
        _which,
    ),
    "WorkOrderQuoteWithdrawn": ("undo", "cancelled", _l("Quote withdrawn"), _total),
    "WorkOrderQuoteLapsed": ("clock", "cancelled", _l("Quote lapsed without an answer"), _total),
}
