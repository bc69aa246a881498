"""The finer rules, one by one: own work, charges, windows and reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from shared.errors import Invalid
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON, at
from tests.unit.workorders.cast import (
    COMMUNITY,
    HISTORIES,
    HOUR,
    ID,
    OTHER_ID,
    accepted,
    boss,
    chen,
    declined,
    dispatched,
    fold,
    given,
    guard,
    imported,
    keys,
    li,
    machine,
    mei,
    paused,
    person,
    qian,
    rated,
    rejected,
    reminded,
    reopened,
    repaired,
    started,
    submitted,
    sun,
    wang,
    zhao,
)

# -- dispatch, pause, transfer, hand back ----------------------------------------------------------


def test_only_a_technician_of_the_place_is_sent() -> None:
    send = c.Dispatch(by=sun, technician="li", technician_here=False)
    given(submitted()).when(send).refused(Invalid, fields=["technician"])
    pass_on = c.Transfer(by=sun, technician="li", technician_here=False)
    given(*HISTORIES["waiting"]).when(pass_on).refused(Invalid, fields=["technician"])


@pytest.mark.parametrize("reason", ["parts", "resident_absent", "supplier"])
def test_a_pause_has_a_reason(reason: str) -> None:
    expected = e.WorkOrderPaused(**keys(), reason=reason, note=None)  # type: ignore[arg-type]
    given(*HISTORIES["working"]).when(c.Pause(by=wang, reason=reason)).then(expected)


def test_another_reason_to_pause_is_written_down() -> None:
    unknown = c.Pause(by=wang, reason="lunch")
    given(*HISTORIES["working"]).when(unknown).refused(Invalid, fields=["reason"])
    bare = c.Pause(by=wang, reason="other")
    given(*HISTORIES["working"]).when(bare).refused(Invalid, fields=["note"])
    told = c.Pause(by=sun, reason="other", note="power cut")
    expected = e.WorkOrderPaused(**keys(), reason="other", note="power cut")
    given(*HISTORIES["working"]).when(told).then(expected)


def test_resuming_goes_on_with_what_was_interrupted() -> None:
    again = c.Resume(by=wang)
    from_working = given(submitted(), dispatched, started, paused).when(again)
    assert from_working.then(e.WorkOrderResumed(**keys(), activity="working")).activity == "working"
    from_waiting = given(submitted(), dispatched, paused).when(again)
    assert from_waiting.then(e.WorkOrderResumed(**keys(), activity="waiting")).activity == "waiting"


def test_a_technician_says_why_they_pass_an_order_on_and_a_dispatcher_need_not() -> None:
    silent = c.Transfer(by=wang, technician="chen", technician_here=True)
    given(*HISTORIES["working"]).when(silent).refused(Invalid, fields=["reason"])
    expected = e.WorkOrderTransferred(
        **keys(technician="chen"), from_technician="wang", reason=None
    )
    by_dispatcher = msgspec.structs.replace(silent, by=sun)
    given(*HISTORIES["working"]).when(by_dispatcher).then(expected)
    both = person("wang", "technician", "dispatcher")
    given(*HISTORIES["working"]).when(msgspec.structs.replace(silent, by=both)).then(expected)


def test_an_order_is_not_transferred_to_who_has_it() -> None:
    same = c.Transfer(by=sun, technician="wang", technician_here=True)
    given(*HISTORIES["working"]).when(same).refused(
        r.AlreadyAssigned,
        allowed=[
            "prioritise",
            "pause",
            "defer",
            "transfer",
            "decline",
            "add_sub_order",
            "merge",
            "quote",
        ],
    )


def test_after_a_transfer_the_order_is_the_new_technicians() -> None:
    moved = e.WorkOrderTransferred(**keys(technician="chen"), from_technician="wang", reason="x")
    given(submitted(), dispatched, moved).when(c.Start(by=wang)).refused(r.NotYourOrder, allowed=[])
    given(submitted(), dispatched, moved).when(c.Start(by=chen)).then(
        e.WorkOrderStarted(**keys(technician="chen"))
    )


def test_who_hands_back_is_named_and_no_longer_assigned() -> None:
    back = c.HandBack(by=wang, reason="needs an electrician")
    state = (
        given(*HISTORIES["paused"])
        .when(back)
        .then(e.WorkOrderHandedBack(**keys(), reason="needs an electrician"))
    )
    assert (state.state, state.activity, state.technician) == ("submitted", "waiting", None)


@pytest.mark.parametrize(
    ("situation", "command", "field"),
    [
        ("working", c.HandBack(by=wang, reason=" "), "reason"),
        ("working", c.Repair(by=wang, notes=""), "notes"),
        ("repaired", c.Reject(by=li, reason=""), "reason"),
        ("accepted", c.Reopen(by=li, reason=""), "reason"),
        ("declined", c.Appeal(by=li, text=""), "text"),
        ("waiting", c.Decline(by=sun, reason="cannot", note=""), "note"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_words_that_somebody_waits_for_are_not_empty(
    situation: str, command: c.Command, field: str
) -> None:
    given(*HISTORIES[situation]).when(command).refused(Invalid, fields=[field])


# -- own work ------------------------------------------------------------------------------------

at_home = person("wang", "technician", "resident")
own = submitted(reporter="wang", accepter="wang", author="wang")
own_keys = keys(reporter="wang", accepter="wang")
own_repaired = repaired(reporter="wang", accepter="wang")


def test_nobody_accepts_their_own_work() -> None:
    refused = given(own, dispatched, own_repaired).when(c.Accept(by=at_home))
    error = refused.refused(r.OwnWork, allowed=["reject"])
    assert "supervisor" in error.message


def test_whoever_once_repaired_it_accepts_it_never_again() -> None:
    events = (
        own,
        dispatched,
        own_repaired,
        rejected,
        e.WorkOrderTransferred(**keys(technician="chen"), from_technician="wang", reason=None),
        repaired(reporter="wang", accepter="wang", technician="chen"),
    )
    given(*events).when(c.Accept(by=at_home)).refused(r.OwnWork)
    assert fold(*events).repairers == ("chen", "wang")


@pytest.mark.parametrize("by", [qian, boss], ids=lambda by: by.person)
def test_then_a_supervisor_or_manager_checks_it_which_is_no_satisfaction(by: Caller) -> None:
    checked = e.WorkOrderAccepted(**own_keys, charge_fen=0, checked=True)
    given(own, dispatched, own_repaired).when(c.Accept(by=by)).then(checked)
    given(own, dispatched, own_repaired, checked).when(c.Rate(by=at_home, stars=5)).refused(
        r.CheckedByStaff, allowed=["reopen"]
    )


def test_a_dispatcher_checks_nothing() -> None:
    given(own, dispatched, own_repaired).when(c.Accept(by=sun)).refused(r.NotYourOrder, allowed=[])


def test_who_checks_may_reject_too() -> None:
    expected = e.WorkOrderRejected(**own_keys, reason="drips")
    given(own, dispatched, own_repaired).when(c.Reject(by=qian, reason="drips")).then(expected)


def test_who_checks_has_not_repaired_it_themselves() -> None:
    both = person("qian", "technician", "supervisor")
    events = (
        own,
        dispatched,
        own_repaired,
        rejected,
        e.WorkOrderTransferred(**keys(technician="qian"), from_technician="wang", reason=None),
        repaired(reporter="wang", accepter="wang", technician="qian"),
    )
    given(*events).when(c.Accept(by=both)).refused(r.OwnWork)
    given(*events).when(c.Reject(by=both, reason="x")).refused(r.OwnWork)
    given(*events).when(c.Accept(by=boss)).then(
        e.WorkOrderAccepted(
            **keys(reporter="wang", accepter="wang", technician="qian"), charge_fen=0, checked=True
        )
    )


@pytest.mark.parametrize("by", [qian, boss], ids=lambda by: by.person)
def test_a_supervisor_accepts_nothing_in_place_of_a_resident_who_can(by: Caller) -> None:
    given(*HISTORIES["repaired"]).when(c.Accept(by=by)).refused(r.NotYourOrder, allowed=[])
    given(*HISTORIES["repaired"]).when(c.Reject(by=by, reason="x")).refused(r.NotYourOrder)


def test_the_named_checker_of_an_alarm_accepts_but_never_rates() -> None:
    living_in = person("guard", "guard", "resident")
    alarm = submitted(reporter=None, accepter="guard", accepter_kind="staff")
    events = (alarm, dispatched, repaired(reporter=None, accepter="guard"))
    place = keys(reporter=None, accepter="guard")
    checked = e.WorkOrderAccepted(**place, charge_fen=0, checked=True)
    given(*events).when(c.Accept(by=guard)).then(checked)
    given(*events, checked).when(c.Rate(by=guard, stars=5)).refused(r.NotYourRole)
    given(*events, checked).when(c.Rate(by=living_in, stars=5)).refused(
        r.NotYourOrder, allowed=["reopen"]
    )


# -- repair, charges, accept, reject -------------------------------------------------------------


def test_a_rejected_order_stays_with_its_technician() -> None:
    state = given(*HISTORIES["repaired"]).when(c.Reject(by=li, reason="still drips")).then(rejected)
    assert (state.state, state.activity, state.technician) == ("dispatched", "waiting", "wang")


def test_an_acceptance_sums_the_charges_since_the_one_before() -> None:
    events: tuple[Any, ...] = (submitted(), dispatched, repaired(charge_fen=5_000), rejected)
    events += (repaired(charge_fen=1_250),)
    first = given(*events).when(c.Accept(by=li))
    assert first.then(accepted(charge_fen=6_250)).charge_fen == 0
    events += (accepted(charge_fen=6_250), reopened, repaired(charge_fen=300))
    given(*events).when(c.Accept(by=li)).then(accepted(charge_fen=300))


def test_a_complaint_is_never_charged() -> None:
    events = (submitted(kind="complaint"), dispatched, started)
    given(*events).when(c.Repair(by=wang, notes="spoke to them", charge_fen=1)).refused(
        r.ComplaintsAreFree, allowed=["pause", "defer", "hand_back", "transfer", "repair"]
    )
    given(*events).when(c.Repair(by=wang, notes="spoke to them")).then(
        repaired(kind="complaint", notes="spoke to them", minutes=0)
    )


# -- imported history ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", [li, wang, sun, qian], ids=lambda by: by.person)
def test_imported_history_is_never_accepted_rejected_or_rated(by: Caller) -> None:
    whoever = msgspec.structs.replace(by, posts=(*by.posts, Post("resident", COMMUNITY)))
    for command in (
        c.Accept(by=whoever),
        c.Reject(by=whoever, reason="x"),
        c.Rate(by=whoever, stars=5),
        c.Reopen(by=whoever, reason="x"),
    ):
        given(imported()).when(command).refused(r.NoAccepter, allowed=[])


def test_nobody_is_reminded_of_imported_history() -> None:
    given(imported()).when(c.Remind(by=machine)).refused(r.NoAccepter, allowed=[])


def test_imported_open_orders_go_on_here() -> None:
    state = fold(imported(state="submitted", closed_at=None))
    assert (state.state, state.technician, state.accepter) == ("submitted", None, None)
    send = c.Dispatch(by=sun, technician="wang", technician_here=True)
    event = given(imported(state="submitted")).when(send).events[0]
    assert (event.number, event.technician) == ("R-2016-000001", "wang")


# -- rate, reopen, remind, decline, appeal -------------------------------------------------------


def test_a_resident_rates_what_they_accepted() -> None:
    full = c.Rate(by=li, stars=4, speed=1, attitude=5, comment="慢，但是好")
    event = e.WorkOrderRated(**keys(), stars=4, speed=1, attitude=5, comment="慢，但是好")
    assert given(*HISTORIES["accepted"]).when(full).then(event).state == "rated"


def test_staff_answer_a_rating_and_may_say_it_better() -> None:
    def answer(text: str, *, revised: bool) -> e.WorkOrderRatingAnswered:
        return e.WorkOrderRatingAnswered(**keys(), text=text, revised=revised)

    history = HISTORIES["rated"]
    first = answer("sorry", revised=False)
    state = given(*history).when(c.AnswerRating(by=sun, text="sorry")).then(first)
    assert (state.state, state.rating_answered) == ("rated", True)
    better = c.AnswerRating(by=qian, text="we are sorry")
    given(*history, first).when(better).then(answer("we are sorry", revised=True))
    again = (*history, first, reopened, repaired(), accepted(), rated)
    given(*again).when(better).then(answer("we are sorry", revised=False))


def test_nobody_answers_the_rating_of_their_own_work() -> None:
    both = person("wang", "technician", "dispatcher")
    command = c.AnswerRating(by=both, text="sorry")
    given(*HISTORIES["rated"]).when(command).refused(r.OwnWork)


def test_an_answer_to_a_rating_says_something() -> None:
    command = c.AnswerRating(by=sun, text=" \n")
    given(*HISTORIES["rated"]).when(command).refused(Invalid, fields=["text"])


@pytest.mark.parametrize("situation", ["accepted", "rated"])
def test_an_order_is_reopened_up_to_72_hours_after_its_acceptance(situation: str) -> None:
    history = HISTORIES[situation]
    command = c.Reopen(by=li, reason="drips again")
    last = NOON + timedelta(hours=72)
    state = given(*history).when(command, at=last).then(reopened)
    assert (state.state, state.activity, state.technician) == ("dispatched", "waiting", "wang")
    late = given(*history).when(command, at=last + timedelta(microseconds=1))
    late.refused(r.WindowClosed, allowed=["rate"] if situation == "accepted" else [])


def test_the_window_is_counted_from_the_last_acceptance_as_recorded() -> None:
    claimed = NOON + 200 * HOUR
    events = (
        *HISTORIES["accepted"],
        at(NOON + HOUR, reopened),
        at(NOON + 2 * HOUR, repaired()),
        at(NOON + 100 * HOUR, accepted(), occurred_at=claimed),
    )
    command = c.Reopen(by=li, reason="drips again")
    given(*events).when(command, at=NOON + 172 * HOUR).then(reopened)
    given(*events).when(command, at=NOON + 173 * HOUR).refused(r.WindowClosed)


def test_one_reminder_for_every_repair() -> None:
    command = c.Remind(by=machine)
    given(*HISTORIES["repaired"]).when(command).then(reminded)
    given(*HISTORIES["repaired"], reminded).when(command).refused(
        r.AlreadyReminded, allowed=["request_check"]
    )
    given(*HISTORIES["repaired"], reminded, rejected, repaired()).when(command).then(reminded)


@pytest.mark.parametrize("reason", ["not_ours", "cannot"])
def test_an_order_is_declined_with_reason_and_note(reason: Any) -> None:
    command = c.Decline(by=sun, reason=reason, note="the water works do it")
    expected = declined(reason=reason, technician="wang")
    state = given(*HISTORIES["paused"]).when(command).then(expected)
    assert (state.activity, state.technician) == ("waiting", None)
    pointless = msgspec.structs.replace(command, duplicate_of=OTHER_ID)
    given(submitted()).when(pointless).refused(Invalid, fields=["duplicate_of"])
    unknown = msgspec.structs.replace(command, reason="tired")
    given(submitted()).when(unknown).refused(Invalid, fields=["reason"])


def test_a_duplicate_names_the_other_order() -> None:
    command = c.Decline(by=sun, reason="duplicate", note="see there", duplicate_of=OTHER_ID)
    expected = declined(reason="duplicate", note="see there", duplicate_of=OTHER_ID)
    given(submitted()).when(command).then(expected)
    for wrong in (None, "", ID):
        bad = msgspec.structs.replace(command, duplicate_of=wrong)
        given(submitted()).when(bad).refused(Invalid, fields=["duplicate_of"])


@pytest.mark.parametrize("by", [li, mei], ids=lambda by: by.person)
def test_who_reported_or_accepts_appeals_once_for_every_decline(by: Caller) -> None:
    appeal = c.Appeal(by=by, text="inside the wall")
    appealed = e.WorkOrderAppealed(**keys(technician=None), text="inside the wall")
    given(submitted(), declined()).when(appeal).then(appealed)
    given(submitted(), declined(), appealed).when(appeal).refused(r.NotDeclined)
    given(submitted(), declined(), appealed, declined()).when(appeal).then(appealed)
    given(submitted(), declined()).when(c.Appeal(by=zhao, text="x")).refused(r.NotYourOrder)


def test_a_cancelled_order_names_the_technician_it_was_taken_from() -> None:
    event = given(*HISTORIES["waiting"]).when(c.Cancel(by=mei)).events[0]
    assert event == e.WorkOrderCancelled(**keys())
    assert fold(*HISTORIES["waiting"], event).technician is None


# -- the state -----------------------------------------------------------------------------------


def test_the_state_holds_nobodys_words() -> None:
    words = ["漏水", "washer", "drips", "comment here", "water works", "wall"]
    state = fold(
        submitted(),
        declined(),
        e.WorkOrderAppealed(**keys(technician=None), text="inside the wall"),
        dispatched,
        paused,
        repaired(),
        rejected,
        repaired(),
        accepted(),
        msgspec.structs.replace(rated, comment="comment here"),
    )
    kept = msgspec.json.encode(state).decode()
    assert not [word for word in words if word in kept]


def test_ten_thousand_events_leave_no_more_than_a_dozen() -> None:
    once = (repaired(charge_fen=1), rejected)
    few = fold(submitted(), dispatched, *once)
    many = fold(submitted(), dispatched, *once * 5_000)
    assert msgspec.structs.replace(many, charge_fen=1) == few
    assert many.charge_fen == 5_000
