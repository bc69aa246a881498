"""What goes out about following."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.vocabulary import KINDS, STATES
from shared.schemas import Answer, Choice, Flag, Id, Items, Moment, Page, Text, Written

MOST_FOLLOWED = 200


class Followed(Written):
    """``id``: the order's. ``version``: of its list of followers."""

    following = Flag(required=True)


class Outline(Answer):
    """What anybody of the community may see of an order: nobody's name, words or door."""

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    submitted_at = Moment(required=True)


class FollowedOrders(Page):
    """What the caller follows."""

    orders = Items(fields.Nested(Outline), MOST_FOLLOWED, required=True)
