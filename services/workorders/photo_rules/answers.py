"""What goes out about photo rules."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.vocabulary import KINDS
from shared.schemas import Answer, Choice, Flag, Page, Text, Written


class PhotoRuleDone(Written):
    pass


class PhotoRule(Answer):
    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    before = Flag(required=True)
    after = Flag(required=True)


class PhotoRules(Page):
    """Every category, whether it takes any or not."""

    rules = fields.List(fields.Nested(PhotoRule), required=True)
