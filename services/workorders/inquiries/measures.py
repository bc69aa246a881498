"""Gauges of inquiries for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.workorders.inquiries.views.inquiries.projection import INQUIRIES
from services.workorders.inquiries.views.inquiries.queries import OVERDUE
from shared.following.reader import Reader
from shared.observability.metrics import Measure


def measures(reader: Reader, now: datetime) -> Iterator[Measure]:
    yield Measure(
        "wuye_inquiries_open",
        "Suggestions, questions and praise that nobody has answered yet.",
        ("kind",),
        reader.counts(INQUIRIES, by=("kind",), where="state = 'open'"),
    )
    yield Measure(
        "wuye_inquiries_overdue",
        "Those of them whose deadline is past.",
        ("kind",),
        reader.counts(INQUIRIES, by=("kind",), where=OVERDUE, params={"now": now}),
    )
