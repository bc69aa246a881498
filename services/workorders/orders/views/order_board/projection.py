"""One row an order, as lists show it. No text of anybody's, so nothing to seal."""

from __future__ import annotations

from datetime import datetime

import msgspec

from services.workorders.orders.domain.events import EVENTS
from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``submitted_at`` is the claimed time, ``changed_at`` the recorded one of the last event.

    ``taken_by``: who took it down for the reporter. ``dispatcher``: who sent the technician.
    ``check_due``: staff are to check it, for its accepter does not answer.
    ``merged_into``: the order that it is merged into. ``relation`` and ``origin_id``: what it came
    of, and how.
    """

    key: str
    community: str
    number: str
    kind: str
    category: str
    building: str | None
    unit: str | None
    reporter: str | None
    accepter: str | None
    technician: str | None
    state: str
    activity: str
    channel: str
    imported: bool
    submitted_at: datetime
    changed_at: datetime
    version: int
    stars: int | None = None
    taken_by: str | None = None
    dispatcher: str | None = None
    check_due: bool = False
    merged_into: str | None = None
    relation: str | None = None
    origin_id: str | None = None


_AFTER = {
    "WorkOrderDispatched": ("dispatched", "waiting"),
    "WorkOrderStarted": ("dispatched", "working"),
    "WorkOrderPaused": ("dispatched", "paused"),
    "WorkOrderHandedBack": ("submitted", "waiting"),
    "WorkOrderTransferred": ("dispatched", "waiting"),
    "WorkOrderRepaired": ("repaired", "waiting"),
    "WorkOrderAccepted": ("accepted", "waiting"),
    "WorkOrderRejected": ("dispatched", "waiting"),
    "WorkOrderDeclined": ("declined", "waiting"),
    "WorkOrderAppealed": ("submitted", "waiting"),
    "WorkOrderRated": ("rated", "waiting"),
    "WorkOrderCancelled": ("cancelled", "waiting"),
    "WorkOrderReopened": ("dispatched", "waiting"),
    "WorkOrderMerged": ("declined", "waiting"),
}
_ASSIGNING = (
    "WorkOrderDispatched",
    "WorkOrderTransferred",
    "WorkOrderReopened",
    "WorkOrderRejected",
)
_RELEASING = ("WorkOrderHandedBack",)
_SENDING = ("WorkOrderDispatched", "WorkOrderTransferred")


def evolve(row: Row | None, fact: Fact) -> Row:
    data = fact.data
    if row is None:
        imported = fact.type == "WorkOrderImported"
        origin = data.get("origin")
        return Row(
            key=fact.subject,
            community=fact.community,
            number=data["number"],
            kind=data["kind"],
            category=data["category"],
            building=data["building"],
            unit=data["unit"],
            reporter=data["reporter"],
            accepter=data["accepter"],
            technician=None,
            state=data["state"] if imported else "submitted",
            activity="waiting",
            channel=data["channel"],
            imported=imported,
            submitted_at=(
                datetime.fromisoformat(data["submitted_at"]) if imported else fact.occurred_at
            ),
            changed_at=fact.time,
            version=fact.version,
            taken_by=data.get("taken_by"),
            relation=origin["relation"] if origin else None,
            origin_id=origin["id"] if origin else None,
        )
    state, activity = _AFTER.get(fact.type, (row.state, row.activity))
    if fact.type == "WorkOrderDeferred":
        activity = "paused"
    elif fact.type == "WorkOrderResumed":
        activity = data["activity"]
    elif fact.type == "WorkOrderUnmerged":
        state, activity = data["state"], data["activity"]
    elif fact.type == "WorkOrderQuoted" and activity == "working":
        activity = "waiting"
    technician = row.technician
    if fact.type in _ASSIGNING:
        technician = data["technician"]
    elif fact.type in _RELEASING:
        technician = None
    return msgspec.structs.replace(
        row,
        state=state,
        activity=activity,
        technician=technician,
        changed_at=fact.time,
        version=fact.version,
        stars=data["stars"] if fact.type == "WorkOrderRated" else row.stars,
        dispatcher=fact.actor if fact.type in _SENDING else row.dispatcher,
        check_due=state == "repaired" and (row.check_due or fact.type == "WorkOrderCheckRequested"),
        merged_into=_merged_into(row, fact),
    )


def _merged_into(row: Row, fact: Fact) -> str | None:
    if fact.type == "WorkOrderMerged":
        return str(fact.data["into"])
    return None if fact.type in ("WorkOrderUnmerged", "WorkOrderAppealed") else row.merged_into


ORDER_BOARD = View(
    name="order_board",
    build=4,
    follows="workorders",
    handles={name: schema for name, (schema, _) in EVENTS.items()},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(
        ("community", "submitted_at", "key"),
        ("community", "number"),
        ("accepter",),
        ("technician",),
        ("merged_into",),
        ("origin_id",),
        ("state", "submitted_at"),
    ),
)
