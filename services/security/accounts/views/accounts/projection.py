"""One row an account."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact
from shared.privacy.personal import Personal


class Held(msgspec.Struct, frozen=True, kw_only=True):
    post: str
    role: str
    community: str
    buildings: tuple[str, ...] | None
    team: str | None
    superior: str | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    community: str
    person: str
    login: Annotated[str | None, Personal("person")]
    posts: tuple[Held, ...]
    closed: bool


def key(fact: Fact) -> str | None:
    return str(fact.data["account"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "AccountOpened":
        return Row(
            key=data["account"],
            community=fact.community,
            person=data["person"],
            login=data["login"],
            posts=(),
            closed=False,
        )
    if row is None:
        return None
    match fact.type:
        case "PostGranted":
            held = msgspec.convert({n: data[n] for n in Held.__struct_fields__}, Held)
            return replace(row, posts=(*row.posts, held))
        case "PostWithdrawn":
            return replace(row, posts=tuple(p for p in row.posts if p.post != data["post"]))
        case "AccountClosed":
            return replace(row, login=None, posts=(), closed=True)
    return row


VIEW = View(
    name="accounts",
    build=1,
    follows="security",
    handles={"AccountOpened": 1, "AccountClosed": 1, "PostGranted": 1, "PostWithdrawn": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("person",),),
)
