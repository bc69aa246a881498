"""Reading who has what, and what waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from services.workorders.dispatching.views.assignments.projection import ASSIGNMENTS, Row
from shared.following.reader import Reader

FAIRNESS_DAYS = 30
# one round's worth: whatever waits longer is more urgent and so comes first
MOST_WAITING = 500
_CHUNK = 200


class Hands(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has in hand, got in the last 30 days, and where they worked last."""

    load: int = 0
    given: int = 0
    near: str | None = None
    worked_at: datetime | None = None


def waiting(reader: Reader, community: str) -> list[Row]:
    """The orders nobody has yet, the oldest first; imported ones are history, and nobody is sent to
    what is put off.
    """
    found: list[Row] = reader.rows(
        ASSIGNMENTS,
        where="community = :community AND state = 'submitted' AND imported = :no AND put_off = :no",
        params={"community": community, "no": False},
        order="submitted_at, key",
    )
    return found


def unfinished(reader: Reader, community: str) -> list[Row]:
    """The orders that wait or are in somebody's hands, the oldest first, without imported ones."""
    found: list[Row] = reader.rows(
        ASSIGNMENTS,
        where="community = :community AND state IN ('submitted', 'dispatched') AND imported = :no",
        params={"community": community, "no": False},
        order="submitted_at, key",
    )
    return found


def hands(reader: Reader, people: Collection[str], at: datetime) -> dict[str, Hands]:
    """By person, for everybody asked for."""
    since = at - timedelta(days=FAIRNESS_DAYS)
    found = {person: Hands() for person in people}
    names = sorted(people)
    for start in range(0, len(names), _CHUNK):
        marks = {f"p{number}": name for number, name in enumerate(names[start : start + _CHUNK])}
        rows: list[Row] = reader.rows(
            ASSIGNMENTS,
            where=f"technician IN ({', '.join(f':{mark}' for mark in marks)}) "
            "AND (state = 'dispatched' OR given_at >= :since)",
            params={**marks, "since": since},
        )
        for row in rows:
            person = str(row.technician)
            found[person] = _with(found[person], row, since)
    return found


def visits_meeting(
    reader: Reader, people: Collection[str], starts: datetime, ends: datetime
) -> list[Row]:
    """What these people have in hand with a visit agreed that meets this time."""
    found = []
    names = sorted(people)
    for start in range(0, len(names), _CHUNK):
        marks = {f"p{number}": name for number, name in enumerate(names[start : start + _CHUNK])}
        found += reader.rows(
            ASSIGNMENTS,
            where=f"technician IN ({', '.join(f':{mark}' for mark in marks)}) "
            "AND state = 'dispatched' AND visit_starts < :ends AND visit_ends > :starts",
            params={**marks, "starts": starts, "ends": ends},
        )
    return found


def _with(hands: Hands, row: Row, since: datetime) -> Hands:
    here = row.worked_at is not None and (
        hands.worked_at is None or row.worked_at > hands.worked_at
    )
    return Hands(
        load=hands.load + (row.state == "dispatched"),
        given=hands.given + (row.given_at is not None and row.given_at >= since),
        near=row.building if here else hands.near,
        worked_at=row.worked_at if here else hands.worked_at,
    )
