"""What comes in about quotes, and what goes out."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.quotes.values import (
    ANSWERERS,
    LINE_KINDS,
    MOST_LINES,
    PAYERS,
    QUOTE_STATES,
)
from services.workorders.orders.domain.values import MAX_FEN, MAX_QUANTITY
from services.workorders.orders.domain.vocabulary import KINDS, SPOKEN
from services.workorders.orders.schemas import SHORT, OnOrder
from shared.schemas import (
    Answer,
    Choice,
    Fen,
    Flag,
    Id,
    Integer,
    Items,
    Moment,
    Page,
    Query,
    Schema,
    Text,
)


class QuoteLine(Schema):
    kind = Choice(LINE_KINDS, required=True)
    what = Text(100, required=True)
    quantity = Integer(minimum=1, maximum=MAX_QUANTITY, required=True)
    unit_fen = Integer(minimum=0, maximum=MAX_FEN, required=True)


class PutQuote(OnOrder):
    payer = Choice(PAYERS, required=True)
    lines = Items(fields.Nested(QuoteLine), MOST_LINES, minimum=1, required=True)
    valid_until = Moment(required=True)
    note = Text(SHORT, load_default=None, allow_none=True)


class AboutQuote(OnOrder):
    """``quote``: the number of the one that is meant, so that no other is answered by mistake."""

    quote = Integer(minimum=1, required=True)


class DeclineQuote(AboutQuote):
    reason = Text(SHORT, load_default=None, allow_none=True)


class AcceptQuoteFor(AboutQuote):
    """What the resident said, by which ``channel``, and when: now, unless ``said_at`` is given."""

    channel = Choice(SPOKEN, required=True)
    said_at = Moment(load_default=None, allow_none=True)
    note = Text(SHORT, load_default=None, allow_none=True)


class DeclineQuoteFor(AcceptQuoteFor):
    reason = Text(SHORT, load_default=None, allow_none=True)


class TakenAnswer(Answer):
    """What staff took down. ``open``: it may still be objected to; from ``until`` on not."""

    quote = Integer(minimum=1, required=True)
    answer = Choice(("accepted", "declined"), required=True)
    said_by = Text(100, required=True)
    until = Moment(required=True)
    open = Flag(required=True)


class Quote(Answer):
    """A quote without its lines: those stand in its event. ``by`` put it. ``answerer``: who is to
    say yes or no.
    """

    number = Integer(minimum=1, required=True)
    payer = Choice(PAYERS, required=True)
    total_fen = Fen(required=True)
    valid_until = Moment(required=True)
    by = Text(100, required=True)
    state = Choice(QUOTE_STATES, required=True)
    answerer = Choice(ANSWERERS, required=True)


class QuotesAsked(Query):
    """What waits for the caller's yes or no."""


class WaitingQuote(Answer):
    """``id`` and ``number``: the order's; ``quote``: the number of the quote of it."""

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    quote = Integer(minimum=1, required=True)
    payer = Choice(PAYERS, required=True)
    answerer = Choice(ANSWERERS, required=True)
    total_fen = Fen(required=True)
    put_at = Moment(required=True)
    valid_until = Moment(required=True)


class WaitingQuotes(Page):
    """The one that lapses next first, at most 200."""

    quotes = fields.List(fields.Nested(WaitingQuote), required=True)
