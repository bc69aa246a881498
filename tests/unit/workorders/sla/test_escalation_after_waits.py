"""Escalation of orders that wait for their resident: not meanwhile, and on time after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.workorders.board import schemas as of_board
from services.workorders.orders.measures import measures
from services.workorders.sla import schemas
from shared.errors import Invalid
from tests.support.order_facts import COMMUNITY, LI, WANG
from tests.unit.workorders.sla.company import HOUR, NINE, Company, sun, text, wang

DAY = 24 * HOUR


def agreed(company: Company, starts: datetime, **more: Any) -> str:
    """An order of which the visit is agreed for then."""
    order = company.submit(**more)
    company.do(order, "dispatch", sun, technician=WANG)
    windows = [{"starts": text(starts), "ends": text(starts + 2 * HOUR)}]
    company.do(order, "offer_visits", sun, windows=windows)
    company.do(order, "choose_visit", sun, offer=1, window=1)
    return order


def breached(company: Company) -> dict[Any, float]:
    (found,) = [
        one.values
        for one in measures(company.bench.reader, company.bench.clock.now())
        if one.name == "wuye_orders_breached"
    ]
    return dict(found)


def at_risk(company: Company) -> Any:
    return company.bench.ask("outlook", "at_risk", schemas.AtRisk, sun, community=COMMUNITY)


def on_the_board(company: Company, clock: str) -> list[str]:
    found = company.bench.ask("board", "board", of_board.Board, sun, clock=clock)
    return [one["id"] for lane in found["lanes"] for one in lane["orders"]]


def test_a_visit_to_come_escalates_nothing_and_one_not_kept_does_on_time(company: Company) -> None:
    company.promise()
    order = agreed(company, NINE + 3 * DAY)
    company.bench.clock.set(NINE + 2.9 * DAY)
    assert company.fire() == [] and breached(company) == {}
    run = company.target(order, "repair")
    assert (run["state"], run["stopped_by"], run["due"]) == ("paused", "waiting_for_visit", None)
    assert {each["why"] for each in run["intervals"]} == {
        "waiting_for_visit", "break", "outside_hours"}  # fmt: skip
    assert run["paused_seconds"] == {"waiting_for_visit": run["intervals"][0]["seconds"] +
                                     sum(each["seconds"] for each in run["intervals"][1:]
                                         if each["why"] == "waiting_for_visit")}  # fmt: skip
    assert at_risk(company)["orders"] == [] == on_the_board(company, "overdue")
    assert on_the_board(company, "at_risk") == []
    # four hours of working time from its beginning on, and no event in between
    company.bench.clock.set(NINE + 3 * DAY + 3 * HOUR)
    assert company.fire() == []
    company.bench.clock.set(NINE + 4 * DAY)
    told = company.fire()
    assert [(one["target"], one["percent"]) for one in told] == [("repair", 80), ("repair", 100)]
    first, second = company.escalations(order)
    assert first["due_at"] == "2026-03-05T05:42:00Z"
    assert second["due_at"] == second["target_due"] == "2026-03-05T06:30:00Z"
    assert breached(company) == {("repair", "plumbing"): 1}
    assert [one["id"] for one in at_risk(company)["orders"]] == [order]
    assert on_the_board(company, "overdue") == [order]


def test_a_quote_escalates_nothing_until_it_is_answered_or_lapses(company: Company) -> None:
    company.promise()
    order = company.submit(accepter=LI)
    company.do(order, "dispatch", sun, technician=WANG)
    line = {"kind": "labour", "what": "工时", "quantity": 1, "unit_fen": 100}
    company.do(order, "quote", wang, payer="owner", lines=[line],
               valid_until=text(NINE + 2 * DAY))  # fmt: skip
    company.bench.clock.set(NINE + 1.9 * DAY)
    assert company.fire() == []
    company.bench.clock.set(NINE + 3 * DAY)
    assert [one["percent"] for one in company.fire()] == [80, 100]
    assert company.escalations(order)[1]["due_at"] == "2026-03-04T06:30:00Z"


def test_promises_that_say_nothing_of_waits_are_made_with_the_usual_ones(company: Company) -> None:
    company.promise()
    told = company.levels()["targets"]["waits"]
    assert told == {"visit": ["arrive", "repair"], "quote": ["respond", "arrive", "repair"],
                    "deferral": ["respond", "arrive", "repair"]}  # fmt: skip


def test_an_order_keeps_the_waits_it_was_promised_with(company: Company) -> None:
    company.promise()
    order = agreed(company, NINE + 3 * DAY)
    company.bench.clock.advance(HOUR)
    company.set("targets", rules=[{"target": "repair", "minutes": 240}], stopping=[],
                waits={"visit": []})  # fmt: skip
    company.bench.clock.advance(HOUR)
    assert company.target(order, "repair")["stopped_by"] == "waiting_for_visit"
    other = company.target(order, "repair", targets_version=2)
    assert (other["state"], other["consumed_seconds"]) == ("running", 2 * 3600)
    counted = agreed(company, NINE + 4 * DAY)
    company.bench.clock.advance(HOUR)
    assert company.target(counted, "repair")["consumed_seconds"] == 3600


@pytest.mark.parametrize("field", ["visit", "quote", "deferral"])
def test_what_cannot_wait_is_refused_by_name(company: Company, field: str) -> None:
    for value in (["accept"], ["lunch"], "arrive"):
        with pytest.raises(Invalid) as found:
            company.set("targets", rules=[], stopping=[], waits={field: value})
        assert any(name.startswith(f"waits.{field}") for name in found.value.fields)
    assert company.levels()["targets"] is None
