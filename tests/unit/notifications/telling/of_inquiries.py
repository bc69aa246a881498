"""Whom each event of an inquiry concerns."""

from __future__ import annotations

from typing import Any

from services.workorders.inquiries.domain.events import (
    InquiryAnswered,
    InquiryConverted,
    InquiryEscalated,
    InquirySubmitted,
)
from shared.testing.scenario import NOON
from tests.support.order_facts import BOSS, BUILDING, LI, ORDER, SUN, ident
from tests.unit.notifications.telling.people import Told

ASKED: dict[str, Any] = {
    "number": "S-2026-000001",
    "kind": "suggestion",
    "building": BUILDING,
    "unit": None,
    "reporter": LI,
}
CASES: list[tuple[Any, str, Told]] = [
    (
        InquirySubmitted(
            **ASKED, id=ident("inquiry"), channel="phone", taken_by=SUN, author=LI,
            text=None, photos=(), due_at=NOON,
        ),
        BOSS,
        {("sun", "inquiry_submitted"), ("li", "inquiry_taken_down")},
    ),
    (InquiryAnswered(**ASKED, answer=None, due_at=NOON), SUN, {("li", "inquiry_answered")}),
    (
        InquiryEscalated(**ASKED, due_at=NOON),
        "service:workorders",
        {("qian", "inquiry_overdue"), ("boss", "inquiry_overdue")},
    ),
    (
        InquiryConverted(
            **ASKED, order=ORDER, order_number="R-2026-000001", order_kind="repair",
            order_category="plumbing",
        ),
        SUN,
        {("li", "inquiry_converted")},
    ),
]  # fmt: skip
