"""Rounds: who is sent to what, within capacity, and whom nobody can be sent to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.dispatching.domain import events as e
from services.workorders.dispatching.domain import rules as r
from shared.errors import Forbidden
from shared.testing.scenario import given
from tests.support.order_facts import BUILDING, CHEN, WANG
from tests.unit.workorders.desk import Desk, boss, li, sun, wang


def test_a_round_dispatches_with_the_reason_in_the_event(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG, level=3)
    desk.skill(CHEN, level=1)
    desk.shift(WANG)
    desk.shift(CHEN)
    order = desk.report()
    found = desk.round()
    assert [(one["id"], one["technician"]) for one in found["dispatched"]] == [(order, WANG)]
    (sent,) = desk.of("WorkOrderDispatched")
    choice = sent.data["choice"]
    assert (choice["how"], choice["reason"], choice["edition"]) == ("automatic", "best", 1)
    assert [one["technician"] for one in choice["candidates"]] == [WANG, CHEN]
    assert choice["candidates"][0]["skill"] == 1000
    assert [one.data["dispatched"] for one in desk.of("DispatchRoundHeld")] == [[order]]


def test_a_round_sends_nobody_beyond_capacity_however_often_it_is_held(desk: Desk) -> None:
    desk.mode("automatic")
    desk.ask(
        "rulebook", "set_weights", d.SetWeights, boss, community="garden",
        skill=1, load=1, distance=1, urgency=1, fairness=1, capacity=2,
    )  # fmt: skip
    desk.skill(WANG)
    desk.shift(WANG)
    for _ in range(5):
        desk.report()
    assert [len(desk.round()["dispatched"]) for _ in range(3)] == [2, 0, 0]
    assert desk.of("NobodyQualified") == [], "they are busy, not missing"


def test_only_automatic_categories_are_given_out(desk: Desk) -> None:
    desk.mode("automatic", "lift")
    desk.skill(WANG)
    desk.shift(WANG)
    desk.report("plumbing")
    assert desk.round()["waiting"] == 0


def test_the_dispatchers_hear_once_a_wait_that_nobody_is_qualified(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.certify(WANG, "2026-03-01")
    desk.shift(WANG)
    order = desk.report()
    assert [one["id"] for one in desk.round()["unqualified"]] == [order]
    assert desk.round()["unqualified"] == []
    (told,) = desk.of("NobodyQualified")
    assert told.data["reasons"] == {"no_skill": 1, "not_certified": 1}
    assert (told.data["order"], told.data["building"]) == (order, BUILDING)


def test_what_nobody_can_be_sent_to_does_not_keep_what_came_later_from_its_round(
    desk: Desk,
) -> None:
    for category in ("plumbing", "lift"):
        desk.mode("automatic", category)
    desk.skill(WANG, "lift")
    desk.shift(WANG)
    for category in ("plumbing", "plumbing", "lift"):
        order = desk.report(category)
        desk.clock.advance(timedelta(seconds=10))
    # as 500 are of 501
    desk.parts.applications["rounds"]._most = 2
    due = desk.due()
    first = desk.round()
    assert (first["waiting"], first["dispatched"], len(first["unqualified"])) == (2, [], 2)
    assert len(desk.due()) == len(due) + 1, "the next follows by itself"
    assert [one["id"] for one in desk.round()["dispatched"]] == [order]
    desk.clock.advance(timedelta(seconds=10))
    assert [one.data["more"] for one in desk.of("DispatchRoundHeld")] == [True, True]
    due = desk.due()
    assert (desk.round()["waiting"], desk.due()) == (2, due), "and there is an end to it"


def test_a_round_called_for_twice_with_one_id_is_held_once(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG)
    desk.report()
    same = str(uuid4())
    desk.round(command_id=same)
    desk.round(command_id=same)
    assert len(desk.of("WorkOrderDispatched")) == len(desk.of("DispatchRoundHeld")) == 1


def test_two_rounds_that_looked_at_the_same_time_do_not_both_count() -> None:
    held = e.DispatchRoundHeld(
        community="garden", round=1, edition=0, waiting=1, dispatched=("o",), unqualified=()
    )
    late = r.HoldRound(community="garden", after=0, waiting=1, dispatched=("p",), unqualified=())
    given(r.DISPATCH_RULES, held).when(late).refused(r.RoundOverlaps)


def test_a_round_that_another_overtook_looks_again_at_who_is_free(desk: Desk) -> None:
    desk.mode("automatic")
    desk.ask(
        "rulebook",
        "set_weights",
        d.SetWeights,
        boss,
        community="garden",
        **{"skill": 1, "load": 1, "distance": 1, "urgency": 1, "fairness": 1, "capacity": 1},
    )
    desk.mode("automatic", "lift")
    for skill in ("plumbing", "lift"):
        desk.skill(WANG, skill)
    desk.shift(WANG)
    desk.report()
    rounds = desk.parts.applications["rounds"]
    solve = rounds._solve

    def overtaken(costs: Any) -> Any:
        """While this round thinks, another gives wang something more urgent."""
        rounds._solve = solve
        desk.clock.advance(timedelta(hours=1))
        lift = desk.report("lift")
        desk.clock.advance(timedelta(hours=1))
        assert [one["id"] for one in desk.round()["dispatched"]] == [lift]
        return solve(costs)

    rounds._solve = overtaken
    assert desk.round()["dispatched"] == []
    assert len(desk.of("WorkOrderDispatched")) == 1, "wang can hold one"


def test_the_one_hand_that_is_free_goes_to_what_is_promised_sooner(desk: Desk) -> None:
    """An older order with a day's promise, a newer one with an hour's: both are normal."""
    desk.promise(heating=24 * 60, plumbing=60)
    for category in ("heating", "plumbing"):
        desk.mode("automatic", category)
        desk.skill(WANG, category)
    desk.ask(
        "rulebook", "set_weights", d.SetWeights, boss, community="garden",
        skill=1, load=1, distance=1, urgency=1, fairness=1, capacity=1,
    )  # fmt: skip
    older = desk.report("heating")
    desk.clock.advance(timedelta(hours=6))
    newer = desk.report("plumbing")
    desk.clock.advance(timedelta(minutes=30))
    desk.shift(WANG)
    shown = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=newer)["candidates"]
    assert shown[0]["urgency"] == 200 + 800 // 2
    assert [one["id"] for one in desk.round()["dispatched"]] == [newer]
    (sent,) = desk.of("WorkOrderDispatched")
    assert sent.data["choice"]["candidates"] == shown, "the reason is kept as it was shown"
    left = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=older)["excluded"]
    assert {"technician": WANG, "reason": "full"} in left


def test_a_round_is_not_for_technicians_and_residents(desk: Desk) -> None:
    for caller in (wang, li):
        with pytest.raises(Forbidden):
            desk.round(caller)
