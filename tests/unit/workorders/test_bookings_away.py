"""Nobody comes while they are on leave or off shift, and who takes them off is told of visits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.orders.domain.visits import refusals as r
from services.workorders.staff import schemas as s
from shared.testing.scenario import NOON
from tests.support.order_facts import CHEN, WANG
from tests.unit.workorders.desk import Desk, boss, sun
from tests.unit.workorders.visiting import (
    DAY,
    NINE,
    ONE,
    TEN,
    agreed,
    choose,
    get,
    number,
    offer,
    sent,
    shown,
    told,
    transfer,
)


def test_nobody_comes_while_on_leave_or_off_shift(desk: Desk) -> None:
    desk.shift(WANG, NINE[0], hours=2)
    order = sent(desk)
    with pytest.raises(r.TechnicianOffShift):
        offer(desk, order, ONE)
    offer(desk, order, NINE)
    leave = told(NINE)
    desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **leave)
    with pytest.raises(r.VisitTaken) as resident:
        choose(desk, order)
    assert "leave" not in resident.value.message
    with pytest.raises(r.TechnicianOnLeave):
        choose(desk, order, by=sun)
    assert get(desk, order)["visit"]["windows"] == []


def test_who_takes_time_of_somebodys_away_is_told_what_is_agreed_for_it(desk: Desk) -> None:
    desk.shift(WANG, NINE[0], hours=8)
    later, first = agreed(desk, ONE), agreed(desk, NINE)
    agreed(desk, (NINE[0] + DAY, NINE[1] + DAY))
    given_away, missing = agreed(desk, (NINE[1], TEN[1])), sent(desk)
    transfer(desk, given_away, CHEN)
    offer(desk, missing, (TEN[1], TEN[1] + timedelta(hours=1)))

    def visits(answer: Any) -> Any:
        return [(one["order"], one["number"], one["starts"], one["ends"]) for one in answer]

    def told_of(*orders: tuple[str, tuple[datetime, datetime]]) -> list[Any]:
        return [(one, number(desk, one), *shown(at).values()) for one, at in orders]

    (shift,) = desk.ask("staff", "staff_record", s.OfPerson, boss, person=WANG)["shifts"]
    once = str(uuid4())
    for _ in range(2):
        gone = desk.ask(
            "staff", "withdraw_shift", s.WithdrawShift, boss, person=WANG, shift=shift["id"],
            command_id=once,
        )  # fmt: skip
        assert visits(gone["visits"]) == told_of((first, NINE), (later, ONE))
    desk.clock.advance(NINE[1] - desk.clock.now())
    whole = {"starts": NOON.isoformat(), "ends": (NOON + DAY).isoformat()}
    leave = desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **whole)
    assert visits(leave["visits"]) == told_of((later, ONE)), "the other's time is over"
    past = {"starts": (NOON - DAY).isoformat(), "ends": NOON.isoformat()}
    assert not desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **past)["visits"]


def test_a_day_that_no_shift_is_planned_for_yet_is_no_day_off(desk: Desk) -> None:
    desk.shift(WANG)
    agreed(desk, NINE)
