"""The board by the clock of what was promised, and who would be sent to what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.board import schemas
from services.workorders.dispatching import schemas as d
from services.workorders.orders import schemas as o
from shared.errors import Invalid
from tests.support.order_facts import CHEN, WANG
from tests.unit.workorders.desk import Desk, boss, li, stranger, sun


def board(desk: Desk, **asked: Any) -> dict[str, dict[str, str]]:
    """By lane, each order's clock."""
    found = desk.ask("board", "board", schemas.Board, sun, **asked)
    return {
        lane["lane"]: {
            order["id"]: order["clock"] and (order["clock"]["state"], order["clock"]["target"])
            for order in lane["orders"]
        }
        for lane in found["lanes"]
        if lane["count"]
    }


def test_what_presses_is_what_was_promised_and_not_the_age(desk: Desk) -> None:
    desk.promise(plumbing=100, lift=1000)
    quick, slow = desk.report("plumbing"), desk.report("lift")
    free = desk.report("heating")
    desk.clock.advance(timedelta(minutes=79))
    assert board(desk)["submitted"] == {
        quick: ("in_time", "respond"), slow: ("in_time", "respond"), free: None,
    }  # fmt: skip
    desk.clock.advance(timedelta(minutes=1))
    assert board(desk, clock="at_risk") == {"submitted": {quick: ("at_risk", "respond")}}
    assert board(desk, clock="overdue") == {}
    desk.clock.advance(timedelta(minutes=21))
    assert board(desk, clock="overdue") == {"submitted": {quick: ("overdue", "respond")}}
    assert board(desk, clock="at_risk") == {}


def test_a_promise_that_was_met_presses_no_more(desk: Desk) -> None:
    desk.promise(plumbing=10)
    order = desk.report("plumbing")
    desk.clock.advance(timedelta(minutes=30))
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    assert board(desk, clock="overdue") == {}
    assert board(desk) == {"waiting": {order: None}}


def test_the_clock_narrows_with_everything_else(desk: Desk) -> None:
    desk.promise(plumbing=10, lift=10)
    desk.report("plumbing")
    lift = desk.report("lift")
    desk.clock.advance(timedelta(minutes=30))
    assert list(board(desk, clock="overdue", category="lift")["submitted"]) == [lift]
    found = desk.ask("board", "board", schemas.Board, sun, clock="overdue", limit=1)
    (lane,) = [one for one in found["lanes"] if one["count"]]
    assert (lane["count"], len(lane["orders"])) == (2, 1)


def recommend(desk: Desk, *ids: str, by: Any = sun) -> Any:
    return desk.ask("dispatching", "recommend", d.Recommend, by, ids=list(ids))["orders"]


def test_each_order_is_told_who_would_be_sent_and_why_not_the_others(desk: Desk) -> None:
    desk.skill(WANG)
    desk.shift(WANG)
    pipe, lift = desk.report("plumbing"), desk.report("lift")
    first, second = recommend(desk, pipe, lift)
    assert (first["id"], first["best"]["technician"], first["others"]) == (pipe, WANG, 0)
    assert first["passed_over"] == {"no_skill": 1}
    assert (second["best"], second["passed_over"]) == (None, {"no_skill": 2})


def test_the_best_is_the_first_of_the_candidates(desk: Desk) -> None:
    for person in (WANG, CHEN):
        desk.skill(person)
        desk.shift(person)
    busy = desk.report()
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=busy, technician=WANG)
    order = desk.report()
    ranked = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=order)["candidates"]
    (found,) = recommend(desk, order)
    assert (found["best"], found["others"]) == (ranked[0], 1)
    assert found["best"]["technician"] == CHEN


def test_who_does_not_dispatch_an_order_is_told_of_nobody(desk: Desk) -> None:
    desk.skill(WANG)
    desk.shift(WANG)
    order = desk.report()
    assert recommend(desk, order, by=li) == recommend(desk, order, by=stranger) == []
    assert len(recommend(desk, order, by=boss)) == 1
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    assert recommend(desk, order) == []


def test_a_question_names_at_least_one_order_and_not_too_many(desk: Desk) -> None:
    for ids in ([], ["garden.x"] * 51):
        with pytest.raises(Invalid):
            recommend(desk, *ids)
