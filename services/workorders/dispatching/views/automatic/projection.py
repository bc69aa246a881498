"""One row a community that has set a mode: its automatic categories."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``categories`` as ``<kind>/<category>``, sorted."""

    key: str
    categories: tuple[str, ...]


def key(fact: Fact) -> str:
    return str(fact.data["community"])


def evolve(row: Row | None, fact: Fact) -> Row:
    data = fact.data
    row = row or Row(key=data["community"], categories=())
    named = f"{data['kind']}/{data['category']}"
    others = {one for one in row.categories if one != named}
    if data["mode"] == "automatic":
        others.add(named)
    return replace(row, categories=tuple(sorted(others)))


AUTOMATIC = View(
    name="automatic",
    build=1,
    follows="workorders",
    handles={"DispatchModeSet": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
