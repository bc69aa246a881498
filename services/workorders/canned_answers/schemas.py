"""What comes in about canned answers."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.canned_answers.domain import LANGUAGES, USES
from services.workorders.dispatching.schemas import community
from services.workorders.orders.domain.vocabulary import KINDS, STATES
from services.workorders.orders.schemas import SHORT
from shared.schemas import Choice, Command, Id, Items, Query, Schema, Text


class Wording(Schema):
    language = Choice(LANGUAGES, required=True)
    text = Text(SHORT, required=True)


class KeepCannedAnswer(Command):
    """``answer``: one kept before, that says something else now; left out, it is a new one."""

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    community = community()
    answer = Id(load_default=None, allow_none=True)
    use = Choice(USES, required=True)
    kind = Choice(KINDS, load_default=None, allow_none=True)
    category = Text(40, load_default=None, allow_none=True)
    state = Choice(STATES, load_default=None, allow_none=True)
    wordings = Items(fields.Nested(Wording), len(LANGUAGES), minimum=1, required=True)


class WithdrawCannedAnswer(Command):
    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    community = community()
    answer = Id(required=True)


class CannedAnswers(Query):
    """Those for such an order, the most fitting first."""

    community = community()
    use = Choice(USES, load_default=None)
    kind = Choice(KINDS, load_default=None)
    category = Text(100, load_default=None)
    state = Choice(STATES, load_default=None)
