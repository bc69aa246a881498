"""One row a person and order they follow; ``merged``: only because of a merge."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    order_id: str
    person: str
    merged: bool


def key(fact: Fact) -> str:
    return f"{fact.data['order']} {fact.data['person']}"


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    if fact.type == "OrderUnfollowed":
        return None
    data = fact.data
    return Row(
        key=key(fact),
        order_id=data["order"],
        person=data["person"],
        merged=data.get("merged", False),
    )


FOLLOWED = View(
    name="followed",
    build=2,
    follows="workorders",
    handles={"OrderFollowed": 1, "OrderUnfollowed": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("person",),),
)
