"""One row a post that is held, so that the technicians of a place are found at once."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``community``: ``*`` is every one. ``buildings``: ``None`` is all. ``superior``: a person."""

    key: str
    community: str
    role: str
    person: str
    buildings: tuple[str, ...] | None
    team: str | None
    superior: str | None


def key(fact: Fact) -> str | None:
    return str(fact.data["post"])


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "PostWithdrawn":
        return None
    buildings = data["buildings"]
    return Row(
        key=data["post"],
        community=data["community"],
        role=data["role"],
        person=data["person"],
        buildings=None if buildings is None else tuple(buildings),
        team=data["team"],
        superior=data["superior"],
    )


VIEW = View(
    name="posts",
    build=1,
    follows="security",
    handles={"PostGranted": 1, "PostWithdrawn": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("community", "role"), ("person",)),
)
