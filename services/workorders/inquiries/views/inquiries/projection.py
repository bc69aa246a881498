"""One row an inquiry, as lists show it. No text of anybody's."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``escalated``: nobody had answered it in time, and superiors were told."""

    key: str
    community: str
    number: str
    kind: str
    building: str | None
    unit: str | None
    reporter: str | None
    state: str
    submitted_at: datetime
    due_at: datetime
    escalated: bool = False
    answered_at: datetime | None = None
    order_id: str | None = None
    order_number: str | None = None
    version: int


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "InquirySubmitted":
        return Row(
            key=fact.subject,
            community=fact.community,
            number=data["number"],
            kind=data["kind"],
            building=data["building"],
            unit=data["unit"],
            reporter=data["reporter"],
            state="open",
            submitted_at=fact.occurred_at,
            due_at=datetime.fromisoformat(data["due_at"]),
            version=fact.version,
        )
    if row is None:
        return None
    row = replace(row, version=fact.version)
    match fact.type:
        case "InquiryAnswered":
            return replace(row, state="answered", answered_at=fact.occurred_at)
        case "InquiryConverted":
            order = {"order_id": data["order"], "order_number": data["order_number"]}
            return replace(row, state="converted", **order)
    return replace(row, escalated=True)


INQUIRIES = View(
    name="inquiries",
    build=1,
    follows="workorders",
    handles=dict.fromkeys(
        ("InquirySubmitted", "InquiryAnswered", "InquiryConverted", "InquiryEscalated"), 1
    ),
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("community", "number"), ("community", "submitted_at", "key"), ("reporter",)),
)
