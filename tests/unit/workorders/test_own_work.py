"""Nobody judges their own work: who checks it instead, and what that is not."""

from __future__ import annotations

import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from shared.identity.caller import Caller
from tests.unit.workorders.cast import (
    HISTORIES,
    boss,
    dispatched,
    fold,
    given,
    guard,
    keys,
    person,
    qian,
    rejected,
    repaired,
    submitted,
    sun,
)

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


def test_nobody_answers_the_rating_of_their_own_work() -> None:
    both = person("wang", "technician", "dispatcher")
    command = c.AnswerRating(by=both, text="sorry")
    given(*HISTORIES["rated"]).when(command).refused(r.OwnWork)
