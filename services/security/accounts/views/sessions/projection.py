"""One row an account: its open sessions, those that ran out dropped as new ones come."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """``position``: where the log has its beginning."""

    session: str
    position: int
    expires_at: datetime


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    community: str
    person: str
    sessions: tuple[Open, ...]


def key(fact: Fact) -> str | None:
    return str(fact.data["account"])


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    held = () if row is None else row.sessions
    others = tuple(one for one in held if one.session != data["session"])
    before = next((one for one in held if one.session == data["session"]), None)
    if fact.type == "SessionRevoked":
        return replace(row, sessions=others) if row is not None and others else None
    # "now" is the fact's own time: a row is a function of the log alone
    running = tuple(one for one in others if one.expires_at > fact.time)
    mine = Open(
        session=data["session"],
        position=fact.position if before is None else before.position,
        expires_at=datetime.fromisoformat(data["expires_at"]),
    )
    return Row(
        key=data["account"],
        community=fact.community,
        person=data["person"],
        sessions=(*running, mine),
    )


VIEW = View(
    name="sessions",
    build=1,
    follows="security",
    handles={"SessionOpened": 1, "SessionRefreshed": 1, "SessionRevoked": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
