"""One row a unit: where an order about it belongs."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    community: str
    building: str
    building_code: str
    code: str


def key(fact: Fact) -> str | None:
    return str(fact.data["unit"])


def evolve(_row: Row | None, fact: Fact) -> Row:
    data = fact.data
    return Row(
        key=data["unit"],
        community=data["community"],
        building=data["building"],
        building_code=data["building_code"],
        code=data["code"],
    )


VIEW = View(
    name="places",
    build=1,
    follows="security",
    handles={"UnitRegistered": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
