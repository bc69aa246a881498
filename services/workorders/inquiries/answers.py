"""What goes out about inquiries."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.inquiries.domain.events import INQUIRY_KINDS, INQUIRY_STATES
from services.workorders.orders.domain.vocabulary import CHANNELS
from services.workorders.orders.schemas import LONG, MOST_PHOTOS
from shared.schemas import (
    Answer,
    Choice,
    Done,
    Flag,
    Id,
    Integer,
    Items,
    Moment,
    Page,
    Text,
    Written,
)

_MOST_ROWS = 200


class InquiryDone(Done):
    """``number``: what people call the inquiry."""

    id = Id(required=True)
    number = Text(30, required=True)
    state = Choice(INQUIRY_STATES, required=True)


class Converted(InquiryDone):
    """With the order that it became."""

    order = Id(required=True)
    order_number = Text(30, required=True)


class _Keys(Answer):
    """``due_at``: by when it is to be answered. ``overdue``: that is past, and it is open."""

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(INQUIRY_KINDS, required=True)
    state = Choice(INQUIRY_STATES, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    reporter = Text(100, required=True, allow_none=True)
    submitted_at = Moment(required=True)
    due_at = Moment(required=True)
    overdue = Flag(required=True)
    answered_at = Moment(required=True, allow_none=True)
    order = Id(required=True, allow_none=True)
    order_number = Text(30, required=True, allow_none=True)
    version = Integer(minimum=1, required=True)


class InquiryRow(_Keys):
    """``escalated``: superiors were told that nobody had answered."""

    community = Text(32, required=True)
    escalated = Flag(required=True)


class Inquiries(Page):
    """The newest first. ``next``: the ``cursor`` of the next page; None after the last."""

    inquiries = Items(fields.Nested(InquiryRow), _MOST_ROWS, required=True)
    next = Text(200, required=True, allow_none=True)


class Inquiry(_Keys, Page):
    """``text`` and ``answer``: None where forgotten. ``allowed``: what the caller may do now."""

    channel = Choice(CHANNELS, required=True)
    taken_by = Text(100, required=True, allow_none=True)
    text = Text(LONG, required=True, allow_none=True)
    photos = Items(Text(200), MOST_PHOTOS, required=True)
    escalated_at = Moment(required=True, allow_none=True)
    answered_by = Text(100, required=True, allow_none=True)
    answer = Text(LONG, required=True, allow_none=True)
    allowed = Items(Text(40), 10, required=True)
    log = Text(40, required=True)


class DeadlinesSet(Written):
    """Of the community."""


class AnswerDeadlines(Page):
    """Hours of the calendar, a kind each."""

    suggestion = Integer(minimum=1, required=True)
    question = Integer(minimum=1, required=True)
    praise = Integer(minimum=1, required=True)
