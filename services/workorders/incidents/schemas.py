"""What comes in about incidents."""

from __future__ import annotations

from services.workorders.dispatching.schemas import community
from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.orders.schemas import SHORT
from shared.schemas import Choice, Command, Flag, Id, Items, Moment, Query, Text

MOST_BUILDINGS = 200


class OpenIncident(Command):
    """``notice``: what people are told about it."""

    community = community()
    kind = Choice(KINDS, load_default="repair")
    category = Text(40, required=True)
    buildings = Items(Id(required=True), MOST_BUILDINGS, minimum=1, required=True)
    notice = Text(SHORT, required=True)
    expected_end = Moment(load_default=None, allow_none=True)


class AnswerIncident(Command):
    """``notice``: what there is to say now, in place of what was said before."""

    id = Id(required=True)
    notice = Text(SHORT, required=True)
    expected_end = Moment(load_default=None, allow_none=True)


class CloseIncident(Command):
    id = Id(required=True)


class OneIncident(Query):
    id = Id(required=True)


class Incidents(Query):
    """``open``: only those that are not over."""

    community = community()
    open = Flag(load_default=True)
