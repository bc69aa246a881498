"""What goes out: the figures all together, and by group with the group's dimensions beside them."""

from __future__ import annotations

from marshmallow import fields

from services.analytics.schemas import Dimensions, Period
from shared.schemas import Answer, Integer


def _mean() -> fields.Float:
    return fields.Float(required=True, allow_none=True)


class Figures(Answer):
    """Means to 2 decimals, shares to 4; None where there is nothing. ``distribution``: of 1 to 5
    stars.
    """

    count = Integer(minimum=0, required=True)
    mean = _mean()
    distribution = fields.Dict(keys=fields.String(), values=Integer(minimum=0), required=True)
    share_of_4_and_5 = _mean()
    mean_speed = _mean()
    mean_attitude = _mean()
    accepted = Integer(minimum=0, required=True)
    answered = Integer(minimum=0, required=True)
    response_rate = _mean()


class Group(Figures, Dimensions):
    """Those of one group."""


class Satisfaction(Period):
    total = fields.Nested(Figures, required=True)
    groups = fields.List(fields.Nested(Group), required=True)
