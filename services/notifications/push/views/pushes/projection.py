"""One row a push that is not settled yet."""

from __future__ import annotations

from datetime import datetime

import msgspec

from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    person: str
    subscription: str
    notification: str
    queued_at: datetime


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    if fact.type == "PushSettled":
        return None
    data = fact.data
    return Row(
        key=fact.subject,
        person=data["person"],
        subscription=data["subscription"],
        notification=data["notification"],
        queued_at=fact.time,
    )


PUSHES = View(
    name="pushes",
    build=1,
    follows="notifications",
    handles={"PushQueued": 1, "PushSettled": 1},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("queued_at",),),
)
