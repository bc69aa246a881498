"""One row a community: its own time zone, and which buildings it has."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``timezone``: an IANA name. ``buildings``: their ids, as they were registered."""

    key: str
    community: str
    timezone: str
    buildings: tuple[str, ...]


def key(fact: Fact) -> str | None:
    return str(fact.data["community"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "CommunityRegistered":
        return Row(
            key=data["community"],
            community=data["community"],
            timezone=data["timezone"],
            buildings=(),
        )
    return None if row is None else replace(row, buildings=(*row.buildings, data["building"]))


VIEW = View(
    name="communities",
    build=1,
    follows="security",
    handles={"CommunityRegistered": 1, "BuildingRegistered": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
