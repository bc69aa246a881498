"""Within how many hours the inquiries of a community are to be answered: one stream a community."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from services.workorders.inquiries.domain.events import AnswerDeadlinesSet, InquiryKind
from services.workorders.orders.domain import values
from shared.errors import Forbidden
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

MOST_HOURS = 24 * 365
SETTERS = frozenset({"manager", "admin"})
_NAMESPACE = UUID("6a1f8a52-4a4e-5b7e-9c55-40a1f2d1c8b3")


class NotTheirDeadline(Forbidden):
    """Only managers and administrators of the community set its deadlines."""


class Deadlines(Struct, frozen=True, kw_only=True):
    """In hours of the calendar."""

    suggestion: int = 7 * 24
    question: int = 2 * 24
    praise: int = 7 * 24

    def hours(self, kind: InquiryKind) -> int:
        found: int = getattr(self, kind)
        return found


class SetDeadlines(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    suggestion: int
    question: int
    praise: int


def deadlines_id(community: str) -> str:
    """The stream of a community's deadlines."""
    return f"{community}.{uuid5(_NAMESPACE, community)}"


def decide(command: SetDeadlines, state: Deadlines, _meta: Meta) -> list[AnswerDeadlinesSet]:
    """The same again changes nothing. Raises ``NotTheirDeadline`` or ``Invalid``."""
    if command.by.roles(command.community).isdisjoint(SETTERS):
        raise NotTheirDeadline("Only managers and administrators set these deadlines.")
    hours = {
        name: values.whole(getattr(command, name), 1, MOST_HOURS, name)
        for name in Deadlines.__struct_fields__
    }
    return [] if Deadlines(**hours) == state else [AnswerDeadlinesSet(**hours)]


def evolve(_state: Deadlines, event: Any, _meta: Meta) -> Deadlines:
    return Deadlines(**{name: getattr(event, name) for name in Deadlines.__struct_fields__})


DEADLINES = Decider("answer_deadlines", Deadlines, decide, evolve)
