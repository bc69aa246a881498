"""What goes out."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import Answer, Done, Integer, Items, Moment, Page, Text


class Read(Done):
    """``number``: of the order or bill told about."""

    number = Text(30, required=True)


class Notification(Answer):
    """``text``: in the ``language`` of its person. ``about``: the id of what it tells of."""

    id = Text(100, required=True)
    text = Text(4000, required=True)
    community = Text(32, required=True)
    person = Text(100, required=True)
    template = Text(60, required=True)
    params = fields.Dict(required=True)
    language = Text(10, required=True)
    about = Text(100, required=True)
    number = Text(30, required=True)
    posted_at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)
    correlation_id = Text(64, required=True)
    causation_id = Text(100, required=True, allow_none=True)


class Notifications(Page):
    """The newest first. ``unread``: of the whole inbox. ``next``: the ``cursor`` of the next
    page; None after the last.
    """

    notifications = Items(fields.Nested(Notification), 200, required=True)
    unread = Integer(minimum=0, required=True)
    next = Integer(minimum=1, required=True, allow_none=True)
