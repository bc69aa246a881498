"""One row a person: who they are, where they live, which posts they hold."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact
from shared.privacy.personal import Personal

_Part = TypeVar("_Part", bound=msgspec.Struct)


class Home(msgspec.Struct, frozen=True, kw_only=True):
    tenancy: str
    unit: str
    building: str
    community: str
    kind: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    post: str
    role: str
    community: str
    buildings: tuple[str, ...] | None
    team: str | None
    superior: str | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``places``: the communities of homes and posts, as ``|garden|river|``, to search in."""

    key: str
    community: str
    name: Annotated[str | None, Personal("key")]
    phone: Annotated[str | None, Personal("key")]
    language: str
    forgotten: bool
    homes: tuple[Home, ...]
    posts: tuple[Held, ...]
    places: str


def key(fact: Fact) -> str | None:
    return str(fact.data["person"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "PersonRegistered":
        return Row(
            key=data["person"],
            community=data["community"],
            name=data["name"],
            phone=data["phone"],
            language=data["language"],
            forgotten=False,
            homes=(),
            posts=(),
            places="",
        )
    if row is None:
        return None
    if fact.type == "PersonForgotten":
        return replace(row, name=None, phone=None, forgotten=True)
    homes, posts = row.homes, row.posts
    match fact.type:
        case "TenancyStarted":
            others = (home for home in homes if home.tenancy != data["tenancy"])
            homes = (*others, _picked(Home, data))
        case "TenancyEnded":
            homes = tuple(home for home in homes if home.tenancy != data["tenancy"])
        case "PostGranted":
            posts = (*posts, _picked(Held, data))
        case "PostWithdrawn":
            posts = tuple(post for post in posts if post.post != data["post"])
    found = sorted({home.community for home in homes} | {post.community for post in posts})
    places = f"|{'|'.join(found)}|" if found else ""
    return replace(row, homes=homes, posts=posts, places=places)


def _picked(part: type[_Part], data: dict[str, Any]) -> _Part:
    return msgspec.convert({name: data[name] for name in part.__struct_fields__}, part)


VIEW = View(
    name="people",
    build=1,
    follows="security",
    handles={
        "PersonRegistered": 1,
        "PersonForgotten": 1,
        "TenancyStarted": 1,
        "TenancyEnded": 1,
        "PostGranted": 1,
        "PostWithdrawn": 1,
    },
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("community",),),
)
