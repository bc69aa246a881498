"""One row an order that a round gave out: the last choice, as the event has it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from services.workorders.orders.domain.choice import Choice
from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``order_version``: of the order's stream, by that dispatch."""

    key: str
    community: str
    number: str
    kind: str
    category: str
    building: str | None
    unit: str | None
    technician: str
    at: datetime
    order_version: int
    choice: Choice


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    choice = data.get("choice")
    if choice is None or choice["how"] != "automatic":
        return row
    return Row(
        key=fact.subject,
        community=fact.community,
        number=data["number"],
        kind=data["kind"],
        category=data["category"],
        building=data["building"],
        unit=data["unit"],
        technician=data["technician"],
        at=fact.time,
        order_version=fact.version,
        choice=msgspec.convert(choice, Choice),
    )


DECISIONS = View(
    name="decisions",
    build=1,
    follows="workorders",
    handles={"WorkOrderDispatched": 1},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("community", "at"),),
)
