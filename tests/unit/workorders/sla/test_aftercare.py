"""What follows the work is data: reminder, check and opening again, by category and version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.aftercare import STANDARD, Aftercare
from services.workorders.orders.domain.commands import Reopen
from services.workorders.orders.domain.state import Order
from services.workorders.sla.domain.aftercare import AftercareGivenTwice, AftercareRule, aftercare
from services.workorders.sla.domain.levels import NotYoursToPromise
from shared.errors import Conflict, Invalid
from shared.following import timers
from tests.support.order_facts import LI, WANG
from tests.unit.workorders.cast import HISTORIES, NOON, given
from tests.unit.workorders.cast import li as cast_li
from tests.unit.workorders.sla.company import HOUR, Company, li, machine, sun, wang

SHORT = {"remind_hours": 10, "check_hours": 5, "reopen_hours": 20}
LIFTS = {"remind_hours": 1, "check_hours": 2, "reopen_hours": 3}


def said(company: Company, *rules: dict[str, Any]) -> None:
    company.set("targets", rules=[], stopping=[], aftercare=list(rules))
    company.bench.clock.advance(timedelta(seconds=1))


def of(company: Company, order: str) -> Aftercare:
    state: Order = company.bench.log.load(ORDER, order)[0]
    return state.aftercare


def finished(company: Company, **more: Any) -> str:
    order = company.submit(accepter=LI, **more)
    company.do(order, "dispatch", sun, technician=WANG)
    company.do(order, "repair", wang, notes="new washer")
    return order


def fired(company: Company) -> list[str]:
    """What the timers that are due came to."""
    parts, came = company.bench.parts, []
    for timer in timers.due(parts.store, parts.clock.now()):
        name = timer.method.rpartition(".")[2]
        if name in ("remind", "request_check"):
            try:
                company.do(timer.request["id"], name, machine,
                           expected_version=timer.request["expected_version"])  # fmt: skip
                came.append(name)
            except Conflict:
                pass
        timers.mark_fired(parts.store, timer)
    return came


def test_the_most_particular_rule_holds_and_without_one_the_usual_hours() -> None:
    rules = (
        AftercareRule(**SHORT),
        AftercareRule(category="lift", **LIFTS),
        AftercareRule(kind="repair", **{**SHORT, "check_hours": 6}),
    )
    assert aftercare(rules, kind="repair", category="lift") == Aftercare(**LIFTS)
    assert aftercare(rules, kind="repair", category="plumbing").check_hours == 6
    assert aftercare(rules, kind="complaint", category="noise") == Aftercare(**SHORT)
    assert aftercare((), kind="repair", category="lift") == STANDARD == Aftercare(
        remind_hours=72, check_hours=72, reopen_hours=72)  # fmt: skip


def test_reminder_and_check_come_after_the_hours_that_were_said(company: Company) -> None:
    said(company, SHORT, {"category": "lift", "kind": "repair", **LIFTS})
    order, lift = finished(company), finished(company, category="lift")
    company.bench.clock.advance(HOUR)
    assert fired(company) == ["remind"]  # of the lift
    company.bench.clock.advance(2 * HOUR)
    assert fired(company) == ["request_check"]
    assert company.bench.log.load(ORDER, lift)[0].check_due
    company.bench.clock.advance(7 * HOUR - timedelta(seconds=1))
    assert fired(company) == []
    company.bench.clock.advance(timedelta(seconds=1))
    assert fired(company) == ["remind"]
    company.bench.clock.advance(5 * HOUR)
    assert fired(company) == ["request_check"]
    assert company.bench.log.load(ORDER, order)[0].check_due


def test_an_order_can_be_opened_again_as_long_as_was_said(company: Company) -> None:
    said(company, SHORT)
    order = finished(company)
    company.do(order, "accept", li)
    company.bench.clock.advance(20 * HOUR)
    assert "reopen" in company.get(order, li)["allowed"]
    assert company.get(order, li)["aftercare"] == SHORT
    company.bench.clock.advance(timedelta(seconds=1))
    with pytest.raises(r.WindowClosed):
        company.do(order, "reopen", li, reason="drips again")
    assert "report_again" in company.get(order, li)["allowed"]


def test_an_order_keeps_the_hours_it_was_submitted_under_whatever_is_said_later(
    company: Company,
) -> None:
    before = company.submit()
    said(company, SHORT)
    order = company.submit()
    said(company, LIFTS)
    after = company.submit()
    assert [of(company, one) for one in (before, order, after)] == [
        STANDARD,
        Aftercare(**SHORT),
        Aftercare(**LIFTS),
    ]
    # and says so itself, so that a replay needs nothing else
    state: Order = ORDER.fold(Order(), company.bench.log.history(order))
    assert state.aftercare == Aftercare(**SHORT)


def test_orders_from_before_have_the_usual_three_days() -> None:
    accepted = HISTORIES["accepted"]
    reopen = Reopen(by=cast_li, reason="drips again")
    given(*accepted).when(reopen, at=NOON + 72 * HOUR).after()
    given(*accepted).when(reopen, at=NOON + 72.1 * HOUR).refused(r.WindowClosed)


BAD: dict[str, tuple[list[dict[str, Any]], str]] = {
    "no hour": ([{**SHORT, "remind_hours": 0}], "aftercare.0.remind_hours"),
    "too many": ([SHORT, {**SHORT, "kind": "repair", "reopen_hours": 721}],
                 "aftercare.1.reopen_hours"),
    "text": ([{**SHORT, "check_hours": "3"}], "aftercare.0.check_hours"),
    "left out": ([{"remind_hours": 3, "check_hours": 3}], "aftercare.0.reopen_hours"),
    "no category": ([{**SHORT, "category": "lunch"}], "aftercare.0.category"),
    "of the other kind": ([{**SHORT, "kind": "repair", "category": "noise"}],
                          "aftercare.0.category"),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "field"), BAD.values(), ids=BAD.keys())
def test_what_makes_no_sense_is_refused_by_name(
    company: Company, rules: list[dict[str, Any]], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        said(company, *rules)
    assert field in found.value.fields
    assert company.levels()["targets"] is None


def test_two_rules_for_the_same_orders_are_refused(company: Company) -> None:
    with pytest.raises(AftercareGivenTwice) as found:
        said(company, SHORT, LIFTS)
    assert set(found.value.fields) == {"aftercare.1"}


def test_only_managers_and_administrators_say_it(company: Company) -> None:
    with pytest.raises(NotYoursToPromise):
        company.set("targets", sun, rules=[], stopping=[], aftercare=[SHORT])
