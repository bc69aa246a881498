"""Whom each event is told, in which words; exactly once, and never of their own doing."""

from __future__ import annotations

from typing import Any

import pytest

from services.notifications.inbox.policies import POLICIES, SENTENCES
from services.notifications.inbox.wording import TEMPLATES, render
from services.workorders.inquiries.domain.events import InquiryConverted
from services.workorders.orders.domain.events import EVENTS
from services.workorders.orders.domain.links import Origin
from services.workorders.publication.domain import PublishedWorkFlagged
from services.workorders.sla.domain.events import PublicHolidaysMissing
from tests.support.order_facts import BOSS, COMMUNITY, ORDER, fact, ident, order_fact
from tests.support.service_bench import ServiceBench
from tests.unit.notifications.telling import (
    beside_orders,
    of_inquiries,
    of_orders,
    of_quotes,
    of_visits,
)
from tests.unit.notifications.telling.people import Told, told

ON_ITSELF = [*of_orders.CASES, *of_visits.CASES, *of_quotes.CASES]


@pytest.mark.parametrize(("name", "actor", "changes", "expected"), ON_ITSELF)
def test_whom_it_concerns_is_told(
    bench: ServiceBench,
    name: str,
    actor: str,
    changes: dict[str, Any],
    expected: Told,
) -> None:
    told_of = order_fact(name, actor, **changes)
    bench.told("workorders", told_of)
    assert told(bench) == expected
    for one in bench.facts():
        assert one.data["about"] == ORDER
        assert (one.causation_id, one.correlation_id) == (told_of.id, told_of.correlation_id)
        text = render(one.data["template"], one.data["params"], one.data["language"])
        assert "R-2026-000001" in text
    bench.told("workorders", told_of)
    assert len(bench.facts()) == len(expected), "once more is still once"


@pytest.mark.parametrize(
    ("event", "actor", "expected"), beside_orders.CASES, ids=lambda one: type(one).__name__
)
def test_whom_it_concerns_is_told_of_what_is_beside_the_order(
    bench: ServiceBench, event: Any, actor: str, expected: Told
) -> None:
    bench.told("workorders", fact(event, stream=ident("beside"), log="workorders", actor=actor))
    assert told(bench) == expected
    for one in bench.facts():
        assert one.data["about"] == ORDER
        text = render(one.data["template"], one.data["params"], one.data["language"])
        assert "R-2026-000001" in text


@pytest.mark.parametrize(
    ("event", "actor", "expected"), of_inquiries.CASES, ids=lambda one: type(one).__name__
)
def test_whom_it_concerns_is_told_of_inquiries(
    bench: ServiceBench, event: Any, actor: str, expected: Told
) -> None:
    inquiry = ident("inquiry")
    bench.told("workorders", fact(event, stream=inquiry, log="workorders", actor=actor))
    assert told(bench) == expected
    for one in bench.facts():
        assert one.data["about"] == inquiry
        text = render(one.data["template"], one.data["params"], one.data["language"])
        assert "S-2026-000001" in text
        assert ("R-2026-000001" in text) == isinstance(event, InquiryConverted)


def test_managers_are_told_that_public_holidays_are_missing(bench: ServiceBench) -> None:
    event = PublicHolidaysMissing(community=COMMUNITY, year=2027)
    bench.told(
        "workorders",
        fact(event, stream=ident("warnings"), log="workorders", actor="service:workorders"),
    )
    assert told(bench) == {("boss", "holidays_missing")}
    for one in bench.facts():
        assert "2027" in render(one.data["template"], one.data["params"], one.data["language"])


def test_of_an_order_made_of_an_inquiry_the_resident_hears_once(bench: ServiceBench) -> None:
    origin = Origin(relation="inquiry", id=ident("inquiry"), number="S-2026-000001")
    bench.told("workorders", order_fact("Submitted", BOSS, origin=origin))
    assert told(bench) == {("sun", "order_submitted")}


def test_what_is_called_unsuitable_again_before_anybody_looked_is_no_news(
    bench: ServiceBench,
) -> None:
    again = PublishedWorkFlagged(**beside_orders.ABOUT, reason="other", count=2)
    stream = ident("beside")
    bench.told("workorders", fact(again, stream=stream, log="workorders", actor="service:gateway"))
    assert told(bench) == set()


def test_every_event_has_its_sentence_and_every_text_its_use() -> None:
    sentences = {each.type for each in SENTENCES}
    beside = {type(event).__name__ for event, *_ in beside_orders.CASES}
    asked = {type(event).__name__ for event, *_ in of_inquiries.CASES}
    alone = {"BillRaised", "PublicHolidaysMissing"}
    others = {"WorkOrderEscalated"} | alone | beside | asked
    assert sentences == EVENTS.keys() - {"WorkOrderImported"} | others
    assert {f"WorkOrder{name}" for name, *_ in ON_ITSELF} | alone | beside | asked == sentences
    used = {
        template
        for *_, expected in (*ON_ITSELF, *beside_orders.CASES, *of_inquiries.CASES)
        for _, template in expected
    }
    assert used | {"bill_raised", "holidays_missing"} == TEMPLATES["en"].keys()
    assert [policy.follows for policy in POLICIES] == ["billing", "workorders"]
