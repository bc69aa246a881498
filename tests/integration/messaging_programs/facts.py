"""Events to publish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from shared.messaging.envelope import Fact

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fact(position: int, kind: str = "WorkOrderRated") -> Fact:
    return Fact(
        id=f"id-{position}",
        log="workorders",
        position=position,
        type=kind,
        schema=1,
        subject="garden.6f6a7a0e-7d4e-4c57-9f43-0d6a4f6c1b11",
        version=position,
        community="garden",
        time=NOON,
        occurred_at=NOON,
        actor="li",
        command_id=f"c-{position}",
        correlation_id="c-1",
        traceparent=None,
        data={"number": "R-2026-000123", "stars": 5, "comment": None, "category": "漏水"},
    )


def facts(count: int) -> Sequence[Fact]:
    return [fact(position) for position in range(1, count + 1)]
