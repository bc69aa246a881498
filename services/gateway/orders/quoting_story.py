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


def _declined(reader: Reader, data: Data) -> Parts:
    return [*_total(reader, data), quote(_("Reason"), data["reason"], needed=False)]


LOOKS: dict[str, Look] = {
    "WorkOrderQuoted": ("receipt", "submitted", _l("A price was quoted"), _put),
    "WorkOrderQuoteAccepted": ("check", "accepted", _l("Quote accepted"), _total),
    "WorkOrderQuoteDeclined": ("ban", "declined", _l("Quote declined"), _declined),
    "WorkOrderQuoteWithdrawn": ("undo", "cancelled", _l("Quote withdrawn"), _total),
    "WorkOrderQuoteLapsed": ("clock", "cancelled", _l("Quote lapsed without an answer"), _total),
}
