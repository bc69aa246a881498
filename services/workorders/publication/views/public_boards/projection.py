"""One row a community that has a public work board."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str


def key(fact: Fact) -> str:
    return fact.community


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    return Row(key=fact.community) if fact.data["open"] else None


PUBLIC_BOARDS = View(
    name="public_boards",
    build=1,
    follows="workorders",
    handles={"PublicBoardSet": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
