"""What goes out about canned answers."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.canned_answers.domain import LANGUAGES, MOST_KEPT, USES
from services.workorders.orders.domain.vocabulary import KINDS, STATES
from services.workorders.orders.schemas import SHORT
from shared.schemas import Answer, Choice, Id, Items, Page, Text, Written


class CannedAnswerDone(Written):
    answer = Id(required=True)


class Wording(Answer):
    language = Choice(LANGUAGES, required=True)
    text = Text(SHORT, required=True)


class CannedAnswer(Answer):
    """``kind``, ``category``, ``state`` None: for every one."""

    answer = Id(required=True)
    use = Choice(USES, required=True)
    kind = Choice(KINDS, required=True, allow_none=True)
    category = Text(40, required=True, allow_none=True)
    state = Choice(STATES, required=True, allow_none=True)
    wordings = Items(fields.Nested(Wording), len(LANGUAGES), minimum=1, required=True)


class CannedAnswers(Page):
    canned_answers = Items(fields.Nested(CannedAnswer), MOST_KEPT, required=True)
