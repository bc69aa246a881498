"""One row a shift or a leave."""

from __future__ import annotations

from datetime import datetime

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``what``: shift or leave; ``ends`` is outside."""

    key: str
    person: str
    what: str
    starts: datetime
    ends: datetime


def key(fact: Fact) -> str:
    return str(fact.data["leave" if fact.type.startswith("Leave") else "shift"])


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    if fact.type.endswith("Withdrawn"):
        return None
    return Row(
        key=key(fact),
        person=fact.data["person"],
        what="leave" if fact.type == "LeaveGranted" else "shift",
        starts=datetime.fromisoformat(fact.data["starts"]),
        ends=datetime.fromisoformat(fact.data["ends"]),
    )


ROSTER = View(
    name="roster",
    build=1,
    follows="workorders",
    handles={"ShiftPlanned": 1, "ShiftWithdrawn": 1, "LeaveGranted": 1, "LeaveWithdrawn": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("ends", "starts"), ("person", "ends")),
)
