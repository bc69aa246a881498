"""Escalation by ladders: up the line, once, at the time it was due, and only by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.workorders.orders import schemas as orders
from services.workorders.orders.application import ORDER
from services.workorders.orders.measures import measures
from services.workorders.sla import schemas
from services.workorders.sla.domain.escalations import NotYoursToEscalate
from shared.identity.caller import Caller
from tests.support.order_facts import (
    BOSS,
    QIAN,
    SUN,
    WANG,
    withdrawn,
)
from tests.unit.workorders.sla.company import HOUR, NINE, Company, boss, li, sun, text, wang


def test_a_ladder_goes_up_the_reporting_line_step_by_step_and_once(company: Company) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 96 * HOUR / 60 - timedelta(seconds=1))
    assert company.fire() == []
    company.bench.clock.set(NINE + 96 * HOUR / 60)
    assert [one["percent"] for one in company.fire()] == [80]
    company.bench.clock.set(NINE + 5 * HOUR)
    assert [one["percent"] for one in company.fire()] == [100, 200]
    assert company.fire() == []
    told = company.escalations(order)
    assert [(one["percent"], one["whom"], one["role"]) for one in told] == [
        (80, [WANG], "dispatcher"),
        (100, [QIAN], "supervisor"),
        (200, [BOSS], "manager"),
    ]


def test_after_a_downtime_the_steps_are_caught_up_with_the_times_they_were_due(
    company: Company,
) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    told = company.escalations(order)
    assert [one["due_at"] for one in told] == [
        text(NINE + 1.6 * HOUR).replace("+00:00", "Z"),
        text(NINE + 2 * HOUR).replace("+00:00", "Z"),
        text(NINE + 4 * HOUR).replace("+00:00", "Z"),
    ]
    assert {one["at"] for one in told} == {text(NINE + 30 * HOUR)}


def test_of_an_order_nobody_was_sent_to_the_role_is_told(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.set(NINE + HOUR)
    company.fire()
    told = [(one["target"], one["percent"], one["whom"], one["role"])
            for one in company.escalations(order)]  # fmt: skip
    assert told == [("respond", 80, [], "dispatcher"), ("respond", 100, [], "supervisor")]


def test_where_nobody_has_the_role_at_the_place_the_next_above_it_is_told(
    company: Company,
) -> None:
    company.promise()
    order = company.submit()
    company.bench.told("security", withdrawn(SUN, "dispatcher"))
    company.bench.clock.set(NINE + 0.9 * HOUR)
    company.fire()
    company.bench.told("security", withdrawn(QIAN, "supervisor"))
    company.bench.clock.set(NINE + HOUR)
    company.fire()
    told = [(one["percent"], one["whom"], one["role"]) for one in company.escalations(order)]
    assert told == [(80, [], "supervisor"), (100, [], "manager")]


def test_a_timer_that_comes_while_it_is_paused_does_nothing_and_the_resumption_sets_a_later_one(
    company: Company,
) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + HOUR)
    company.do(order, "pause", wang, reason="parts")
    company.bench.clock.set(NINE + 3 * HOUR)
    assert company.fire() == []
    company.do(order, "resume", wang)
    company.bench.clock.set(NINE + 3.5 * HOUR)
    assert company.fire() == []
    company.bench.clock.set(NINE + 3.6 * HOUR)
    assert [one["percent"] for one in company.fire()] == [80]


def test_a_timer_for_what_is_met_by_then_does_nothing(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 2 * HOUR)
    assert company.fire() == []


def test_a_new_priority_moves_the_steps(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + HOUR)
    company.do(order, "prioritise", sun, priority="low")
    company.bench.clock.set(NINE + 9 * HOUR)
    assert company.fire() == []
    company.do(order, "prioritise", sun, priority="urgent")
    company.bench.clock.set(NINE + 10 * HOUR)
    assert [one["percent"] for one in company.fire()] == [80, 100]


def test_new_ladders_hold_for_every_open_order_at_once(company: Company) -> None:
    company.promise()
    company.set("ladders", ladders=[])
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 3 * HOUR)
    assert company.fire() == []
    company.set("ladders", ladders=[{"steps": [{"percent": 150, "up": 2}]}])
    assert [one["percent"] for one in company.fire()] == [150]
    company.set("ladders", ladders=[{"steps": [{"percent": 160, "up": 2}], "category": "lift"}])
    company.bench.clock.set(NINE + 9 * HOUR)
    assert company.fire() == []


def test_a_first_promise_holds_from_then_on_and_for_nothing_before(company: Company) -> None:
    before = company.submit(priority="urgent")
    company.bench.clock.advance(timedelta(seconds=1))
    company.promise()
    after = company.submit(priority="urgent")
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    assert company.sla(before)["targets"] == [] == company.escalations(before)
    assert company.escalations(after)


@pytest.mark.parametrize("due", [NINE, NINE + 9 * HOUR], ids=["not due", "due"])
def test_only_the_clock_escalates(company: Company, due: datetime) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    for caller in (boss, sun, wang, li):
        with pytest.raises(NotYoursToEscalate):
            company.bench.ask(
                "levels", "escalate", schemas.Escalate, caller, id=order, due=text(due)
            )


def test_an_escalation_does_not_disturb_who_works_on_the_order(company: Company) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    version = company.bench.log.load(ORDER, order)[1]
    company.bench.clock.set(NINE + 30 * HOUR)
    assert company.fire()
    company.do(order, "dispatch", sun, technician=WANG, expected_version=version)


def test_open_orders_that_were_escalated_are_counted(company: Company) -> None:
    company.promise()
    late, done = company.submit(priority="urgent"), company.submit(priority="urgent")
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    company.submit()
    assert company.escalations(late) and company.escalations(done)
    company.bench.ask(
        "orders", "decline", orders.Decline, sun, id=done, reason="not_ours", note="no"
    )
    found = {
        one.name: one.values for one in measures(company.bench.reader, company.bench.clock.now())
    }
    assert found["wuye_orders_escalated"] == {("repair", "plumbing"): 1}
    assert found["wuye_orders_breached"] == {("repair", "plumbing"): 1}


def test_a_promise_that_is_near_its_end_is_not_a_broken_one(company: Company) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 96 * HOUR / 60)
    assert [one["percent"] for one in company.fire()] == [80]
    found = {
        one.name: one.values for one in measures(company.bench.reader, company.bench.clock.now())
    }
    assert found["wuye_orders_escalated"] == {("repair", "plumbing"): 1}
    assert found["wuye_orders_breached"] == {}


def test_residents_see_when_it_is_due_that_it_was_broken_and_not_who_was_told(
    company: Company,
) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    accepter = Caller(SUN, ())  # without any post
    company.bench.clock.set(NINE + 1.7 * HOUR)
    company.fire()
    assert ("repair", 80) in {(one["target"], one["percent"]) for one in company.escalations(order)}
    told = company.sla(order, accepter)["escalations"]
    assert [(one["target"], one["percent"]) for one in told] == [("respond", 100)]
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    found = company.sla(order, accepter)
    assert found["targets"]
    assert {one["percent"] for one in found["escalations"]} == {100, 200}
    assert all("whom" not in one and "role" not in one for one in found["escalations"])
