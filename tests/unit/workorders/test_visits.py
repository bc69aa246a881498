"""Visits: times are offered, one is chosen, either side moves it, and it is kept or missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.deferral import Defer
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.domain.visits import events as v
from services.workorders.orders.domain.visits import refusals as vr
from services.workorders.orders.domain.visits.values import Window
from shared.errors import Invalid
from shared.identity.caller import Caller
from shared.testing.scenario import NOON
from tests.unit.workorders.cast import (
    AFTERNOON,
    EVENING,
    HISTORIES,
    HOUR,
    MORNING,
    WEEK,
    ZONE,
    cancelled,
    deferred,
    fold,
    given,
    keys,
    li,
    machine,
    mei,
    repaired,
    started,
    sun,
    target,
    visit_chosen,
    visits_offered,
    wang,
    window,
    zhao,
)

WAITING = HISTORIES["waiting"]
OFFERED = (*WAITING, visits_offered())
AGREED = (*OFFERED, visit_chosen())
OFFER = vc.OfferVisits(by=wang, windows=(AFTERNOON, MORNING), zone=ZONE)
MOVE = vc.MoveVisit(by=li, starts=EVENING.starts, ends=EVENING.ends, zone=ZONE)
MISS = vc.MissVisit(by=wang, zone=ZONE)
CANCEL = vc.CancelVisit(by=li, zone=ZONE)


def moved(**changes: Any) -> v.WorkOrderVisitMoved:
    own = {
        "starts": EVENING.starts,
        "ends": EVENING.ends,
        "from_starts": MORNING.starts,
        "from_ends": MORNING.ends,
        "zone": ZONE,
        "reason": None,
    }
    return v.WorkOrderVisitMoved(**{**keys(), **own, **changes})


def called_off(**changes: Any) -> v.WorkOrderVisitCancelled:
    own = {"starts": MORNING.starts, "ends": MORNING.ends, "zone": ZONE, "reason": None}
    return v.WorkOrderVisitCancelled(**{**keys(), **own, **changes})


def missed() -> v.WorkOrderVisitMissed:
    return v.WorkOrderVisitMissed(
        **keys(), starts=MORNING.starts, ends=MORNING.ends, zone=ZONE, note=None
    )


@pytest.mark.parametrize("situation", ["submitted", "waiting", "paused"])
def test_times_are_offered_the_earliest_first(situation: str) -> None:
    command = vc.OfferVisits(by=sun, windows=(AFTERNOON, MORNING), zone=ZONE)
    state = given(*HISTORIES[situation]).when(command).after()
    assert state.visit.windows == (MORNING, AFTERNOON)
    assert (state.state, state.activity) == {
        "submitted": ("submitted", "waiting"),
        "waiting": ("dispatched", "waiting"),
        "paused": ("dispatched", "paused"),
    }[situation]
    given(*WAITING).when(OFFER).then(visits_offered())
    given(*WAITING, started).when(OFFER).refused(r.WorkBegun)


NAIVE = datetime(2026, 3, 9, 9)
BAD: dict[str, tuple[tuple[Window, ...], str]] = {
    "none": ((), "windows"),
    "too many": (tuple(window(20 + 3 * at) for at in range(7)), "windows"),
    "ended before it starts": (
        (Window(starts=MORNING.ends, ends=MORNING.starts),),
        "windows.0.ends",
    ),
    "no time at all": ((Window(starts=MORNING.ends, ends=MORNING.ends),), "windows.0.ends"),
    "too short": ((window(20, 0),), "windows.0.ends"),
    "half a day and more": ((window(20, 13),), "windows.0.ends"),
    "begun already": ((window(0),), "windows.0.starts"),
    "past": ((MORNING, window(-5)), "windows.1.starts"),
    "in a year": ((window(24 * 100),), "windows.0.starts"),
    "overlapping": ((MORNING, window(21)), "windows.1.starts"),
    "twice the same": ((MORNING, MORNING), "windows.1.starts"),
    "without a zone": ((Window(starts=NAIVE, ends=MORNING.ends),), "windows.0.starts"),
}


@pytest.mark.parametrize(("windows", "field"), BAD.values(), ids=BAD.keys())
def test_times_that_make_no_sense_are_refused(windows: tuple[Window, ...], field: str) -> None:
    command = vc.OfferVisits(by=wang, windows=windows, zone=ZONE)
    given(*WAITING).when(command).refused(Invalid, fields=[field])


def test_windows_that_touch_do_not_overlap() -> None:
    command = vc.OfferVisits(by=wang, windows=(window(20), window(22)), zone=ZONE)
    assert len(given(*WAITING).when(command).after().visit.windows) == 2


def test_the_resident_chooses_or_staff_for_them() -> None:
    for by in (li, mei, sun, wang):
        command = vc.ChooseVisit(by=by, offer=1, window=2, zone=ZONE)
        state = given(*OFFERED).when(command).then(visit_chosen(AFTERNOON))
        assert (state.visit.state, state.visit.window) == ("agreed", AFTERNOON)
    stranger = vc.ChooseVisit(by=zhao, offer=1, window=1, zone=ZONE)
    given(*OFFERED).when(stranger).refused(r.NotYourOrder)


def test_only_what_is_on_offer_is_chosen() -> None:
    first = vc.ChooseVisit(by=li, offer=1, window=1, zone=ZONE)
    given(*WAITING).when(first).refused(vr.NoVisitOffered)
    given(*AGREED).when(first).refused(vr.NoVisitOffered)
    again = (*OFFERED, visits_offered(offer=2))
    given(*again).when(first).refused(vr.OfferReplaced)
    for none in (0, 3):
        command = vc.ChooseVisit(by=li, offer=1, window=none, zone=ZONE)
        given(*OFFERED).when(command).refused(Invalid, fields=["window"])
    given(*OFFERED).when(first, at=MORNING.ends).refused(vr.VisitOver)
    given(*OFFERED).when(first, at=MORNING.ends - HOUR).then(visit_chosen())


def test_either_side_moves_it() -> None:
    for by in (li, mei, sun, wang):
        command = vc.MoveVisit(by=by, starts=EVENING.starts, ends=EVENING.ends, zone=ZONE)
        state = given(*AGREED).when(command).then(moved())
        assert (state.visit.state, state.visit.window) == ("agreed", EVENING)
    given(*OFFERED).when(MOVE).refused(vr.NoVisitAgreed)
    same = vc.MoveVisit(by=li, starts=MORNING.starts, ends=MORNING.ends, zone=ZONE)
    given(*AGREED).when(same).refused(vr.SameVisit)
    back = vc.MoveVisit(by=li, starts=MORNING.ends, ends=MORNING.starts, zone=ZONE)
    given(*AGREED).when(back).refused(Invalid, fields=["ends"])
    given(*AGREED).when(MOVE, at=EVENING.starts).refused(Invalid, fields=["starts"])
    given(*AGREED).when(OFFER).refused(vr.VisitAgreed)


@pytest.mark.parametrize("by", [li, mei, sun, wang], ids=lambda one: one.person)
def test_either_side_calls_it_off_and_the_order_goes_on_without(by: Caller) -> None:
    command = vc.CancelVisit(by=by, zone=ZONE, reason="I am away")
    state = given(*AGREED).when(command).then(called_off(reason="I am away"))
    assert (state.state, state.activity) == ("dispatched", "waiting")
    assert state.visit_agreed is None
    off = (*AGREED, called_off())
    given(*off).when(command).refused(vr.NoVisitAgreed)
    given(*off).when(MOVE).refused(vr.NoVisitAgreed)
    away = Defer(by=li, until=NOON + WEEK, reason="I am away", zone=ZONE)
    assert given(*off).when(away).after().deferred_until == NOON + WEEK


def test_what_was_on_offer_before_it_was_called_off_is_not_chosen_any_more() -> None:
    off = (*AGREED, called_off())
    first = vc.ChooseVisit(by=li, offer=1, window=1, zone=ZONE)
    given(*off).when(first).refused(vr.NoVisitOffered)
    again = given(*off).when(OFFER).after()
    assert (again.visit.state, again.visit.offer) == ("offered", 2)
    given(*off, visits_offered(offer=2)).when(first).refused(vr.OfferReplaced)


def test_only_a_visit_that_is_agreed_and_has_not_begun_is_called_off() -> None:
    for history in (WAITING, OFFERED, (*AGREED, missed())):
        error = given(*history).when(CANCEL).refused(vr.NoVisitAgreed)
        assert "offered and chosen first" in error.message
    given(*AGREED).when(CANCEL, at=MORNING.starts - timedelta(seconds=1)).then(called_off())
    for at in (MORNING.starts, MORNING.ends + HOUR):
        error = given(*AGREED).when(CANCEL, at=at).refused(vr.VisitBegun)
        assert "move it" in error.message and "move_visit" in error.allowed
        assert "cancel_visit" not in error.allowed
    given(*AGREED).when(vc.CancelVisit(by=zhao, zone=ZONE)).refused(r.NotYourOrder)


def test_with_its_order_closed_merged_or_at_work_nothing_is_left_to_call_off() -> None:
    merged = given(*AGREED).when(c.Merge(by=sun, target=target())).events
    for ended, why in (
        ((cancelled,), r.OrderCancelled),
        ((repaired(),), r.AlreadyRepaired),
        ((started,), r.WorkBegun),
        (tuple(merged), r.OrderMerged),
    ):
        given(*AGREED, *ended).when(CANCEL).refused(why)
    taken_back = given(*AGREED, *merged).when(c.Unmerge(by=sun)).events
    given(*AGREED, *merged, *taken_back).when(CANCEL).then(called_off())
    put_off = given(*AGREED, deferred(until=MORNING.starts)).when(CANCEL).then(called_off())
    assert put_off.deferred_until == MORNING.starts, "that stays as it was"


def test_nobody_can_have_missed_what_has_not_begun() -> None:
    given(*AGREED).when(MISS, at=MORNING.starts - timedelta(minutes=1)).refused(vr.VisitNotBegun)
    state = given(*AGREED).when(MISS, at=MORNING.starts).then(missed())
    assert state.visit.state == "missed"
    given(*AGREED, missed()).when(MISS, at=MORNING.ends).refused(vr.NoVisitAgreed)
    again = given(*AGREED, missed()).when(OFFER).after()
    assert (again.visit.state, again.visit.offer) == ("offered", 2)
    given(*AGREED).when(vc.MissVisit(by=sun, zone=ZONE), at=MORNING.starts).refused(r.NotYourRole)


def test_it_is_kept_when_work_starts_and_void_with_the_order() -> None:
    assert given(*AGREED).when(c.Start(by=wang)).after().visit.state == "kept"
    assert fold(*AGREED, repaired()).visit.state == "kept"
    assert fold(*OFFERED, started).visit.windows == ()
    assert fold(*AGREED, missed(), started).visit.state == "missed", "the past stays as it was"
    assert fold(*AGREED, cancelled).visit is None


def test_a_reminder_is_for_the_visit_it_was_set_for() -> None:
    remind = vc.RemindVisit(by=machine, starts=MORNING.starts, zone=ZONE)
    reminded = v.WorkOrderVisitReminded(
        **keys(), starts=MORNING.starts, ends=MORNING.ends, zone=ZONE
    )
    given(*AGREED).when(remind).then(reminded)
    given(*AGREED, moved()).when(remind).refused(vr.VisitMovedSince)
    given(*AGREED).when(remind, at=MORNING.starts).refused(vr.VisitOver)
    given(*OFFERED).when(remind).refused(vr.NoVisitAgreed)
    given(*AGREED, called_off()).when(remind).refused(vr.NoVisitAgreed)
    assert MORNING.starts > NOON


def test_a_time_agreed_anew_is_reminded_of_once() -> None:
    """Called off or moved away and back, it has two timers."""
    remind = vc.RemindVisit(by=machine, starts=MORNING.starts, zone=ZONE)
    [reminded] = given(*AGREED).when(remind).events
    anew = (visits_offered(offer=2), visit_chosen(offer=2))
    again = (*AGREED, called_off(), *anew)
    given(*again).when(remind).then(reminded)
    given(*again, reminded).when(remind).refused(vr.VisitReminded)
    given(*AGREED, reminded, called_off(), *anew).when(remind).then(reminded)
