"""What the clock looks at of an order's events, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import HoldReason, Priority
from services.workorders.sla.domain import waits
from services.workorders.sla.domain.waits import Wait

# All others leave the clock alone, wherever they stand among these.
RELEVANT = frozenset(
    {
        "WorkOrderSubmitted",
        "WorkOrderPrioritised",
        "WorkOrderDispatched",
        "WorkOrderStarted",
        "WorkOrderPaused",
        "WorkOrderDeferred",
        "WorkOrderResumed",
        "WorkOrderHandedBack",
        "WorkOrderTransferred",
        "WorkOrderRepaired",
        "WorkOrderAccepted",
        "WorkOrderRejected",
        "WorkOrderDeclined",
        "WorkOrderAppealed",
        "WorkOrderCancelled",
        "WorkOrderReopened",
        "WorkOrderMerged",
        "WorkOrderUnmerged",
        *waits.BEGINS,
        *waits.ENDS,
    }
)
DEFAULT_PRIORITY: Priority = "normal"


class Happening(Struct, frozen=True, kw_only=True):
    """One event, by its wire name. ``priority``: what it set, if any; ``reason``: of a hold.

    ``part``: a submission of a part of another order, which nobody is asked to accept. ``wait``:
    what it says of waiting for a visit or for the answer to a quote.
    """

    type: str
    at: datetime
    kind: str
    category: str
    priority: Priority | None = None
    reason: HoldReason | None = None
    part: bool = False
    wait: Wait | None = None


def happening(name: str, data: Mapping[str, Any], at: datetime, actor: str) -> Happening | None:
    """None for what the clock does not look at. ``actor``: who did it."""
    if name not in RELEVANT:
        return None
    priority = data.get("priority") if name == "WorkOrderPrioritised" else None
    if name == "WorkOrderSubmitted":
        priority = data.get("priority") or DEFAULT_PRIORITY
    return Happening(
        type=name,
        at=at,
        kind=data["kind"],
        category=data["category"],
        priority=priority,
        reason=_reason(name, data),
        part=(data.get("origin") or {}).get("relation") == "part_of",
        wait=waits.wait(name, data, actor),
    )


def _reason(name: str, data: Mapping[str, Any]) -> HoldReason | None:
    if name == "WorkOrderDeferred":
        return "deferred"
    found: HoldReason | None = data["reason"] if name == "WorkOrderPaused" else None
    return found


def priority_of(happenings: Iterable[Happening]) -> Priority:
    """The last one set."""
    found = DEFAULT_PRIORITY
    for each in happenings:
        found = each.priority or found
    return found
