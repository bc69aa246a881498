"""Why this person: candidates, decisions, urgency and fairness as staff reads them."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.events import WorkOrderDispatched
from shared.errors import Forbidden
from tests.support.order_facts import CHEN, WANG
from tests.unit.workorders.desk import Desk, boss, li, sun, wang


def test_what_rounds_decided_can_be_read_with_everybody_who_was_looked_at(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG)
    by_hand, order = desk.report("lift"), desk.report()
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=by_hand, technician=WANG)
    desk.round()
    found = desk.ask("dispatching", "decisions", d.Decisions, sun, community="garden")
    (one,) = found["decisions"]
    assert (one["id"], one["technician"], one["reason"]) == (order, WANG, "only_one")
    assert [each["technician"] for each in one["candidates"]] == [WANG]
    assert one["excluded"] == [{"technician": CHEN, "reason": "no_skill"}]
    for caller in (li, wang):
        with pytest.raises(Forbidden):
            desk.ask("dispatching", "decisions", d.Decisions, caller, community="garden")


def test_a_dispatcher_sees_who_could_be_sent_and_why_not_the_others(desk: Desk) -> None:
    desk.skill(WANG)
    desk.shift(WANG)
    desk.shift(CHEN)
    order = desk.report()
    found = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=order)
    assert [one["technician"] for one in found["candidates"]] == [WANG]
    assert found["excluded"] == [{"technician": CHEN, "reason": "no_skill"}]
    assert found["mode"] == "assign"
    with pytest.raises(Forbidden):
        desk.ask("dispatching", "candidates", d.OfOrder, li, id=order)


def test_a_priority_that_is_set_makes_a_promised_order_more_urgent(desk: Desk) -> None:
    desk.skill(WANG)
    desk.shift(WANG)
    unpromised = desk.report()
    desk.clock.advance(timedelta(seconds=1))
    desk.promise(plumbing=60)
    promised = desk.report()

    def urgency(order: str) -> int:
        desk.does(sun, c.Prioritise, order, priority="urgent")
        found = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=order)
        return int(found["candidates"][0]["urgency"])

    assert (urgency(unpromised), urgency(promised)) == (0, 600)


def test_fairness_counts_what_everybody_got_in_thirty_days(desk: Desk) -> None:
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=desk.report(), technician=WANG)
    desk.clock.advance(timedelta(days=31))
    for technician in (WANG, WANG, WANG, CHEN):
        desk.ask("orders", "dispatch", o.Dispatch, sun, id=desk.report(), technician=technician)
    found = desk.ask("dispatching", "fairness", d.OfCommunity, boss, community="garden")
    assert found["technicians"] == [
        {"technician": WANG, "given": 3},
        {"technician": CHEN, "given": 1},
    ]
    assert found["gini"] == 0.25


def test_a_dispatch_of_before_there_were_reasons_is_read_as_it_was() -> None:
    old = {
        "number": "R-2026-000123", "kind": "repair", "category": "plumbing", "building": None,
        "unit": None, "reporter": "garden.a", "accepter": "garden.a", "technician": "garden.b",
    }  # fmt: skip
    assert msgspec.convert(old, WorkOrderDispatched).choice is None
