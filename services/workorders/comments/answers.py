"""What goes out about comments."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.workorders.comments.domain import Side
from services.workorders.orders.schemas import LONG
from shared.schemas import Answer, Choice, Flag, Id, Integer, Moment, Page, Text, Written


class Commented(Written):
    """``id``: the order's. ``version``: of its comments, or of those among staff."""


class Comment(Answer):
    """``text``: None where who wrote it was forgotten."""

    id = Text(100, required=True)
    at = Moment(required=True)
    by = Text(100, required=True)
    side = Choice(get_args(Side), required=True)
    internal = Flag(required=True)
    text = Text(LONG, required=True, allow_none=True)


class Comments(Page):
    """The oldest first; those among staff only for them. ``count``: of those told here."""

    id = Id(required=True)
    count = Integer(minimum=0, required=True)
    may_comment = Flag(required=True)
    may_comment_internally = Flag(required=True)
    comments = fields.List(fields.Nested(Comment), required=True)
