"""What people want done about a quote. All but the first name the quote they mean."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.commands import Command
from services.workorders.orders.domain.quotes.values import Answerer, QuoteLine


class PutQuote(Command, frozen=True, kw_only=True):
    """An open quote is replaced by it; an accepted one holds until this one is accepted.

    ``committee``: the place has an owners' committee. ``others``: as whom people of the place other
    than the one who puts it could answer.
    """

    name = "quote"
    payer: str
    lines: tuple[QuoteLine, ...]
    valid_until: datetime
    note: str | None = None
    committee: bool = False
    others: tuple[Answerer, ...] = ()


class AcceptQuote(Command, frozen=True, kw_only=True):
    name = "accept_quote"
    quote: int


class DeclineQuote(Command, frozen=True, kw_only=True):
    name = "decline_quote"
    quote: int
    reason: str | None = None


class AcceptQuoteFor(Command, frozen=True, kw_only=True):
    """The resident said yes: by ``channel``, ``said_at`` then."""

    name = "accept_quote_for"
    quote: int
    channel: str
    said_at: datetime | None = None
    note: str | None = None


class DeclineQuoteFor(Command, frozen=True, kw_only=True):
    """The resident said no."""

    name = "decline_quote_for"
    quote: int
    channel: str
    said_at: datetime | None = None
    note: str | None = None
    reason: str | None = None


class ConfirmAnswer(Command, frozen=True, kw_only=True):
    """The resident did say that."""

    name = "confirm_quote_answer"
    quote: int


class ObjectToAnswer(Command, frozen=True, kw_only=True):
    """The resident did not say that, or not so."""

    name = "object_to_quote_answer"
    quote: int
    reason: str | None = None


class WithdrawQuote(Command, frozen=True, kw_only=True):
    name = "withdraw_quote"
    quote: int


class LapseQuote(Command, frozen=True, kw_only=True):
    name = "lapse_quote"
    quote: int


SaidForThem = AcceptQuoteFor | DeclineQuoteFor
AboutTaken = ConfirmAnswer | ObjectToAnswer
AboutQuote = AcceptQuote | DeclineQuote | SaidForThem | WithdrawQuote | LapseQuote
