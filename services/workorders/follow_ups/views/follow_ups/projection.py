"""One row a follow-up. What was said stays in the log."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``recorded_at``, ``recorded_by``, ``outcome``, ``satisfied``: of the last try, if any."""

    key: str
    order_id: str
    community: str
    building: str | None
    unit: str | None
    number: str
    kind: str
    category: str
    accepter: str | None
    technician: str | None
    reason: str
    stars: int | None
    due_at: datetime
    open: bool
    attempts: int = 0
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    outcome: str | None = None
    satisfied: bool | None = None
    reopened: bool = False


def key(fact: Fact) -> str:
    return f"{fact.data['order']} {fact.data['round']}"


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "FollowUpDue":
        same = ("building", "unit", "number", "kind", "category", "accepter", "technician")
        due = Row(
            key=key(fact),
            order_id=data["order"],
            community=fact.community,
            **{name: data[name] for name in same},
            reason=data["reason"],
            stars=data["stars"],
            due_at=datetime.fromisoformat(data["due_at"]),
            open=True,
        )
        return due if row is None else replace(due, attempts=row.attempts)
    if row is None or fact.type == "FollowUpDropped":
        return None
    return replace(
        row,
        open=not data["closed"],
        attempts=data["attempt"],
        recorded_at=fact.time,
        recorded_by=fact.actor,
        outcome=data["outcome"],
        satisfied=data["satisfied"],
        reopened=data["reopened"],
    )


FOLLOW_UPS = View(
    name="follow_ups",
    build=1,
    follows="workorders",
    handles={"FollowUpDue": 1, "FollowUpRecorded": 1, "FollowUpDropped": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("community", "open", "due_at"),),
)
