"""What comes in."""

from __future__ import annotations

from services.workorders.board.domain import LANES
from services.workorders.orders.domain.vocabulary import KINDS
from shared.schemas import Choice, Flag, Id, Integer, Items, Moment, Query, Text

COMMUNITY = r"[a-z][a-z0-9-]{1,31}"
MOST_NAMED = 200


def _community() -> Text:
    return Text(
        32,
        pattern=COMMUNITY,
        hint="A community's short name is expected, such as lakeside.",
        load_default=None,
    )


class Board(Query):
    """``mine``: what the caller took down, dispatched, reported or works on.

    ``check_due``: what staff are to check in place of an accepter who does not answer.
    ``before``: submitted before that moment. ``number``, ``units`` and ``people`` widen each other:
    an order is shown where its number has this text, its unit is one of these, or somebody of these
    reported it, accepts it or works on it. ``clock``: whose promise is that far; of so many open
    orders no more than the oldest 2000 are looked at. ``limit``: orders a lane.
    """

    community = _community()
    building = Id(load_default=None)
    kind = Choice(KINDS, load_default=None)
    category = Text(100, load_default=None)
    technician = Id(load_default=None)
    lanes = Items(Choice(LANES), len(LANES), load_default=lambda: list(LANES))
    before = Moment(load_default=None)
    mine = Flag(load_default=False)
    check_due = Flag(load_default=False)
    number = Text(30, load_default=None)
    units = Items(Id(), MOST_NAMED, load_default=list)
    people = Items(Id(), MOST_NAMED, load_default=list)
    clock = Choice(("overdue", "at_risk"), load_default=None, allow_none=True)
    limit = Integer(minimum=0, maximum=200, load_default=50)


class Loads(Query):
    community = _community()
