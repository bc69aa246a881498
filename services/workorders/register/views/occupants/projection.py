"""One row a person and unit, as long as they live there."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``kind``: owner, tenant or occupant."""

    key: str
    community: str
    person: str
    unit: str
    building: str
    kind: str


def key(fact: Fact) -> str | None:
    return str(fact.data["tenancy"])


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "TenancyEnded":
        return None
    return Row(
        key=data["tenancy"],
        community=data["community"],
        person=data["person"],
        unit=data["unit"],
        building=data["building"],
        kind=data["kind"],
    )


VIEW = View(
    name="occupants",
    build=1,
    follows="security",
    handles={"TenancyStarted": 1, "TenancyEnded": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("unit",), ("person",)),
)
