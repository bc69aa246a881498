"""What comes in about comments."""

from __future__ import annotations

from services.workorders.orders.schemas import LONG
from shared.schemas import Command, Flag, Id, Query, Text


class Comment(Command):
    """``id``: the order's. ``internal``: among staff alone."""

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    id = Id(required=True)
    text = Text(LONG, required=True)
    internal = Flag(load_default=False)


class OfOrder(Query):
    id = Id(required=True)
