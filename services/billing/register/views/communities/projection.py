"""One row a community: its time zone, which says what year a bill is of."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``timezone``: an IANA name."""

    key: str
    timezone: str


def key(fact: Fact) -> str | None:
    return str(fact.data["community"])


def evolve(_row: Row | None, fact: Fact) -> Row:
    return Row(key=fact.data["community"], timezone=fact.data["timezone"])


VIEW = View(
    name="communities",
    build=1,
    follows="security",
    handles={"CommunityRegistered": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
