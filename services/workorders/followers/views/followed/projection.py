"""One row a person and order they follow."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    order_id: str
    person: str


def key(fact: Fact) -> str:
    return f"{fact.data['order']} {fact.data['person']}"


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    if fact.type == "OrderUnfollowed":
        return None
    return Row(key=key(fact), order_id=fact.data["order"], person=fact.data["person"])


FOLLOWED = View(
    name="followed",
    build=1,
    follows="workorders",
    handles={"OrderFollowed": 1, "OrderUnfollowed": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("person",),),
)
