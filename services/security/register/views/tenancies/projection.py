"""One row a person and unit: since when, and until when."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``until`` is ``None`` while they live there; moving back in starts the row anew."""

    key: str
    community: str
    person: str
    unit: str
    building: str
    kind: str
    since: datetime
    until: datetime | None


def key(fact: Fact) -> str | None:
    return str(fact.data["tenancy"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "TenancyStarted":
        return Row(
            key=data["tenancy"],
            community=data["community"],
            person=data["person"],
            unit=data["unit"],
            building=data["building"],
            kind=data["kind"],
            since=datetime.fromisoformat(data["since"]),
            until=None,
        )
    return None if row is None else replace(row, until=datetime.fromisoformat(data["until"]))


VIEW = View(
    name="tenancies",
    build=1,
    follows="security",
    handles={"TenancyStarted": 1, "TenancyEnded": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("person",), ("unit",)),
)
