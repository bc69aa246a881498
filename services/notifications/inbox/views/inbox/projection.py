"""One row a notification."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from services.notifications.inbox.domain import EVENTS
from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``position`` of the notification in the log: newer ones have higher ones.

    ``causation_id`` is the event told of.
    """

    key: str
    community: str
    position: int
    person: str
    template: str
    params: dict[str, str | int]
    language: str
    about: str
    number: str
    posted_at: datetime
    read_at: datetime | None
    correlation_id: str
    causation_id: str | None


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "NotificationRead":
        return None if row is None else replace(row, read_at=fact.time)
    return Row(
        key=fact.subject,
        community=fact.community,
        position=fact.position,
        person=data["person"],
        template=data["template"],
        params=data["params"],
        language=data["language"],
        about=data["about"],
        number=data["number"],
        posted_at=fact.time,
        read_at=None,
        correlation_id=fact.correlation_id,
        causation_id=fact.causation_id,
    )


INBOX = View(
    name="inbox",
    build=1,
    follows="notifications",
    handles={name: schema for name, (schema, _) in EVENTS.items()},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("person", "position"), ("person", "read_at")),
)
