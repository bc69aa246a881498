"""One row an order: what happened to it that the clock looks at, and what was escalated."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from services.workorders.sla.domain.escalations import Fired
from services.workorders.sla.domain.happenings import RELEVANT, Happening, happening
from shared.following.view import View
from shared.messaging.envelope import Fact

CLOSED = ("WorkOrderAccepted", "WorkOrderDeclined", "WorkOrderCancelled", "WorkOrderMerged")
BROKEN = 100
OPENED = ("WorkOrderAppealed", "WorkOrderReopened", "WorkOrderUnmerged")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``submitted_at``: when the submission was recorded. ``open``: a target may be running.

    ``breached``: its ladder said that a promise was broken.
    """

    key: str
    community: str
    kind: str
    category: str
    submitted_at: datetime
    open: bool
    happenings: tuple[Happening, ...]
    fired: tuple[Fired, ...] = ()
    breached: bool = False


def key(fact: Fact) -> str:
    return str(fact.data["order"]) if fact.type == "WorkOrderEscalated" else fact.subject


def evolve(row: Row | None, fact: Fact) -> Row | None:
    if fact.type == "WorkOrderSubmitted":
        row = Row(
            key=fact.subject,
            community=fact.community,
            kind=fact.data["kind"],
            category=fact.data["category"],
            submitted_at=fact.time,
            open=True,
            happenings=(),
        )
    if row is None:
        return None  # imported: promised to nobody
    if fact.type == "WorkOrderEscalated":
        fired = msgspec.convert({name: fact.data[name] for name in Fired.__struct_fields__}, Fired)
        breached = row.breached or fired.percent >= BROKEN
        return replace(row, fired=(*row.fired, fired), breached=breached)
    happened = happening(fact.type, fact.data, fact.occurred_at, fact.actor)
    assert happened is not None, "only these are handled"
    is_open = fact.type in OPENED or (row.open and fact.type not in CLOSED)
    return replace(row, open=is_open, happenings=(*row.happenings, happened))


ORDER_CLOCKS = View(
    name="order_clocks",
    build=4,
    follows="workorders",
    handles=dict.fromkeys(sorted(RELEVANT | {"WorkOrderEscalated"}), 1),
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("community", "open"),),
)
