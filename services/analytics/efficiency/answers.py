"""What goes out: the figures all together, and by group with the group's dimensions beside them."""

from __future__ import annotations

from marshmallow import fields

from services.analytics.schemas import Dimensions, Period
from shared.schemas import Answer, Integer, Moment, Text


def _seconds() -> fields.Float:
    return fields.Float(required=True, allow_none=True)


def _count() -> Integer:
    return Integer(minimum=0, required=True)


class Times(Answer):
    """Percentiles in seconds; None where there is nothing."""

    count = _count()
    p50 = _seconds()
    p90 = _seconds()
    p95 = _seconds()


class Steps(Answer):
    """From one milestone to the next."""

    dispatch = fields.Nested(Times, required=True)
    repair = fields.Nested(Times, required=True)
    accept = fields.Nested(Times, required=True)


class Ages(Answer):
    """Days: ``from`` is inside, ``to`` is not; the last class has no end."""

    since = Integer(minimum=0, required=True, data_key="from")
    until = Integer(minimum=0, required=True, allow_none=True, data_key="to")
    count = _count()


class Backlog(Answer):
    """Ages in seconds. ``oldest``: the number of that order. ``ages``: how many are how old."""

    count = _count()
    age_p50 = _seconds()
    age_max = _seconds()
    oldest = Text(30, required=True, allow_none=True)
    ages = fields.List(fields.Nested(Ages), required=True)


class Figures(Answer):
    """Shares to 4 decimals; None where there is nothing.

    ``follow_ups``: orders made because what was accepted did not last. They are no rework of the
    old order, whose times and shares stay as they are.
    """

    count = _count()
    to_dispatch = fields.Nested(Times, required=True)
    to_first_repair = fields.Nested(Times, required=True)
    to_last_repair = fields.Nested(Times, required=True)
    to_accept = fields.Nested(Times, required=True)
    steps = fields.Nested(Steps, required=True)
    repaired = _count()
    first_time_fixed = _count()
    first_time_fix_share = fields.Float(required=True, allow_none=True)
    rework_share = fields.Float(required=True, allow_none=True)
    cancelled = _count()
    cancelled_share = fields.Float(required=True, allow_none=True)
    declined = _count()
    declined_share = fields.Float(required=True, allow_none=True)
    follow_ups = _count()
    follow_up_share = fields.Float(required=True, allow_none=True)
    backlog = fields.Nested(Backlog, required=True)


class Group(Figures, Dimensions):
    """Those of one group."""


class Efficiency(Period):
    """``at``: the moment of the backlog."""

    at = Moment(required=True)
    total = fields.Nested(Figures, required=True)
    groups = fields.List(fields.Nested(Group), required=True)
