"""Random lives of orders for the SLA clock: what may happen next, and what the events look like."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.workorders.sla.domain.happenings import Happening
from tests.support.sla_oracle import Event

WIRE = {
    "submitted": "WorkOrderSubmitted",
    "prioritised": "WorkOrderPrioritised",
    "dispatched": "WorkOrderDispatched",
    "started": "WorkOrderStarted",
    "paused": "WorkOrderPaused",
    "deferred": "WorkOrderDeferred",
    "resumed": "WorkOrderResumed",
    "handed_back": "WorkOrderHandedBack",
    "transferred": "WorkOrderTransferred",
    "repaired": "WorkOrderRepaired",
    "accepted": "WorkOrderAccepted",
    "rejected": "WorkOrderRejected",
    "declined": "WorkOrderDeclined",
    "appealed": "WorkOrderAppealed",
    "cancelled": "WorkOrderCancelled",
    "reopened": "WorkOrderReopened",
    "merged": "WorkOrderMerged",
    "unmerged": "WorkOrderUnmerged",
}
PRIORITIES = ("urgent", "high", "normal", "low")
REASONS = ("parts", "resident_absent", "supplier", "other")
# by situation: what may come, the likelier the oftener it stands here
NEXT: dict[str, tuple[str, ...]] = {
    "submitted": ("dispatched", "dispatched", "dispatched", "prioritised", "declined", "cancelled",
                  "merged"),
    "waiting": ("started", "started", "paused", "deferred", "handed_back", "transferred",
                "repaired", "prioritised", "declined", "merged"),
    "working": ("repaired", "repaired", "repaired", "paused", "paused", "deferred", "handed_back",
                "transferred", "prioritised", "merged"),
    "paused": ("resumed", "resumed", "resumed", "deferred", "transferred", "handed_back",
               "prioritised", "declined", "merged"),
    "merged": ("unmerged", "unmerged", "appealed"),
    "repaired": ("accepted", "accepted", "rejected"),
    "accepted": ("reopened",),
    "declined": ("appealed",),
    "cancelled": (),
}  # fmt: skip
AFTER = {
    "submitted": "submitted",
    "dispatched": "waiting",
    "started": "working",
    "paused": "paused",
    "deferred": "paused",
    "handed_back": "submitted",
    "transferred": "waiting",
    "repaired": "repaired",
    "accepted": "accepted",
    "rejected": "waiting",
    "declined": "declined",
    "appealed": "submitted",
    "cancelled": "cancelled",
    "reopened": "waiting",
    "merged": "merged",
}


def life(rng: random.Random, start: datetime, *, most: int = 12) -> list[Event]:
    """One order's events, each some minutes after the one before."""
    events: list[Event] = [(start, "submitted", rng.choice(PRIORITIES))]
    situation, before_pause, before_merge, at = "submitted", "waiting", "submitted", start
    for _ in range(rng.randint(0, most)):
        if not NEXT[situation]:
            break
        name = rng.choice(NEXT[situation])
        at += timedelta(minutes=rng.choice((1, 7, 30, 90, 240, 600, 1500)) + rng.randint(0, 20))
        detail = None
        if name == "prioritised":
            detail = rng.choice(PRIORITIES)
        elif name == "paused":
            detail, before_pause = rng.choice(REASONS), situation
        elif name == "merged":
            before_merge = situation
        elif name == "deferred":
            detail, before_pause = "deferred", "waiting"
        events.append((at, name, detail))
        back = {"resumed": before_pause, "unmerged": before_merge}
        situation = back.get(name) or AFTER.get(name, situation)
    return events


def happenings(events: Sequence[Event]) -> list[Happening]:
    return [
        Happening(
            type=WIRE[name],
            at=at,
            kind="repair",
            category="plumbing",
            priority=detail if name in ("submitted", "prioritised") else None,  # type: ignore[arg-type]
            reason=detail if name in ("paused", "deferred") else None,  # type: ignore[arg-type]
        )
        for at, name, detail in events
    ]
