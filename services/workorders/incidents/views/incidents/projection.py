"""One row an incident, open or over, with a count of its reports. What is said of it stays in the
log.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``affected``: buildings. ``closed_at`` None: it is open.

    ``notice_version``: of its stream, by the event that says how it stands.
    """

    key: str
    community: str
    kind: str
    category: str
    affected: tuple[str, ...]
    opened_at: datetime
    expected_end: datetime | None
    closed_at: datetime | None
    reports: int
    notice_version: int = 1

    def covers(self, kind: str, category: str, building: str | None) -> bool:
        return (self.kind, self.category) == (kind, category) and building in self.affected


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "IncidentOpened":
        return Row(
            key=fact.subject,
            community=fact.community,
            kind=data["kind"],
            category=data["category"],
            affected=tuple(data["affected"]),
            opened_at=fact.time,
            expected_end=_moment(data["expected_end"]),
            closed_at=None,
            reports=0,
        )
    if row is None:
        return None
    if fact.type == "IncidentClosed":
        return replace(row, closed_at=fact.time)
    if fact.type == "IncidentAnswered":
        expected = _moment(data["expected_end"])
        return replace(row, expected_end=expected, notice_version=fact.version)
    return replace(row, reports=row.reports + 1)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


INCIDENTS = View(
    name="incidents",
    build=2,
    follows="workorders",
    handles={"IncidentOpened": 1, "ReportLinked": 1, "IncidentAnswered": 1, "IncidentClosed": 1},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("community", "closed_at"),),
)
