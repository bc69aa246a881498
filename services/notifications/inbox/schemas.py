"""What comes in."""

from __future__ import annotations

from shared.schemas import Command, Flag, Id, Integer, Query


class MarkRead(Command):
    """A notification is read now, so there is no ``occurred_at``."""

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    id = Id(required=True)


class Inbox(Query):
    """``person``: the caller's own, if left out. ``cursor``: the ``next`` of the page before."""

    person = Id(load_default=None)
    unread = Flag(load_default=False)
    limit = Integer(minimum=1, maximum=200, load_default=50)
    cursor = Integer(minimum=1, load_default=None, allow_none=True)
