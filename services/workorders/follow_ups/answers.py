"""What goes out about follow-ups."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.follow_ups.domain.events import OUTCOMES, REASONS
from services.workorders.follow_ups.domain.follow_up import MOST_ATTEMPTS
from services.workorders.follow_ups.schemas import MOST_LISTED
from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.orders.schemas import LONG
from shared.schemas import Answer, Choice, Flag, Id, Integer, Items, Moment, Page, Text, Written


class RulesSet(Written):
    edition = Integer(minimum=0, required=True)


class Rules(Page):
    """``edition`` 0: nobody set any."""

    edition = Integer(minimum=0, required=True)
    low_stars = Integer(minimum=0, maximum=5, required=True)
    checked = Flag(required=True)
    percent = Integer(minimum=0, maximum=100, required=True)
    within_hours = Integer(minimum=1, maximum=720, required=True)


class Recorded(Written):
    """``id``: the order's. ``version``: of its follow-ups. ``open``: another try is due."""

    open = Flag(required=True)
    attempts = Integer(minimum=0, maximum=MOST_ATTEMPTS, required=True)


class FollowUp(Answer):
    """``id``: the order's. ``recorded_at`` and what follows it: of the last try, if any."""

    id = Id(required=True)
    community = Text(32, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    accepter = Text(100, required=True, allow_none=True)
    technician = Text(100, required=True, allow_none=True)
    reason = Choice(REASONS, required=True)
    stars = Integer(minimum=1, maximum=5, required=True, allow_none=True)
    due_at = Moment(required=True)
    overdue = Flag(required=True)
    open = Flag(required=True)
    attempts = Integer(minimum=0, maximum=MOST_ATTEMPTS, required=True)
    recorded_at = Moment(required=True, allow_none=True)
    recorded_by = Text(100, required=True, allow_none=True)
    outcome = Choice(OUTCOMES, required=True, allow_none=True)
    satisfied = Flag(required=True, allow_none=True)
    reopened = Flag(required=True)


class FollowUps(Page):
    follow_ups = Items(fields.Nested(FollowUp), MOST_LISTED, required=True)


class Try(Answer):
    """``notes``: None where there are none or who wrote them was forgotten."""

    at = Moment(required=True)
    by = Text(100, required=True)
    outcome = Choice(OUTCOMES, required=True)
    satisfied = Flag(required=True, allow_none=True)
    notes = Text(LONG, required=True, allow_none=True)
    reopened = Flag(required=True)


class Round(Answer):
    """One follow-up. ``dropped``: the order was opened again before anybody asked."""

    round = Integer(minimum=1, required=True)
    asked_at = Moment(required=True)
    reason = Choice(REASONS, required=True)
    stars = Integer(minimum=1, maximum=5, required=True, allow_none=True)
    due_at = Moment(required=True)
    open = Flag(required=True)
    dropped = Flag(required=True)
    tries = Items(fields.Nested(Try), MOST_ATTEMPTS, required=True)


class OfOrder(Page):
    """The oldest first. ``may_record``: whether the caller may record the one that is due."""

    id = Id(required=True)
    version = Integer(minimum=0, required=True)
    may_record = Flag(required=True)
    follow_ups = fields.List(fields.Nested(Round), required=True)
