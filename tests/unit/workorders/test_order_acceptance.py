"""Repaired, charged, rejected, accepted, rated and reopened; one reminder for every repair."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from shared.errors import Invalid
from shared.testing.scenario import NOON, at
from tests.unit.workorders.cast import (
    HISTORIES,
    HOUR,
    accepted,
    dispatched,
    given,
    keys,
    li,
    machine,
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
)


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
