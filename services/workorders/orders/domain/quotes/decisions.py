"""What the events of quotes say, and what may be charged by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.workorders.orders.domain import values
from services.workorders.orders.domain.commands import Command, Repair
from services.workorders.orders.domain.lifecycle import Edge
from services.workorders.orders.domain.permission import refuse, refuse_field
from services.workorders.orders.domain.quotes import commands as c
from services.workorders.orders.domain.quotes import refusals as r
from services.workorders.orders.domain.quotes import values as v
from services.workorders.orders.domain.refusals import ComplaintsAreFree
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.vocabulary import SPOKEN
from shared.eventlog.records import Meta

Details = dict[str, Any]


def _put(command: c.PutQuote, state: Order, _: object, meta: Meta) -> Details:
    payer = values.one_of(command.payer, v.PAYERS, "payer")
    if payer == "owner" and state.accepter_kind != "resident":
        text = "The order was made for no resident who could pay: choose another payer."
        raise values.invalid("payer", text)
    if state.charge_fen and payer != state.payer:
        raise refuse(r.PayerFixed, state, command.by, meta.time)
    answerer = _answerer(payer, command.committee)
    if answerer not in ("resident", *command.others):
        raise refuse_field("payer", r.NobodyToAnswer, state, command.by, meta.time)
    lines = v.lines(command.lines)
    last = state.quote
    return {
        "quote": 1 if last is None else last.number + 1,
        "payer": payer,
        "lines": lines,
        "total_fen": v.total(lines),
        "valid_until": v.valid_until(command.valid_until, meta.time),
        "replaces": last.number if last and last.standing(meta.time) == "open" else None,
        "note": command.note,
        "answerer": answerer,
    }


def _answerer(payer: v.Payer, committee: bool) -> v.Answerer:
    """The fund is the owners': their committee decides on it, and where there is none a manager."""
    if payer == "owner":
        return "resident"
    return "committee" if payer == "fund" and committee else "manager"


def _about(command: c.AboutQuote, state: Order, edge: Edge, meta: Meta) -> Details:
    quote = state.quote
    if quote is None or command.quote != quote.number:
        raise refuse(r.why_not(command.quote, state, meta.time), state, command.by, meta.time)
    # a committee that was formed since may answer what waits for a manager
    own: v.Answerer = "committee" if edge.ownership == "paying_fund" else quote.answered_by
    return {
        "quote": quote.number,
        "payer": quote.payer,
        "total_fen": quote.total_fen,
        "answerer": own,
    }


def _decline(command: c.DeclineQuote, state: Order, edge: Edge, meta: Meta) -> Details:
    return {**_about(command, state, edge, meta), "reason": command.reason}


def _accept_for(command: c.SaidForThem, state: Order, edge: Edge, meta: Meta) -> Details:
    details = _about(command, state, edge, meta)
    said_at = meta.time
    if command.said_at is not None:
        said_at = values.past(command.said_at, meta.time, "said_at")
        put_at = state.quote.put_at if state.quote else None
        if put_at is not None and said_at < put_at:
            raise values.invalid("said_at", "The quote was put only after this time.")
    return {
        **details,
        "said_by": state.accepter,
        "said_at": said_at,
        "channel": values.one_of(command.channel, SPOKEN, "channel"),
        "note": command.note,
        "objection_until": meta.time + v.OBJECT_WITHIN,
    }


def _decline_for(command: c.DeclineQuoteFor, state: Order, edge: Edge, meta: Meta) -> Details:
    return {**_accept_for(command, state, edge, meta), "reason": command.reason}


def _taken(command: c.AboutTaken, state: Order, _: Edge, meta: Meta) -> Details:
    taken = state.taken
    if taken is None or taken.quote != command.quote:
        raise refuse(r.NoAnswerTaken, state, command.by, meta.time)
    return {"quote": taken.quote, "answered": taken.answer}


def _object(command: c.ObjectToAnswer, state: Order, edge: Edge, meta: Meta) -> Details:
    return {**_taken(command, state, edge, meta), "reason": command.reason}


def _lapse(command: c.LapseQuote, state: Order, edge: Edge, meta: Meta) -> Details:
    details = _about(command, state, edge, meta)
    return {**details, "valid_until": state.quote.valid_until if state.quote else None}


def charge(command: Repair, state: Order, meta: Meta) -> int:
    """The charge of a repair, if somebody agreed to pay it. Raises ``Invalid`` or a refusal."""
    fen = values.whole(command.charge_fen, 0, values.MAX_FEN, "charge_fen")
    if not fen:
        return fen
    if state.kind == "complaint":
        raise refuse(ComplaintsAreFree, state, command.by, meta.time)
    agreed = state.agreed
    if agreed is None:
        raise refuse_field("charge_fen", r.NothingAgreed, state, command.by, meta.time)
    left = max(agreed.total_fen - state.charge_fen, 0)
    if fen > left:
        text = f"Only {left} fen are left of the accepted quote: put a revised one first."
        why = r.MoreThanQuoted
        raise refuse_field("charge_fen", why, state, command.by, meta.time, text)
    return fen


DETAILS: dict[type[Command], Callable[[Any, Order, Any, Meta], Details]] = {
    c.PutQuote: _put,
    c.AcceptQuote: _about,
    c.DeclineQuote: _decline,
    c.AcceptQuoteFor: _accept_for,
    c.DeclineQuoteFor: _decline_for,
    c.ConfirmAnswer: _taken,
    c.ObjectToAnswer: _object,
    c.WithdrawQuote: _about,
    c.LapseQuote: _lapse,
}
