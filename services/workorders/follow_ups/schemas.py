"""What comes in about follow-ups."""

from __future__ import annotations

from services.workorders.dispatching.schemas import community
from services.workorders.follow_ups.domain.events import OUTCOMES
from services.workorders.orders.schemas import LONG
from shared.schemas import Choice, Command, Flag, Id, Integer, Query, Text

MOST_LISTED = 200


class SetFollowUpRules(Command):
    """``low_stars``: ratings of so many or fewer; 0: none.

    ``percent``: of what residents accept.
    """

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    community = community()
    low_stars = Integer(minimum=0, maximum=5, required=True)
    checked = Flag(required=True)
    percent = Integer(minimum=0, maximum=100, required=True)
    within_hours = Integer(minimum=1, maximum=720, load_default=24)


class OfCommunity(Query):
    community = community()


class RecordFollowUp(Command):
    """``id``: the order's. ``satisfied``: where somebody was ``reached``. ``reopen``: the order."""

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    id = Id(required=True)
    outcome = Choice(OUTCOMES, required=True)
    satisfied = Flag(load_default=None, allow_none=True)
    notes = Text(LONG, load_default=None, allow_none=True)
    reopen = Flag(load_default=False)


class FollowUps(Query):
    """``open``: those that are due; else those that were made."""

    community = community(required=False)
    open = Flag(load_default=True)
    limit = Integer(minimum=1, maximum=MOST_LISTED, load_default=50)


class OfOrder(Query):
    id = Id(required=True)
