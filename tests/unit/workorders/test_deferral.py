"""Putting an order off to a date, when it goes on by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.workorders.board.schemas import Board as BoardAsked
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.deferral import Defer, DeferralNotOver, NotDeferred
from services.workorders.orders.domain.visits.commands import ChooseVisit, MoveVisit, OfferVisits
from services.workorders.orders.domain.visits.refusals import StillPutOff, VisitBeforeDate
from services.workorders.orders.domain.visits.values import Window
from services.workorders.orders.schemas import Get
from shared.errors import Invalid
from shared.eventlog.decider import Context
from shared.following import timers
from shared.identity.caller import Caller
from shared.request import Request
from shared.testing.scenario import NOON
from tests.support.order_facts import WANG
from tests.unit.workorders.cast import (
    HISTORIES,
    HOUR,
    MORNING,
    WEEK,
    ZONE,
    command,
    deferred,
    fold,
    given,
    keys,
    li,
    machine,
    sun,
    visit_chosen,
    visits_offered,
    wang,
    window,
    zhao,
)
from tests.unit.workorders.desk import Desk
from tests.unit.workorders.desk import machine as garden_machine
from tests.unit.workorders.desk import sun as garden_sun

DEFER = Defer(by=wang, until=NOON + WEEK, reason="the family is away", zone=ZONE)
OFF = (*HISTORIES["working"], deferred())
RESUMED = e.WorkOrderResumed(**keys(), activity="waiting")


@pytest.mark.parametrize("situation", ["waiting", "working", "paused"])
def test_it_is_on_hold_until_its_date(situation: str) -> None:
    for by in (wang, sun):
        command = msgspec.structs.replace(DEFER, by=by)
        state = given(*HISTORIES[situation]).when(command).then(deferred())
        assert (state.state, state.activity) == ("dispatched", "paused")
        assert state.deferred_until == NOON + WEEK


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "now": ({"until": NOON}, "until"),
    "in years": ({"until": NOON + timedelta(days=367)}, "until"),
    "no zone": ({"until": datetime(2026, 3, 9)}, "until"),
    "no reason": ({"reason": " "}, "reason"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD.keys())
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    bad = msgspec.structs.replace(DEFER, **changes)
    given(*HISTORIES["waiting"]).when(bad).refused(Invalid, fields=[field])


def test_it_goes_on_by_itself_at_its_date_and_no_sooner() -> None:
    resume = c.Resume(by=machine)
    given(*OFF).when(resume, at=NOON + WEEK - timedelta(seconds=1)).refused(DeferralNotOver)
    state = given(*OFF).when(resume, at=NOON + WEEK).then(RESUMED)
    assert (state.activity, state.deferred_until) == ("waiting", None)
    given(*HISTORIES["paused"]).when(resume, at=NOON + WEEK).refused(DeferralNotOver)


def test_it_goes_on_by_hand_before_that_and_is_then_put_off_no_more() -> None:
    state = given(*OFF).when(c.Resume(by=wang)).then(RESUMED)
    assert state.deferred_until is None
    paused_since = (*OFF, RESUMED, e.WorkOrderPaused(**keys(), reason="parts", note=None))
    given(*paused_since).when(c.Resume(by=machine), at=NOON + WEEK).refused(DeferralNotOver)


def test_the_resident_puts_it_off_too_and_takes_that_back() -> None:
    """But does not interfere with what is under way, nor with a pause."""
    by_li, back = msgspec.structs.replace(DEFER, by=li), c.Resume(by=li)
    for situation in ("submitted", "waiting"):
        before = fold(*HISTORIES[situation])
        put_off = given(*HISTORIES[situation]).when(by_li).after()
        assert (put_off.state, put_off.activity) == (before.state, "paused")
    later = msgspec.structs.replace(by_li, until=NOON + 2 * WEEK)
    assert given(*OFF).when(later).after().deferred_until == NOON + 2 * WEEK
    given(*OFF).when(back).then(RESUMED)
    given(*HISTORIES["working"]).when(by_li).refused(r.WorkBegun)
    given(*HISTORIES["paused"]).when(by_li).refused(r.OrderPaused)
    given(*HISTORIES["paused"]).when(back).refused(NotDeferred)
    given(*OFF).when(msgspec.structs.replace(back, by=zhao)).refused(r.NotYourOrder)


def test_what_nobody_was_sent_to_goes_on_where_it_was() -> None:
    """Meanwhile nobody is sent, and it can be taken back as ever."""
    off = HISTORIES["put_off"]
    given(*off).when(command("dispatch", sun)).refused(r.OrderPaused)
    assert given(*off).when(c.Cancel(by=li)).after().state == "cancelled"
    for by, at in ((machine, NOON + WEEK), (sun, NOON), (li, NOON)):
        state = given(*off).when(c.Resume(by=by), at=at).after()
        assert (state.state, state.activity, state.deferred_until) == ("submitted", "waiting", None)
    given(*off).when(c.Resume(by=wang)).refused(r.NotYourOrder)


def test_merged_by_mistake_it_is_put_off_as_before() -> None:
    merged = given(*HISTORIES["put_off"]).when(command("merge", sun)).events
    back = given(*HISTORIES["put_off"], *merged).when(c.Unmerge(by=sun)).after()
    assert (back.state, back.activity, back.deferred_until) == ("submitted", "paused", NOON + WEEK)


AGREED = (*HISTORIES["waiting"], visits_offered(), visit_chosen(MORNING))


@pytest.mark.parametrize("by", [wang, sun, li], ids=lambda who: who.person)
def test_it_is_not_put_off_beyond_a_visit_that_people_wait_for(by: Caller) -> None:
    beyond = msgspec.structs.replace(DEFER, by=by)
    error = given(*AGREED).when(beyond).refused(VisitBeforeDate, fields=["until"])
    assert "2026-03-03 16:00" in error.message and "move it or call it off first" in error.message
    moment = timedelta(seconds=1)
    for until in (MORNING.starts, MORNING.starts - HOUR):
        sooner = msgspec.structs.replace(beyond, until=until)
        assert given(*AGREED).when(sooner).after().deferred_until == until
    just = msgspec.structs.replace(beyond, until=MORNING.starts + moment)
    given(*AGREED).when(just).refused(VisitBeforeDate)
    begun = given(*AGREED).when(beyond, at=MORNING.ends - moment).refused(VisitBeforeDate)
    assert "move it first" in begun.message, "what has begun is not called off"
    assert given(*AGREED).when(beyond, at=MORNING.ends).after().deferred_until == NOON + WEEK
    assert given(*AGREED[:-1]).when(beyond).events, "what is on offer only is no visit yet"


def test_no_visit_is_agreed_for_the_time_that_it_is_put_off() -> None:
    begins = window(7 * 24)
    first, second = window(7 * 24 - 3), window(7 * 24 + 2)
    offer = OfferVisits(by=wang, windows=(begins, first), zone=ZONE)
    given(*OFF).when(offer).refused(StillPutOff, fields=["windows.1.starts"])
    offer = OfferVisits(by=wang, windows=(begins, second), zone=ZONE)
    assert given(*OFF).when(offer).after().visit.windows == (begins, second)
    offered = (*HISTORIES["waiting"], visits_offered(windows=(first, begins)), deferred())
    choose = ChooseVisit(by=li, offer=1, window=1, zone=ZONE)
    given(*offered).when(choose).refused(StillPutOff, fields=["window"])
    given(*offered, RESUMED).when(choose).then(visit_chosen(first))
    choose = ChooseVisit(by=li, offer=1, window=2, zone=ZONE)
    given(*offered).when(choose).then(visit_chosen(begins))
    agreed = (*OFF, visits_offered(windows=(second,)), visit_chosen(second))
    move = MoveVisit(by=li, starts=first.starts, ends=first.ends, zone=ZONE)
    given(*agreed).when(move).refused(StillPutOff, fields=["starts"])
    move = MoveVisit(by=li, starts=begins.starts, ends=begins.ends, zone=ZONE)
    assert given(*agreed).when(move).after().visit_agreed == begins


def test_the_last_date_holds() -> None:
    later = (*OFF, deferred(until=NOON + 2 * WEEK))
    given(*later).when(c.Resume(by=machine), at=NOON + WEEK).refused(DeferralNotOver)
    given(*later).when(c.Resume(by=machine), at=NOON + 2 * WEEK).then(RESUMED)


def test_after_a_downtime_it_counts_as_resumed_at_its_date(desk: Desk) -> None:
    order = desk.report()
    desk.does(garden_sun, c.Dispatch, order, technician=WANG, technician_here=True)
    until = desk.clock.now() + timedelta(days=3)
    desk.does(garden_sun, Defer, order, until=until, reason="they are away", zone=ZONE)
    [timer] = [one for one in timers.due(desk.parts.store, until) if "resume" in one.method]
    assert not [one for one in timers.due(desk.parts.store, until - timedelta(seconds=1))
                if "resume" in one.method]  # fmt: skip
    desk.clock.set(until + timedelta(days=2))
    context = Context(
        actor=garden_machine.person,
        command_id=timer.command_id,
        command_digest="",
        correlation_id="timer",
        occurred_at=datetime.fromisoformat(timer.request["occurred_at"]),
    )
    request = Request(caller=garden_machine, context=context)
    desk.parts.applications["orders"].do(request, {"id": order}, c.Resume)
    desk.settle()
    [resumed] = desk.of("WorkOrderResumed")
    assert (resumed.occurred_at, resumed.time) == (until, until + timedelta(days=2))


def test_nobody_is_sent_to_what_is_put_off_until_it_goes_on(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG)
    order = desk.report()
    until = desk.clock.now() + timedelta(days=3)
    desk.does(garden_sun, Defer, order, until=until, reason="they are away", zone=ZONE)
    assert desk.round()["waiting"] == 0
    lanes = desk.ask("board", "board", BoardAsked, garden_sun, community="garden")["lanes"]
    assert [one["lane"] for one in lanes if one["count"]] == ["paused"]
    desk.clock.advance(timedelta(minutes=1))
    desk.does(garden_sun, c.Resume, order)
    assert datetime.fromisoformat(max(desk.due())) > desk.clock.now()
    assert [one["id"] for one in desk.round()["dispatched"]] == [order]


def test_what_is_put_off_shows_the_times_on_offer_that_come_after_its_date(desk: Desk) -> None:
    order, now = desk.report(), desk.clock.now()
    sooner, later = (
        Window(starts=now + timedelta(days=days), ends=now + timedelta(days=days, hours=2))
        for days in (1, 4)
    )

    def shown() -> list[int]:
        visit = desk.ask("queries", "get", Get, garden_sun, id=order)["visit"]
        return [one["number"] for one in visit["windows"]]

    desk.does(garden_sun, OfferVisits, order, windows=(sooner, later), zone=ZONE)
    assert shown() == [1, 2]
    until = now + timedelta(days=3)
    desk.does(garden_sun, Defer, order, until=until, reason="they are away", zone=ZONE)
    assert shown() == [2]
    desk.does(garden_sun, c.Resume, order)
    assert shown() == [1, 2]
