"""One row an order: whether it waits, who has it or did it last, and when they got it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from services.workorders.orders.domain.events import EVENTS
from services.workorders.orders.domain.lifecycle import MOVES
from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``technician``: who has it or did it last; None while it waits. ``given_at``: since when.

    ``worked_at``: when they last began or ended work at its place. ``accepter`` is there to be told
    of outages. ``put_off``: to a date, so nobody is to be sent yet. ``visit_starts``,
    ``visit_ends``: of the visit that is agreed, until work is done.
    """

    key: str
    community: str
    number: str
    kind: str
    category: str
    building: str | None
    unit: str | None
    accepter: str | None
    state: str
    technician: str | None
    given_at: datetime | None
    worked_at: datetime | None
    submitted_at: datetime
    imported: bool
    version: int
    put_off: bool = False
    visit_starts: datetime | None = None
    visit_ends: datetime | None = None


def evolve(row: Row | None, fact: Fact) -> Row:
    data = fact.data
    if row is None:
        imported = fact.type == "WorkOrderImported"
        claimed = datetime.fromisoformat(data["submitted_at"]) if imported else fact.occurred_at
        return Row(
            key=fact.subject,
            community=fact.community,
            number=data["number"],
            kind=data["kind"],
            category=data["category"],
            building=data["building"],
            unit=data["unit"],
            accepter=data["accepter"],
            state=data["state"] if imported else "submitted",
            technician=None,
            given_at=None,
            worked_at=None,
            submitted_at=claimed,
            imported=imported,
            version=fact.version,
        )
    state = MOVES[EVENTS[fact.type][1]][0] or row.state
    row = replace(row, state=state, version=fact.version)
    match fact.type:
        case "WorkOrderDispatched" | "WorkOrderTransferred":
            return replace(row, technician=data["technician"], given_at=fact.time)
        case "WorkOrderHandedBack" | "WorkOrderAppealed":
            return replace(row, technician=None, given_at=None, put_off=False)
        case "WorkOrderUnmerged":
            row = replace(row, state=data["state"], technician=data["technician"])
            return _without_visit(row) if data.get("visit_lost") else row
        case "WorkOrderDeferred":
            return replace(row, put_off=True)
        case "WorkOrderResumed":
            return replace(row, put_off=False)
        case "WorkOrderStarted":
            return replace(row, worked_at=fact.time)
        case "WorkOrderRepaired":
            return _without_visit(replace(row, worked_at=fact.time))
        case "WorkOrderVisitChosen" | "WorkOrderVisitMoved":
            return replace(
                row,
                visit_starts=datetime.fromisoformat(data["starts"]),
                visit_ends=datetime.fromisoformat(data["ends"]),
            )
        case "WorkOrderVisitMissed" | "WorkOrderVisitCancelled":
            return _without_visit(row)
        case "WorkOrderDeclined" | "WorkOrderCancelled":
            return _without_visit(row)
    return row


def _without_visit(row: Row) -> Row:
    return replace(row, visit_starts=None, visit_ends=None)


ASSIGNMENTS = View(
    name="assignments",
    build=3,
    follows="workorders",
    handles={name: schema for name, (schema, _) in EVENTS.items()},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(
        ("community", "state"),
        ("community", "building", "submitted_at"),
        ("technician", "given_at"),
    ),
)
