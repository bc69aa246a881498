"""Quotes: chargeable work waits for a yes, costs no more than that, and is paid by who said it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.permission import allowed
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.quotes import refusals as qr
from services.workorders.orders.domain.quotes.values import PAYERS, QuoteLine
from shared.errors import Invalid
from shared.testing.scenario import NOON, at
from tests.unit.workorders.cast import (
    HISTORIES,
    LINES,
    WEEK,
    accepted,
    agreed,
    boss,
    cancelled,
    declined,
    dispatched,
    fold,
    given,
    imported,
    keys,
    li,
    machine,
    mei,
    person,
    put_quote,
    quoted,
    rejected,
    reopened,
    repaired,
    started,
    submitted,
    sun,
    wang,
)

WAITING = HISTORIES["waiting"]
OPEN = (*WAITING, quoted())
AGREED = (*OPEN, agreed())
REPAIR = c.Repair(by=wang, notes="new washer", minutes=30)
OTHER_BOSS = person("deputy", "manager")


def withdrawn(quote: int = 1, total_fen: int = 5_000) -> q.WorkOrderQuoteWithdrawn:
    return q.WorkOrderQuoteWithdrawn(
        **keys(), quote=quote, payer="owner", total_fen=total_fen, answerer="resident"
    )


def turned_down(quote: int = 1, **more: Any) -> q.WorkOrderQuoteDeclined:
    own = {"quote": quote, "payer": "owner", "total_fen": 5_000, "reason": None}
    own["answerer"] = "resident"
    return q.WorkOrderQuoteDeclined(**{**keys(), **own, **more})


def lapsed(quote: int = 1) -> q.WorkOrderQuoteLapsed:
    return q.WorkOrderQuoteLapsed(
        **keys(),
        quote=quote,
        payer="owner",
        total_fen=5_000,
        valid_until=NOON + WEEK,
        answerer="resident",
    )


def charged(fen: int) -> c.Repair:
    return msgspec.structs.replace(REPAIR, charge_fen=fen)


# -- putting one ---------------------------------------------------------------------------------


def test_a_quote_says_what_it_is_for_what_it_comes_to_and_until_when() -> None:
    expected = quoted(lines=LINES, total_fen=5_000, note="the old one is worn")
    state = given(*WAITING).when(put_quote(note="the old one is worn")).then(expected)
    assert (state.quote.by, state.quote.state, state.agreed) == ("wang", "open", None)


@pytest.mark.parametrize("situation", ["submitted", "waiting", "working", "paused"])
def test_whoever_is_at_work_stops_until_it_is_answered(situation: str) -> None:
    state = given(*HISTORIES[situation]).when(put_quote(sun)).after()
    assert state.state == ("submitted" if situation == "submitted" else "dispatched")
    assert state.activity == ("paused" if situation == "paused" else "waiting")
    if situation == "paused":
        events = (*HISTORIES["paused"], quoted())
        resumed = given(*events).when(c.Resume(by=wang)).after()
        assert resumed.activity == "waiting", "nobody resumes to work that waits for a yes"


@pytest.mark.parametrize("command", [c.Start(by=wang), REPAIR, charged(1)])
@pytest.mark.parametrize("history", [OPEN, (*AGREED, quoted(9_000, 2))], ids=["first", "revised"])
def test_nothing_is_done_while_a_quote_waits(history: tuple[Any, ...], command: Any) -> None:
    possible = [
        *("pause", "defer", "hand_back", "transfer"),
        *("quote", "withdraw_quote", "offer_visits"),
    ]
    given(*history).when(command).refused(qr.QuoteUnanswered, allowed=possible)


def test_a_small_repair_without_a_charge_needs_no_quote() -> None:
    given(*WAITING).when(c.Start(by=wang)).then(started)
    given(*WAITING).when(REPAIR).then(repaired())


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a payer who is none": ({"payer": "neighbour"}, "payer"),
    "no lines": ({"lines": ()}, "lines"),
    "too many lines": ({"lines": LINES[:1] * 51}, "lines"),
    "nothing to pay": ({"lines": (msgspec.structs.replace(LINES[0], unit_fen=0),)}, "lines"),
    "more than can be kept": (
        {"lines": (msgspec.structs.replace(LINES[0], unit_fen=10_000_000_000),)},
        "lines",
    ),
    "a line of nothing": (
        {"lines": (msgspec.structs.replace(LINES[0], what=" "),)},
        "lines.0.what",
    ),
    "a line of no kind": (
        {"lines": (msgspec.structs.replace(LINES[0], kind="magic"),)},
        "lines.0.kind",
    ),
    "none of it": (
        {"lines": (LINES[0], msgspec.structs.replace(LINES[0], quantity=0))},
        "lines.1.quantity",
    ),
    "less than nothing": (
        {"lines": (msgspec.structs.replace(LINES[0], unit_fen=-1),)},
        "lines.0.unit_fen",
    ),
    "over already": ({"valid_until": NOON}, "valid_until"),
    "for ever": ({"valid_until": NOON + timedelta(days=367)}, "valid_until"),
    "no zone": ({"valid_until": datetime(2026, 3, 9)}, "valid_until"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD.keys())
def test_a_quote_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    given(*WAITING).when(put_quote(**changes)).refused(Invalid, fields=[field])


def test_complaints_are_free() -> None:
    complaint = (submitted(kind="complaint"), dispatched)
    given(*complaint).when(put_quote()).refused(r.ComplaintsAreFree)
    assert "quote" not in allowed(fold(*complaint), wang, NOON)


def test_where_there_is_no_resident_the_owner_is_no_payer() -> None:
    staff = (submitted(accepter="qian", accepter_kind="staff", reporter=None, author="sun"),)
    given(*staff).when(put_quote(sun)).refused(Invalid, fields=["payer"])
    given(imported(state="submitted")).when(put_quote(sun)).refused(Invalid, fields=["payer"])
    assert given(*staff).when(put_quote(sun, payer="fund")).after().quote.payer == "fund"


def test_a_revised_quote_takes_the_place_of_the_open_one() -> None:
    line = QuoteLine(kind="labour", what="all of it", quantity=1, unit_fen=9_000)
    expected = quoted(9_000, 2, replaces=1)
    given(*OPEN).when(put_quote(lines=(line,))).then(expected)
    events = (*OPEN, expected)
    given(*events).when(qc.AcceptQuote(by=li, quote=1)).refused(qr.QuoteReplaced)
    given(*events).when(qc.AcceptQuote(by=li, quote=2)).then(agreed(9_000, 2))
    late = given(*OPEN).when(put_quote(valid_until=NOON + 2 * WEEK), at=NOON + WEEK).after()
    assert late.quote.number == 2


# -- answering -----------------------------------------------------------------------------------


def test_the_resident_it_was_made_for_accepts_what_the_owner_pays() -> None:
    yes = qc.AcceptQuote(by=li, quote=1)
    state = given(*OPEN).when(yes).then(agreed())
    assert (state.agreed.total_fen, state.payer) == (5_000, "owner")
    for other in (mei, boss, wang, sun):
        given(*OPEN).when(msgspec.structs.replace(yes, by=other)).refused(
            r.NotYourRole if other in (wang, sun) else r.NotYourOrder
        )


@pytest.mark.parametrize("payer", [each for each in PAYERS if each != "owner"])
def test_a_manager_accepts_what_others_pay_and_never_their_own_quote(payer: str) -> None:
    history = (*WAITING, at(NOON, quoted(payer=payer), actor="boss"))
    yes = qc.AcceptQuote(by=OTHER_BOSS, quote=1)
    given(*history).when(yes).then(agreed(payer=payer))
    given(*history).when(msgspec.structs.replace(yes, by=boss)).refused(qr.OwnQuote)
    given(*history).when(msgspec.structs.replace(yes, by=li)).refused(r.NotYourOrder)
    assert "accept_quote" not in allowed(fold(*history), boss, NOON)
    assert "decline_quote" in allowed(fold(*history), OTHER_BOSS, NOON)


def test_work_begins_once_it_is_accepted_or_is_not_on_offer_any_more() -> None:
    for end in (agreed(), withdrawn(), turned_down(), lapsed()):
        given(*OPEN, end).when(c.Start(by=wang)).then(started)
    given(*OPEN).when(c.Start(by=wang), at=NOON + WEEK).then(started)


TWICE: dict[str, tuple[tuple[Any, ...], type[r.OrderRefused]]] = {
    "never put": ((), qr.NoQuote),
    "accepted": ((quoted(), agreed()), qr.QuoteAlreadyAccepted),
    "accepted, and another was put since": (
        (quoted(), agreed(), quoted(9_000, 2)),
        qr.QuoteAlreadyAccepted,
    ),
    "declined": ((quoted(), turned_down()), qr.QuoteAlreadyDeclined),
    "withdrawn": ((quoted(), withdrawn()), qr.QuoteWithdrawn),
    "replaced": ((quoted(), quoted(9_000, 2, replaces=1)), qr.QuoteReplaced),
    "lapsed": ((quoted(), lapsed()), qr.QuoteLapsed),
}


@pytest.mark.parametrize(("events", "why"), TWICE.values(), ids=TWICE.keys())
@pytest.mark.parametrize("command", [qc.AcceptQuote, qc.DeclineQuote])
def test_what_was_answered_or_is_over_is_answered_no_more(
    command: Any, events: tuple[Any, ...], why: type[r.OrderRefused]
) -> None:
    given(*WAITING, *events).when(command(by=li, quote=1)).refused(why)
    if events:
        given(*WAITING, *events).when(command(by=li, quote=7)).refused(qr.NoSuchQuote)


def test_a_quote_lapses_at_its_time_whether_that_was_recorded_or_not() -> None:
    yes = qc.AcceptQuote(by=li, quote=1)
    moment = timedelta(microseconds=1)
    given(*OPEN).when(yes, at=NOON + WEEK - moment).then(agreed())
    given(*OPEN).when(yes, at=NOON + WEEK).refused(qr.QuoteLapsed)
    over = qc.LapseQuote(by=machine, quote=1)
    given(*OPEN).when(over, at=NOON + WEEK - moment).refused(qr.QuoteStillValid)
    given(*OPEN).when(over, at=NOON + WEEK).then(lapsed())
    given(*AGREED).when(over, at=NOON + WEEK).refused(qr.QuoteAlreadyAccepted)
    given(*OPEN, lapsed()).when(over, at=NOON + WEEK).refused(qr.QuoteLapsed)


@pytest.mark.parametrize("end", [cancelled, declined()], ids=["cancelled", "declined"])
def test_what_nobody_is_to_do_is_not_on_offer(end: Any) -> None:
    assert fold(*OPEN, end).quote.state == "withdrawn"
    appealed = e.WorkOrderAppealed(**keys(technician=None), text="inside the wall")
    if end is not cancelled:
        given(*OPEN, end, appealed).when(qc.AcceptQuote(by=li, quote=1)).refused(qr.QuoteWithdrawn)


# -- charging ------------------------------------------------------------------------------------


def test_nothing_is_charged_that_nobody_agreed_to() -> None:
    given(*WAITING).when(charged(1)).refused(qr.NothingAgreed, fields=["charge_fen"])
    for end in (withdrawn(), turned_down(), lapsed()):
        given(*OPEN, end).when(charged(1)).refused(qr.NothingAgreed)


def test_no_more_is_charged_than_was_agreed() -> None:
    given(*AGREED).when(charged(5_001)).refused(qr.MoreThanQuoted, fields=["charge_fen"])
    given(*AGREED).when(charged(5_000)).then(repaired(charge_fen=5_000))
    redone = (*AGREED, repaired(charge_fen=4_000), rejected)
    given(*redone).when(charged(1_001)).refused(qr.MoreThanQuoted)
    given(*redone).when(charged(1_000)).then(repaired(charge_fen=1_000))


def test_more_is_charged_after_a_revised_quote_was_accepted_and_no_sooner() -> None:
    revised = (*AGREED, quoted(9_000, 2))
    given(*revised, agreed(9_000, 2)).when(charged(9_000)).then(repaired(charge_fen=9_000))
    for end in (turned_down(2, total_fen=9_000), withdrawn(2, 9_000)):
        given(*revised, end).when(charged(5_001)).refused(qr.MoreThanQuoted)
        given(*revised, end).when(charged(5_000)).then(repaired(charge_fen=5_000))


def test_what_is_opened_again_is_quoted_anew() -> None:
    events = (*AGREED, repaired(charge_fen=5_000), accepted(charge_fen=5_000), reopened)
    given(*events).when(charged(1)).refused(qr.NothingAgreed)
    more = (*events, quoted(300, 2), agreed(300, 2))
    given(*more).when(charged(300)).then(repaired(charge_fen=300))


def test_who_pays_is_said_of_the_repair_and_of_its_acceptance() -> None:
    fund = (*WAITING, quoted(payer="fund"), agreed(payer="fund"))
    given(*fund).when(charged(500)).then(repaired(charge_fen=500, payer="fund"))
    events = (*fund, repaired(charge_fen=500, payer="fund"))
    given(*events).when(c.Accept(by=li)).then(accepted(charge_fen=500, payer="fund"))


def test_what_was_charged_and_the_rest_have_one_payer() -> None:
    events = (*AGREED, repaired(charge_fen=500), rejected)
    given(*events).when(put_quote(payer="fund")).refused(qr.PayerFixed)
    assert given(*events).when(put_quote()).after().quote.number == 2
    unpaid = (*AGREED, repaired(), rejected)
    assert given(*unpaid).when(put_quote(payer="fund")).after().quote.payer == "fund"


def test_a_hundred_quotes_leave_no_more_than_two() -> None:
    many = [quoted(quote=number) for number in range(1, 101)]
    state = fold(*WAITING, *many)
    assert (state.quote.number, state.agreed) == (100, None)
