"""One row a community."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``timezone``: an IANA name."""

    key: str
    community: str
    name: str
    timezone: str
    language: str


def key(fact: Fact) -> str | None:
    return str(fact.data["community"])


def evolve(_row: Row | None, fact: Fact) -> Row:
    data = fact.data
    return Row(
        key=data["community"],
        community=data["community"],
        name=data["name"],
        timezone=data["timezone"],
        language=data["language"],
    )


VIEW = View(
    name="communities",
    build=1,
    follows="security",
    handles={"CommunityRegistered": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
