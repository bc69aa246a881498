"""What people want done about a quote. All but the first name the quote they mean."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.commands import Command
from services.workorders.orders.domain.quotes.values import QuoteLine


class PutQuote(Command, frozen=True, kw_only=True):
    """An open quote is replaced by it; an accepted one holds until this one is accepted."""

    name = "quote"
    payer: str
    lines: tuple[QuoteLine, ...]
    valid_until: datetime
    note: str | None = None


class AcceptQuote(Command, frozen=True, kw_only=True):
    name = "accept_quote"
    quote: int


class DeclineQuote(Command, frozen=True, kw_only=True):
    name = "decline_quote"
    quote: int
    reason: str | None = None


class WithdrawQuote(Command, frozen=True, kw_only=True):
    name = "withdraw_quote"
    quote: int


class LapseQuote(Command, frozen=True, kw_only=True):
    name = "lapse_quote"
    quote: int


AboutQuote = AcceptQuote | DeclineQuote | WithdrawQuote | LapseQuote
