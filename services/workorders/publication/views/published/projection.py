"""One row a published order, with what was said against it. Its caption stays in the log."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``flags``: how often it was called unsuitable since somebody looked at it."""

    key: str
    community: str
    number: str
    building: str | None
    accepted_at: datetime
    hidden: bool
    flags: int


def key(fact: Fact) -> str:
    return str(fact.data["order"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "WorkPublished":
        return Row(
            key=data["order"],
            community=fact.community,
            number=data["number"],
            building=data["building"],
            accepted_at=datetime.fromisoformat(data["accepted_at"]),
            hidden=False,
            flags=0,
        )
    if row is None:
        return None
    if fact.type == "PublishedWorkFlagged":
        return replace(row, flags=row.flags + 1)
    return replace(row, hidden=fact.type == "PublishedWorkHidden", flags=0)


PUBLISHED = View(
    name="published",
    build=1,
    follows="workorders",
    handles={
        "WorkPublished": 1,
        "PublishedWorkFlagged": 1,
        "PublishedWorkHidden": 1,
        "PublishedWorkRestored": 1,
    },
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("community", "accepted_at", "key"), ("community", "number")),
)
