"""One row a person: the language they are spoken to in, and the posts they hold."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """``community``: ``*`` is every one. ``buildings``: ``None`` is all. ``superior``: a person."""

    post: str
    role: str
    community: str
    buildings: tuple[str, ...] | None
    superior: str | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``community`` is ``_`` for people of the company."""

    key: str
    community: str
    language: str
    posts: tuple[Held, ...]
    forgotten: bool


def key(fact: Fact) -> str | None:
    return str(fact.data["person"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "PersonRegistered":
        return Row(
            key=data["person"],
            community=data["community"],
            language=data["language"],
            posts=(),
            forgotten=False,
        )
    if row is None:
        return None
    match fact.type:
        case "PersonForgotten":
            return replace(row, forgotten=True)
        case "PostGranted":
            held = msgspec.convert({name: data[name] for name in Held.__struct_fields__}, Held)
            return replace(row, posts=(*row.posts, held))
        case "PostWithdrawn":
            return replace(row, posts=tuple(p for p in row.posts if p.post != data["post"]))
    return row


VIEW = View(
    name="people",
    build=1,
    follows="security",
    handles={
        "PersonRegistered": 1,
        "PersonForgotten": 1,
        "PostGranted": 1,
        "PostWithdrawn": 1,
    },
    row=Row,
    key=key,
    evolve=evolve,
)
