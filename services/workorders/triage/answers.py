"""What goes out of a look at a report."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.dispatching.domain.events import MODES
from services.workorders.followers.answers import Outline
from services.workorders.incidents.answers import Incident
from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.sla.domain.targets import TARGETS
from services.workorders.triage.domain import LIKELY, PRIORITIES
from shared.schemas import Answer, Choice, Id, Integer, Items, Moment, Page, Text

MOST_SHOWN = 5


class Category(Answer):
    """``words``: those that speak for it. ``score``: its share of all that matched, in percent."""

    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    score = Integer(minimum=0, maximum=100, required=True)
    words = fields.List(Text(100), required=True)


class Priority(Answer):
    """``words``: those that speak for it; none where nothing speaks for another than normal."""

    priority = Choice(PRIORITIES, required=True)
    words = fields.List(Text(100), required=True)


class Alike(Outline):
    """``score``: how likely it is about the same, in percent."""

    score = Integer(minimum=LIKELY, maximum=100, required=True)


def _likely() -> Items:
    return Items(fields.Nested(Alike), MOST_SHOWN, required=True)


class Promise(Answer):
    """By when, if it were reported now, and is of normal priority."""

    target = Choice(TARGETS, required=True)
    due = Moment(required=True)


class Suggested(Page):
    """The likeliest first. ``incidents``: the open ones that this would be about.

    ``mode``: how it would find its technician, and ``promises``, by the chosen category or else the
    likeliest; None and none without either.
    """

    categories = fields.List(fields.Nested(Category), required=True)
    priority = fields.Nested(Priority, required=True)
    duplicates = _likely()
    incidents = fields.List(fields.Nested(Incident), required=True)
    mode = Choice(MODES, required=True, allow_none=True)
    promises = fields.List(fields.Nested(Promise), required=True)


class Duplicates(Page):
    """The likeliest first."""

    id = Id(required=True)
    duplicates = _likely()
