"""One row an order with a resident accepter: each time they accepted, and what they rated it.

Checks by staff are no acceptances here, and imported history has neither.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """``technician``: whose work it was. The rest is None until it is rated."""

    accepted_at: datetime
    technician: str | None
    rated_at: datetime | None = None
    stars: int | None = None
    speed: int | None = None
    attitude: int | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """All times are those claimed. ``first_at`` and ``last_at``: of all acceptances and ratings."""

    key: str
    community: str
    building: str | None
    category: str
    kind: str
    channel: str
    acceptances: tuple[Acceptance, ...] = ()
    first_at: datetime | None = None
    last_at: datetime | None = None


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "WorkOrderSubmitted":
        return _submitted(fact) if data["accepter_kind"] == "resident" else None
    if row is None or fact.actor != data["accepter"]:
        return row
    acceptances = row.acceptances
    if fact.type == "WorkOrderAccepted":
        if data["checked"]:
            return row
        acceptance = Acceptance(accepted_at=fact.occurred_at, technician=data["technician"])
        acceptances = (*acceptances, acceptance)
    elif acceptances and acceptances[-1].rated_at is None:
        rated = replace(
            acceptances[-1],
            rated_at=fact.occurred_at,
            stars=data["stars"],
            speed=data["speed"],
            attitude=data["attitude"],
        )
        acceptances = (*acceptances[:-1], rated)
    moments = [each.accepted_at for each in acceptances]
    moments += [each.rated_at for each in acceptances if each.rated_at is not None]
    if not moments:
        return row
    return replace(row, acceptances=acceptances, first_at=min(moments), last_at=max(moments))


def _submitted(fact: Fact) -> Row:
    data = fact.data
    return Row(
        key=fact.subject,
        community=fact.community,
        building=data["building"],
        category=data["category"],
        kind=data["kind"],
        channel=data["channel"],
    )


RATINGS = View(
    name="ratings",
    build=1,
    follows="workorders",
    handles={"WorkOrderSubmitted": 1, "WorkOrderAccepted": 1, "WorkOrderRated": 1},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("community", "last_at"),),
)
