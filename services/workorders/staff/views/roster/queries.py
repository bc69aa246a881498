"""Reading shifts and leave."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.workorders.staff.views.roster.projection import ROSTER, Row
from shared.following.reader import Reader


def at(reader: Reader, moment: datetime) -> list[Row]:
    """Every shift and leave that covers this moment."""
    found: list[Row] = reader.rows(
        ROSTER, where="starts <= :moment AND ends > :moment", params={"moment": moment}
    )
    return found


def since(reader: Reader, moment: datetime) -> list[Row]:
    """Every shift and leave that is not over at this moment."""
    found: list[Row] = reader.rows(ROSTER, where="ends > :moment", params={"moment": moment})
    return found


def of(reader: Reader, person: str, since: datetime, limit: int) -> list[Row]:
    """A person's shifts and leave that end after ``since``, the next first."""
    found: list[Row] = reader.rows(
        ROSTER,
        where="person = :person AND ends > :since",
        params={"person": person, "since": since},
        order="starts, key",
        limit=limit,
    )
    return found


def between(reader: Reader, people: Collection[str], since: datetime, until: datetime) -> list[Row]:
    """These people's shifts and leave that meet the time from ``since`` to ``until``."""
    found: list[Row] = reader.rows(
        ROSTER,
        where="ends > :since AND starts < :until",
        params={"since": since, "until": until},
        order="starts, key",
    )
    return [row for row in found if row.person in people]
