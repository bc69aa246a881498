"""Nobody answers about a repair: a reminder, then a check by staff who did not do the work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.board import schemas as of_board
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.quotes.commands import AcceptQuote, PutQuote
from services.workorders.orders.domain.quotes.values import QuoteLine
from shared.errors import Conflict, Invalid
from shared.following import timers
from shared.identity.caller import Caller, Post
from tests.support.order_facts import LI, QIAN, WANG
from tests.unit.workorders.cast import (
    HISTORIES,
    accepted,
    boss,
    check_requested,
    given,
    imported,
    li,
    machine,
    person,
    qian,
    rejected,
    reminded,
    repaired,
    sun,
    wang,
)
from tests.unit.workorders.desk import Desk
from tests.unit.workorders.desk import boss as garden_boss
from tests.unit.workorders.desk import li as garden_li
from tests.unit.workorders.desk import machine as garden_machine
from tests.unit.workorders.desk import sun as garden_sun
from tests.unit.workorders.desk import wang as garden_wang

UNANSWERED = (*HISTORIES["repaired"], reminded)
TO_CHECK = (*UNANSWERED, check_requested)
DAY = timedelta(days=1)


# -- the rules -----------------------------------------------------------------------------------


def test_a_check_is_requested_once_a_repair_and_only_after_a_reminder() -> None:
    command = c.RequestCheck(by=machine)
    given(*HISTORIES["repaired"]).when(command).refused(r.NotReminded, allowed=["remind"])
    state = given(*UNANSWERED).when(command).then(check_requested)
    assert (state.state, state.check_due) == ("repaired", True)
    given(*TO_CHECK).when(command).refused(r.CheckRequested, allowed=[])
    again = (*TO_CHECK, rejected, repaired())
    given(*again).when(command).refused(r.NotReminded)
    given(*again, reminded).when(command).then(check_requested)


def test_imported_history_is_never_to_be_checked() -> None:
    given(imported()).when(c.RequestCheck(by=machine)).refused(r.NoAccepter, allowed=[])


@pytest.mark.parametrize("by", [qian, boss], ids=lambda by: by.person)
def test_a_supervisor_or_manager_checks_and_says_what_they_found(by: Caller) -> None:
    check = c.Accept(by=by, note="dry")
    given(*UNANSWERED).when(check).refused(r.NotYourOrder)
    state = given(*TO_CHECK).when(check).then(accepted(checked=True, note="dry"))
    assert (state.state, state.checked, state.check_due) == ("accepted", True, False)
    given(*TO_CHECK).when(c.Reject(by=by, reason="still drips")).then(rejected)


def test_who_did_the_work_does_not_check_it() -> None:
    both = person("wang", "technician", "supervisor")
    given(*TO_CHECK).when(c.Accept(by=both)).refused(r.OwnWork)
    given(*TO_CHECK).when(c.Reject(by=both, reason="x")).refused(r.OwnWork)


@pytest.mark.parametrize("by", [sun, wang], ids=lambda by: by.person)
def test_others_do_not_check(by: Caller) -> None:
    given(*TO_CHECK).when(c.Accept(by=by)).refused(r.NotYourOrder)


def test_the_resident_may_still_answer_until_it_is_checked_and_open_it_again_after() -> None:
    given(*TO_CHECK).when(c.Accept(by=li)).then(accepted())
    given(*TO_CHECK).when(c.Reject(by=li, reason="still drips")).then(rejected)
    checked = (*TO_CHECK, accepted(checked=True))
    given(*checked).when(c.Rate(by=li, stars=5)).refused(r.CheckedByStaff, allowed=["reopen"])


def test_a_resident_who_accepts_leaves_no_note() -> None:
    given(*HISTORIES["repaired"]).when(c.Accept(by=li, note="x")).refused(Invalid, fields=["note"])


# -- in time -------------------------------------------------------------------------------------


def _repaired(desk: Desk) -> str:
    order = desk.report()
    desk.does(garden_sun, c.Dispatch, order, technician=WANG, technician_here=True)
    line = QuoteLine(kind="labour", what="new washer", quantity=1, unit_fen=500)
    until = desk.clock.now() + timedelta(days=1)
    desk.does(garden_wang, PutQuote, order, payer="owner", lines=(line,), valid_until=until)
    desk.does(garden_li, AcceptQuote, order, quote=1)
    desk.does(garden_wang, c.Repair, order, notes="new washer", charge_fen=500)
    return order


def _fire(desk: Desk) -> list[str]:
    """What is due now is sent to the service, as the leader does it; the rules that came to
    something.
    """
    commands: dict[str, type[c.Command]] = {"remind": c.Remind, "request_check": c.RequestCheck}
    came = []
    for timer in timers.due(desk.parts.store, desk.clock.now()):
        if timer.rule.startswith("lapse_quote"):
            continue  # it was accepted
        request = dict(timer.request)
        version = request.pop("expected_version")
        order = request.pop("id")
        name = timer.method.rpartition(".")[2]
        if name not in commands:
            continue
        try:
            desk.does(garden_machine, commands[name], order, expected_version=version)
        except Conflict:
            pass
        else:
            came.append(timer.rule)
        timers.mark_fired(desk.parts.store, timer)
    return came


def _to_check(desk: Desk) -> list[str]:
    found = desk.ask("board", "board", of_board.Board, garden_sun, check_due=True)
    return [one["id"] for lane in found["lanes"] for one in lane["orders"]]


def test_silence_leads_to_a_reminder_and_then_to_work_for_staff(desk: Desk) -> None:
    order = _repaired(desk)
    desk.clock.advance(3 * DAY)
    assert _fire(desk) == ["remind_accepter"]
    assert _to_check(desk) == []
    desk.clock.advance(3 * DAY - timedelta(seconds=1))
    assert _fire(desk) == []
    desk.clock.advance(timedelta(seconds=1))
    assert _fire(desk) == ["request_check"]
    assert _to_check(desk) == [order]
    [request] = desk.of("WorkOrderCheckRequested")
    assert (request.data["accepter"], request.data["repairers"]) == (LI, [WANG])
    desk.does(garden_boss, c.Accept, order, note="dry")
    assert _to_check(desk) == []
    [done] = desk.of("WorkOrderAccepted")
    assert (done.data["checked"], done.data["note"], done.actor) == (
        True,
        "dry",
        garden_boss.person,
    )


def test_an_answer_in_between_makes_the_check_void(desk: Desk) -> None:
    order = _repaired(desk)
    desk.clock.advance(3 * DAY)
    _fire(desk)
    desk.does(garden_li, c.Reject, order, reason="drips")
    desk.does(garden_wang, c.Repair, order, notes="again")
    desk.clock.advance(3 * DAY)
    # of the repair after it nobody has been reminded before now
    assert _fire(desk) == ["remind_accepter"]
    assert _to_check(desk) == []


def test_after_a_long_downtime_the_accepter_still_has_their_days(desk: Desk) -> None:
    order = _repaired(desk)
    desk.clock.advance(30 * DAY)
    assert _fire(desk) == ["remind_accepter"]
    assert _fire(desk) == []
    desk.clock.advance(3 * DAY)
    assert _fire(desk) == ["request_check"]
    assert _to_check(desk) == [order]


def test_what_is_to_be_checked_ends_at_the_community_it_is_looked_at_from(desk: Desk) -> None:
    _repaired(desk)
    for _ in range(2):
        desk.clock.advance(3 * DAY)
        _fire(desk)
    stranger = Caller(QIAN, (Post("supervisor", "hill"),))
    found: Any = desk.ask("board", "board", of_board.Board, stranger, check_due=True)
    assert not any(lane["count"] for lane in found["lanes"])
