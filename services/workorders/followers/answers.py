"""What goes out about following."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import Answer, Flag, Id, Moment, Page, Text, Written


class Followed(Written):
    following = Flag(required=True)


class Outline(Answer):
    """What anybody of the community may see of an order: nobody's name, words or door."""

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Text(20, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    state = Text(40, required=True)
    submitted_at = Moment(required=True)


class FollowedOrders(Page):
    orders = fields.List(fields.Nested(Outline), required=True)
