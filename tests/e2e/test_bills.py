"""A chargeable repair and its bill: raised by the resident's own acceptance, settled by payment."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from shared.errors import Forbidden, NotFound, Refused
from tests.support.estate import Answer, Estate, soon
from tests.support.lifecycle import Walk

CHARGE = 4550


def bills(estate: Estate, walk: Walk) -> list[Answer]:
    """Those of an order, once everybody has heard of all that happened to it."""
    estate.settle()
    found: list[Answer] = estate.person("accountant").call("billing", "list", order=walk.id)[
        "bills"
    ]
    return found


def test_accepting_a_chargeable_repair_raises_exactly_one_bill(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    walk.charge(CHARGE)
    assert bills(estate, walk) == []
    walk.accept()
    [bill] = bills(estate, walk)
    resident = estate.person("resident1")
    accepted = resident.order("history", id=walk.id)["events"][-1]
    walk.rate()
    assert bills(estate, walk) == [bill]
    assert (bill["order"], bill["order_number"]) == (walk.id, walk.number)
    assert (bill["payer"], bill["category"]) == (resident.id, "plumbing")
    assert (bill["unit"], bill["building"]) == (estate.unit, estate.demo.buildings["1"])
    assert (bill["amount_fen"], bill["outstanding_fen"]) == (CHARGE, CHARGE)
    assert bill["number"].startswith("B-")
    assert bill["accepted_at"].replace("Z", "+00:00") == accepted["occurred_at"]
    assert resident.call("billing", "list", order=walk.id)["bills"] == [bill]
    assert estate.person("resident2").call("billing", "list", order=walk.id)["bills"] == []


def test_nothing_else_raises_a_bill(estate: Estate) -> None:
    """Neither free work, nor what the maintenance fund pays, nor a reminder after no answer came,
    nor an acceptance by staff, be it as the named checker, in place of one who did the work, or of
    one who never answers.
    """
    free, waiting = Walk(estate).to("accepted"), Walk(estate).to("dispatched")
    waiting.charge(CHARGE)
    estate.operator.order("remind", id=waiting.id)

    checked = Walk(estate, resident="dispatcher")
    checked.submit(unit=None, accepter=estate.person("supervisor").id, category="public_area")
    checked.dispatch()
    checked.agree(CHARGE, "company", by="manager")
    checked.repair(charge_fen=CHARGE)
    checked.do("supervisor", "accept")

    stood_in = Walk(estate, resident="dispatcher")
    stood_in.submit(unit=None, accepter=estate.person("technician1").id, category="public_area")
    stood_in.dispatch()
    stood_in.agree(CHARGE, "warranty", by="manager")
    stood_in.repair(charge_fen=CHARGE)
    stood_in.do("manager", "accept")

    unanswered = Walk(estate).to("dispatched")
    unanswered.charge(CHARGE)
    estate.person("manager").refused(Forbidden, "workorders", "accept", id=unanswered.id)
    estate.operator.order("remind", id=unanswered.id)
    estate.operator.order("request_check", id=unanswered.id)
    unanswered.do("manager", "accept", note="水已不漏")

    funded = Walk(estate).to("dispatched")
    funded.agree(CHARGE, "fund", by="committee")
    funded.repair(charge_fen=CHARGE)
    funded.accept()

    for walk in (free, waiting, checked, stood_in, unanswered, funded):
        assert bills(estate, walk) == []
    estate.person("manager").refused(Forbidden, "workorders", "accept", id=waiting.id)


def test_a_complaint_is_never_charged(estate: Estate) -> None:
    walk = Walk(estate, kind="complaint", category="noise").to("dispatched")
    error = estate.person("technician1").refused(
        Refused, "workorders", "repair", id=walk.id, notes="done", charge_fen=1
    )
    assert error.reason == "complaints_are_free"


def test_what_was_redone_is_on_one_bill_and_what_was_reopened_on_the_next(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    walk.agree(1500)
    walk.repair(charge_fen=1000)
    walk.do("resident1", "reject", reason="还在漏")
    walk.repair(charge_fen=500)
    walk.accept()
    assert [bill["amount_fen"] for bill in bills(estate, walk)] == [1500]
    walk.do("resident1", "reopen", reason="又漏了")
    walk.charge(200)
    walk.accept()
    assert [bill["amount_fen"] for bill in bills(estate, walk)] == [200, 1500]


@pytest.fixture
def owed(estate: Estate) -> Answer:
    walk = Walk(estate).to("dispatched")
    walk.charge(CHARGE)
    walk.accept()
    [bill] = bills(estate, walk)
    return bill


def test_a_payment_settles_it(estate: Estate, owed: Answer) -> None:
    resident, accountant = estate.person("resident1"), estate.person("accountant")
    part = {"id": owed["id"], "amount_fen": 1550, "method": "wechat", "command_id": str(uuid4())}
    paid = resident.call("billing", "pay", **part)
    assert paid["outstanding_fen"] == 3000
    assert resident.call("billing", "pay", **part) == paid, "sent again, paid once"
    too_much = {"id": owed["id"], "amount_fen": 3001, "method": "cash"}
    accountant.refused(Refused, "billing", "pay", **too_much)
    estate.person("technician1").refused(
        Forbidden, "billing", "pay", **{**too_much, "amount_fen": 1}
    )
    rest = accountant.call("billing", "pay", **{**too_much, "amount_fen": 3000, "receipt": "R-7"})
    assert (rest["state"], rest["outstanding_fen"]) == ("settled", 0)
    seen = resident.call("billing", "get", id=owed["id"], at_least=rest["position"])
    assert (seen["state"], seen["paid_fen"], seen["behind"]) == ("settled", CHARGE, False)
    assert [(one["amount_fen"], one["method"], one["by"]) for one in seen["payments"]] == [
        (1550, "wechat", resident.id),
        (3000, "cash", accountant.id),
    ]
    accountant.refused(Refused, "billing", "pay", **{**too_much, "amount_fen": 1})


def test_a_bill_that_is_voided_is_not_owed(estate: Estate, owed: Answer) -> None:
    void = {"id": owed["id"], "reason": "保修期内"}
    estate.person("resident1").refused(Forbidden, "billing", "void", **void)
    answer = estate.person("accountant").call("billing", "void", **void)
    seen = estate.person("resident1").call(
        "billing", "get", id=owed["id"], at_least=answer["position"]
    )
    assert (seen["state"], seen["outstanding_fen"]) == ("voided", 0)
    assert (seen["voided_fen"], seen["void_reason"]) == (CHARGE, "保修期内")
    stranger = estate.neighbours.person("manager")
    assert stranger.call("billing", "list", order=owed["order"])["bills"] == []
    stranger.refused(Forbidden, "billing", "get", id=owed["id"])
    nowhere = f"{estate.community}.{uuid4()}"
    estate.person("accountant").refused(NotFound, "billing", "get", id=nowhere)


def test_the_chain_from_order_to_payment_is_found_by_its_ids(estate: Estate) -> None:
    """Every event names what caused it; all that one request led to carries its correlation id."""
    before = {name: estate.head(name) for name in ("workorders", "billing", "notifications")}
    walk = Walk(estate).to("dispatched")
    walk.charge(CHARGE)
    accepting = f"request-{uuid4()}"
    resident = estate.person("resident1")
    request = {"id": walk.id}
    context = {"correlation_id": accepting}
    estate.transport.call("workorders", "accept", request, resident.token, context)
    [bill] = bills(estate, walk)

    def told(service: str, type: str) -> list[Answer]:
        return [
            event
            for event in estate.facts(service, before[service])
            if event["type"] == type and event["correlationid"] == accepting
        ]

    [accepted] = told("workorders", "WorkOrderAccepted")
    [raised] = told("billing", "BillRaised")
    assert (accepted["subject"], accepted.get("causationid")) == (walk.id, None)
    assert (raised["subject"], raised["causationid"]) == (bill["id"], accepted["id"])
    assert (raised["actor"], raised["data"]["order"]) == ("service:billing", walk.id)
    assert (bill["causation_id"], bill["correlation_id"]) == (accepted["id"], accepting)

    def posted() -> dict[str, Any]:
        events = told("notifications", "NotificationPosted")
        return {event["data"]["template"]: event["causationid"] for event in events}

    expected = {"order_accepted": accepted["id"], "bill_raised": raised["id"]}
    assert soon("both are told", lambda: posted() == expected)
