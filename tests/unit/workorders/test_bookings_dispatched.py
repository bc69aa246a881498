"""Whoever is sent can come to the visit: by hand, from the pool, by a round."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.workorders.orders import schemas as o
from services.workorders.orders import visit_schemas as vs
from services.workorders.orders.domain.commands import Dispatch
from services.workorders.orders.domain.visits import refusals as r
from services.workorders.orders.domain.visits.commands import CancelVisit
from shared.testing.scenario import NOON
from tests.support.order_facts import CHEN, WANG
from tests.unit.workorders.cast import ZONE
from tests.unit.workorders.desk import Desk, chen, li, sun
from tests.unit.workorders.visiting import (
    NINE,
    ONE,
    TEN,
    agreed,
    choose,
    get,
    give,
    move,
    number,
    offer,
    sent,
    transfer,
)


def test_whoever_gets_an_order_can_come_to_its_visit(desk: Desk) -> None:
    agreed(desk, TEN)
    order = sent(desk, CHEN)
    offer(desk, order, NINE)
    choose(desk, order)
    with pytest.raises(r.VisitTaken):
        transfer(desk, order, WANG)
    assert get(desk, order)["technician"] == CHEN
    move(desk, order, ONE)
    transfer(desk, order, WANG)
    # it is in wang's book now, not in chen's any more
    with pytest.raises(r.VisitTaken):
        agreed(desk, ONE)
    third = sent(desk, CHEN)
    offer(desk, third, ONE)
    choose(desk, third)


def test_a_visit_agreed_before_anybody_has_the_order_is_held_against_whoever_gets_it(
    desk: Desk,
) -> None:
    agreed(desk)
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    with pytest.raises(r.VisitTaken):
        give(desk, order, WANG)
    give(desk, order, CHEN)
    assert [one.data["technician"] for one in desk.of("VisitBooked")] == [WANG, CHEN]


def test_a_dispatch_decided_on_an_older_look_is_not_stored(desk: Desk) -> None:
    """The visit was agreed after the caller had looked, so nobody has held it against wang."""
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    with pytest.raises(r.VisitNotSeen):
        desk.does(sun, Dispatch, order, technician=WANG, technician_here=True)


def test_what_was_taken_from_the_pool_is_held_against_the_taker(desk: Desk) -> None:
    desk.mode("grab")
    desk.skill(CHEN)
    other = sent(desk, CHEN)
    offer(desk, other, NINE)
    choose(desk, other)
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    with pytest.raises(r.VisitTaken) as refused:
        desk.ask("dispatching", "grab", o.OnOrder, chen, id=order)
    assert number(desk, other) in refused.value.message


def rostered(desk: Desk) -> None:
    desk.mode("automatic")
    for person in (WANG, CHEN):
        desk.skill(person)
        desk.shift(person, NOON, hours=24)


def given_to(desk: Desk) -> dict[str, str]:
    return {one["id"]: one["technician"] for one in desk.round()["dispatched"]}


def test_nobody_is_sent_elsewhere_while_a_visit_of_theirs_is_about_to_begin(desk: Desk) -> None:
    rostered(desk)
    at = NINE[0] - timedelta(hours=4)
    agreed(desk, (at, at + timedelta(hours=1)))
    order = sent(desk, None)
    desk.clock.set(at - timedelta(minutes=20))
    found = desk.ask("dispatching", "candidates", vs.OnOrder, sun, id=order)
    assert found["excluded"] == [{"technician": WANG, "reason": "booked"}]
    assert given_to(desk) == {order: CHEN}


def test_whose_visit_is_called_off_is_free_to_be_sent_elsewhere(desk: Desk) -> None:
    rostered(desk)
    at = NINE[0] - timedelta(hours=4)
    off = agreed(desk, (at, at + timedelta(hours=1)))
    order = sent(desk, None)
    desk.clock.set(at - timedelta(minutes=20))
    rounds = len(desk.due())
    desk.does(li, CancelVisit, off, zone=ZONE)
    found = desk.ask("dispatching", "candidates", vs.OnOrder, sun, id=order)
    assert found["excluded"] == []
    assert len(desk.due()) == rounds + 1, "there are hands for what waits"


def test_a_round_sends_somebody_who_can_come_when_the_visit_is(desk: Desk) -> None:
    rostered(desk)
    agreed(desk)
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    assert given_to(desk) == {order: CHEN}
    assert [one.data["technician"] for one in desk.of("VisitBooked")] == [WANG, CHEN]


def test_two_visits_at_one_time_are_not_given_to_one_person_by_one_round(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG, NOON, hours=24)
    orders = [sent(desk, None) for _ in range(2)]
    for order in orders:
        offer(desk, order, NINE)
        choose(desk, order)
    given = given_to(desk)
    assert list(given.values()) == [WANG]
    assert len(desk.of("VisitBooked")) == 1
