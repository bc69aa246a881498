"""What comes in about photo rules."""

from __future__ import annotations

from services.workorders.dispatching.schemas import community
from services.workorders.orders.domain.vocabulary import KINDS
from shared.schemas import Choice, Command, Flag, Query, Text


class SetPhotoRule(Command):
    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    community = community()
    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    before = Flag(required=True)
    after = Flag(required=True)


class OfCommunity(Query):
    community = community()
