"""One row a subscribed browser: of whoever subscribed it last."""

from __future__ import annotations

from datetime import datetime

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    person: str
    since: datetime


def key(fact: Fact) -> str:
    return str(fact.data["subscription"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    person = fact.data["person"]
    if fact.type == "PushSubscribed":
        return Row(key=key(fact), person=person, since=fact.time)
    # it may be somebody else's by now, who uses the same browser
    return row if row is not None and row.person != person else None


SUBSCRIBED = View(
    name="push_subscriptions",
    build=1,
    follows="notifications",
    handles={"PushSubscribed": 1, "PushUnsubscribed": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("person",),),
)
