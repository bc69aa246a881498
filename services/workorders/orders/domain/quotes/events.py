"""What happened to the quotes of an order."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.order_event import ActorsText, OrderEvent
from services.workorders.orders.domain.quotes.values import (
    Answered,
    Answerer,
    Payer,
    QuoteLine,
)
from services.workorders.orders.domain.vocabulary import Spoken


class WorkOrderQuoted(OrderEvent, frozen=True, kw_only=True):
    """Quote number ``quote`` of this order: ``lines`` come to ``total_fen``, for ``payer`` to pay.

    It lapses at ``valid_until``. ``replaces``: the number of the open one that it takes the place
    of. Work waits for the answer. ``answerer``: who is to give it; for the fund a manager only
    where the place has no owners' committee.
    """

    quote: int
    payer: Payer
    lines: tuple[QuoteLine, ...]
    total_fen: int
    valid_until: datetime
    replaces: int | None
    note: ActorsText
    answerer: Answerer | None = None


class QuoteAnswered(OrderEvent, frozen=True, kw_only=True):
    """``answerer``: as whom it was answered.

    ``said_by``: the resident who said it to the actor by ``channel``, ``said_at`` then; they may
    object until ``objection_until``. Of answers that they gave on their own page these are null.
    """

    quote: int
    payer: Payer
    total_fen: int
    answerer: Answerer | None = None
    said_by: str | None = None
    said_at: datetime | None = None
    channel: Spoken | None = None
    note: ActorsText = None
    objection_until: datetime | None = None


class WorkOrderQuoteAccepted(QuoteAnswered, frozen=True, kw_only=True):
    """``payer`` will pay what is charged, up to ``total_fen``."""


class WorkOrderQuoteDeclined(QuoteAnswered, frozen=True, kw_only=True):
    reason: ActorsText


class WorkOrderQuoteAnswerConfirmed(OrderEvent, frozen=True, kw_only=True):
    """The resident did say what staff took down: it cannot be objected to any more."""

    quote: int
    answered: Answered


class WorkOrderQuoteAnswerObjected(OrderEvent, frozen=True, kw_only=True):
    """The resident did not say what staff took down: the quote waits for its answer again, and
    what held before it holds again.
    """

    quote: int
    answered: Answered
    reason: ActorsText


class WorkOrderQuoteWithdrawn(OrderEvent, frozen=True, kw_only=True):
    quote: int
    payer: Payer
    total_fen: int
    answerer: Answerer | None = None


class WorkOrderQuoteLapsed(OrderEvent, frozen=True, kw_only=True):
    """Nobody answered until ``valid_until``."""

    quote: int
    payer: Payer
    total_fen: int
    valid_until: datetime
    answerer: Answerer | None = None


EVENTS: dict[str, tuple[int, type]] = {
    "WorkOrderQuoted": (1, WorkOrderQuoted),
    "WorkOrderQuoteAccepted": (1, WorkOrderQuoteAccepted),
    "WorkOrderQuoteDeclined": (1, WorkOrderQuoteDeclined),
    "WorkOrderQuoteAnswerConfirmed": (1, WorkOrderQuoteAnswerConfirmed),
    "WorkOrderQuoteAnswerObjected": (1, WorkOrderQuoteAnswerObjected),
    "WorkOrderQuoteWithdrawn": (1, WorkOrderQuoteWithdrawn),
    "WorkOrderQuoteLapsed": (1, WorkOrderQuoteLapsed),
}
