"""What comes in about quotes, and what goes out."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.quotes.values import (
    LINE_KINDS,
    MOST_LINES,
    PAYERS,
    QUOTE_STATES,
)
from services.workorders.orders.domain.values import MAX_FEN, MAX_QUANTITY
from services.workorders.orders.schemas import SHORT, OnOrder
from shared.schemas import Answer, Choice, Fen, Integer, Items, Moment, Schema, Text


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


class Quote(Answer):
    """A quote without its lines: those stand in its event. ``by`` put it."""

    number = Integer(minimum=1, required=True)
    payer = Choice(PAYERS, required=True)
    total_fen = Fen(required=True)
    valid_until = Moment(required=True)
    by = Text(100, required=True)
    state = Choice(QUOTE_STATES, required=True)
