"""What goes out of a look at a report."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.followers.answers import Outline
from services.workorders.incidents.answers import Incident
from shared.schemas import Answer, Id, Integer, Page, Text


class Category(Answer):
    """``words``: those that speak for it. ``score``: 0 to 100."""

    kind = Text(20, required=True)
    category = Text(100, required=True)
    score = Integer(minimum=0, required=True)
    words = fields.List(Text(100), required=True)


class Alike(Outline):
    score = Integer(minimum=0, required=True)


class Suggested(Page):
    """The likeliest first."""

    categories = fields.List(fields.Nested(Category), required=True)
    priority = fields.Dict(required=True)
    duplicates = fields.List(fields.Nested(Alike), required=True)
    incidents = fields.List(fields.Nested(Incident), required=True)


class Duplicates(Page):
    id = Id(required=True)
    duplicates = fields.List(fields.Nested(Alike), required=True)
