"""The inbox: newest first, read once, and its owner's."""

from __future__ import annotations

from typing import Any

import pytest

from services.billing.bills.domain.events import BillRaised
from services.notifications.inbox import schemas
from shared.errors import Forbidden
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from shared.testing.scenario import NOON
from tests.support.order_facts import BUILDING, LI, MEI, ORDER, fact, ident
from tests.support.service_bench import ServiceBench


def bill(number: int = 1) -> Fact:
    event = BillRaised(
        id=ident("bill"),
        number=f"B-2026-{number:06d}",
        order=ORDER,
        order_number="R-2026-000001",
        payer=LI,
        category="plumbing",
        building=BUILDING,
        unit=None,
        amount_fen=1234,
        accepted_at=NOON,
    )
    stream = ident(f"bill {number}")
    return fact(event, stream=stream, log="billing", actor="service:billing")


def inbox(bench: ServiceBench, person: str = LI, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.ask("inbox", "inbox", schemas.Inbox, Caller(person), **asked)
    return found


def test_the_payer_is_told_of_a_bill(bench: ServiceBench) -> None:
    bench.told("billing", bill())
    (found,) = inbox(bench)["notifications"]
    assert found["text"] == "R-2026-000001 的账单 B-2026-000001 已生成，应付 ¥12.34。"
    assert (found["about"], found["number"]) == (ident("bill 1"), "B-2026-000001")


def test_an_inbox_shows_the_newest_first_page_by_page(bench: ServiceBench) -> None:
    bench.told("billing", *(bill(number) for number in range(1, 8)))
    found: list[str] = []
    cursor = None
    for _ in range(9):
        page = inbox(bench, limit=3, cursor=cursor)
        assert page["unread"] == 7
        found += [one["number"] for one in page["notifications"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [f"B-2026-{number:06d}" for number in range(7, 0, -1)]


def test_what_was_read_is_no_longer_counted(bench: ServiceBench) -> None:
    bench.told("billing", bill(1), bill(2))
    first = inbox(bench)["notifications"][0]
    answer = bench.ask("inbox", "mark_read", schemas.MarkRead, Caller(LI), id=first["id"])
    after = inbox(bench, at_least=answer["position"])
    assert (after["unread"], after["behind"]) == (1, False)
    assert [one["read_at"] is None for one in after["notifications"]] == [False, True]
    assert [one["number"] for one in inbox(bench, unread=True)["notifications"]] == [
        "B-2026-000001"
    ]


def test_an_inbox_is_its_owners(bench: ServiceBench) -> None:
    bench.told("billing", bill())
    auditor = Caller(MEI, (Post("auditor", "*"),))
    asked = {"person": LI}
    assert bench.ask("inbox", "inbox", schemas.Inbox, auditor, **asked)["unread"] == 1
    for caller in (Caller(MEI, (Post("manager", "*"),)), Caller(MEI, (Post("auditor", "garden"),))):
        with pytest.raises(Forbidden):
            bench.ask("inbox", "inbox", schemas.Inbox, caller, **asked)
