"""Acceptances become bills, and bills are found, by those who may, with the chain behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.billing.bills import schemas
from services.billing.bills.domain.bill import NoSuchBill, NotYourBill
from services.billing.bills.policies.when_work_order_accepted_then_raise_bill import POLICY
from services.billing.bills.views.bills.projection import BILLS
from services.billing.definition import SERVICE
from shared.errors import Forbidden, Invalid
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from shared.testing.scenario import NOON
from tests.support.order_facts import (
    BUILDING,
    LI,
    MEI,
    ORDER,
    OTHER_BUILDING,
    community_registered,
    forgotten,
    ident,
    order_fact,
)
from tests.support.service_bench import ServiceBench

li = Caller(LI, (Post("resident", "garden"),))
acc = Caller(ident("acc"), (Post("accountant", "garden"),))
boss = Caller(ident("boss"), (Post("manager", "garden"),))


@pytest.fixture
def bench() -> Iterator[ServiceBench]:
    found = ServiceBench(SERVICE)
    found.told("security", community_registered())
    yield found
    found.close()


def accepted(**changes: Any) -> Fact:
    return order_fact("Accepted", **{"actor": LI, "version": 5, "charge_fen": 1234, **changes})


def bills(bench: ServiceBench, caller: Caller = acc, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bench.ask("bills", "list", schemas.List, caller, **asked)["bills"]
    return found


def test_an_acceptance_at_a_charge_raises_a_bill(bench: ServiceBench) -> None:
    fact = accepted()
    bench.told("workorders", fact)
    (bill,) = bills(bench, li)
    assert (bill["number"], bill["amount_fen"], bill["state"]) == ("B-2026-000001", 1234, "open")
    assert (bill["order"], bill["order_number"]) == (ORDER, "R-2026-000001")
    assert (bill["correlation_id"], bill["causation_id"]) == (fact.correlation_id, fact.id)
    (event,) = bench.facts()
    assert (event.actor, event.causation_id) == ("service:billing", fact.id)
    assert event.community == "garden"


@pytest.mark.parametrize(
    "changes",
    [
        {"charge_fen": 0},
        {"payer": "fund"},
        {"payer": "warranty"},
        {"payer": "company"},
        {"checked": True},
        {"checked": True, "actor": ident("qian")},
        {"actor": "service:workorders"},
        {"accepter": None, "actor": "service:workorders"},
    ],
    ids=[
        *("free", "for the fund", "for the warranty", "for the company"),
        *("checked by staff", "checked in their place", "by a time-out", "imported"),
    ],
)
def test_nothing_else_raises_one(bench: ServiceBench, changes: dict[str, Any]) -> None:
    bench.told("workorders", accepted(**changes))
    assert bench.facts() == []


def test_a_reopened_order_is_billed_again_and_each_acceptance_once(bench: ServiceBench) -> None:
    bench.told("workorders", accepted(), accepted(version=9, charge_fen=50))
    assert [bill["amount_fen"] for bill in bills(bench)] == [50, 1234]
    bench.told("workorders", accepted(), accepted(version=9, charge_fen=50))
    assert len(bills(bench)) == 2
    bench.told("workorders", accepted(version=13))
    assert [bill["number"][-1] for bill in bills(bench)] == ["3", "2", "1"], "no number was burnt"


def test_the_year_of_a_bill_is_that_of_its_community(bench: ServiceBench) -> None:
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    bench.told("workorders", accepted(at=new_year))
    assert bills(bench)[0]["number"] == "B-2027-000001"


def test_a_payment_settles_it(bench: ServiceBench) -> None:
    bench.told("workorders", accepted())
    (bill,) = bills(bench)
    answer = bench.ask(
        "bills", "pay", schemas.Pay, li, id=bill["id"], amount_fen=1234, method="alipay"
    )
    assert (answer["state"], answer["outstanding_fen"], answer["version"]) == ("settled", 0, 3)
    found = bench.ask("bills", "get", schemas.Get, li, id=bill["id"], at_least=answer["position"])
    assert (found["state"], found["behind"]) == ("settled", False)
    assert found["payments"][0]["by"] == LI


def test_a_command_sent_twice_pays_once(bench: ServiceBench) -> None:
    bench.told("workorders", accepted())
    (bill,) = bills(bench)
    request = {
        "id": bill["id"],
        "amount_fen": 600,
        "method": "cash",
        "command_id": "11111111-1111-4111-8111-111111111111",
    }
    first = bench.ask("bills", "pay", schemas.Pay, li, **request)
    assert bench.ask("bills", "pay", schemas.Pay, li, **request) == first
    assert bills(bench)[0]["outstanding_fen"] == 634


def test_a_reason_goes_with_the_person_who_gave_it(bench: ServiceBench) -> None:
    bench.told("workorders", accepted())
    (bill,) = bills(bench)
    bench.ask("bills", "void", schemas.Void, acc, id=bill["id"], reason="李女士投诉 💧")
    assert bills(bench, state="voided")[0]["void_reason"] == "李女士投诉 💧"
    bench.told("security", forgotten(acc.person))
    assert bills(bench)[0]["void_reason"] is None
    assert bench.facts()[-1].data["reason"] is None


def test_everybody_sees_what_is_theirs_to_see(bench: ServiceBench) -> None:
    river = ident("order 2", "river")
    bench.told(
        "workorders",
        accepted(),
        accepted(order=ident("order 3"), building=OTHER_BUILDING, accepter=MEI, actor=MEI),
        accepted(order=river, number="R-2026-000009"),
    )
    house = Caller("h", (Post("accountant", "garden", (BUILDING,)),))
    every = Caller("a", (Post("auditor", "*"),))
    anywhere = Caller("a", (Post("manager", "*", (OTHER_BUILDING,)),))
    seen = {
        name: [bill["order"] for bill in reversed(bills(bench, caller))]
        for name, caller in {
            "li": li,
            "acc": acc,
            "house": house,
            "every": every,
            "anywhere": anywhere,
            "guard": Caller("g", (Post("guard", "garden"),)),
        }.items()
    }
    assert seen == {
        "li": [ORDER, river],
        "acc": [ORDER, ident("order 3")],
        "house": [ORDER],
        "every": [ORDER, ident("order 3"), river],
        "anywhere": [ident("order 3")],
        "guard": [],
    }
    assert [bill["order"] for bill in bills(bench, every, community="river")] == [river]
    assert [bill["payer"] for bill in bills(bench, acc, payer=MEI)] == [MEI]
    assert bills(bench, acc, state="settled") == []
    with pytest.raises(Forbidden):
        bills(bench, acc, community="river")
    (mine,) = bills(bench, every, order=river)
    with pytest.raises(NotYourBill):
        bench.ask("bills", "get", schemas.Get, acc, id=mine["id"])
    with pytest.raises(NoSuchBill):
        bench.ask("bills", "get", schemas.Get, acc, id=ident("none"))


def test_pages_follow_one_another_without_a_gap(bench: ServiceBench) -> None:
    facts = [accepted(order=ident(f"order {number}")) for number in range(7)]
    bench.told("workorders", *facts)
    found: list[str] = []
    cursor = None
    for _ in range(10):
        page = bench.ask("bills", "list", schemas.List, boss, limit=3, cursor=cursor)
        found += [bill["order"] for bill in page["bills"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [fact.subject for fact in reversed(facts)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount_fen", "5"),
        ("amount_fen", 4.5),
        ("amount_fen", 0),
        ("method", "gold"),
        ("receipt", "paid by Mr Li"),
        ("id", "nonsense"),
        ("tip", 1),
    ],
)
def test_bad_input_names_its_field(bench: ServiceBench, field: str, value: Any) -> None:
    good: dict[str, Any] = {"id": ident("bill"), "amount_fen": 5, "method": "cash"}
    with pytest.raises(Invalid) as caught:
        bench.ask("bills", "pay", schemas.Pay, li, **{**good, field: value})
    assert list(caught.value.fields) == [field]
    assert bench.facts() == []


def test_a_late_payment_keeps_the_day_it_came(bench: ServiceBench) -> None:
    bench.told("workorders", accepted())
    (bill,) = bills(bench)
    day = NOON - timedelta(days=3)
    bench.ask(
        "bills",
        "pay",
        schemas.Pay,
        acc,
        id=bill["id"],
        amount_fen=1234,
        method="transfer",
        occurred_at=day.isoformat(),
    )
    (found,) = bills(bench)
    assert datetime.fromisoformat(found["payments"][0]["paid_at"]) == day
    assert datetime.fromisoformat(found["settled_at"]) == day


def test_the_policy_and_the_view_know_the_versions_they_read() -> None:
    assert POLICY.handles == {"WorkOrderAccepted": 1}
    assert set(BILLS.handles) == {kind.name for kind in SERVICE.catalogue}
