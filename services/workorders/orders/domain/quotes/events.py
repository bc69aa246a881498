"""What happened to the quotes of an order."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.order_event import ActorsText, OrderEvent
from services.workorders.orders.domain.quotes.values import Payer, QuoteLine


class WorkOrderQuoted(OrderEvent, frozen=True, kw_only=True):
    """Quote number ``quote`` of this order: ``lines`` come to ``total_fen``, for ``payer`` to pay.

    It lapses at ``valid_until``. ``replaces``: the number of the open one that it takes the place
    of. Work waits for the answer.
    """

    quote: int
    payer: Payer
    lines: tuple[QuoteLine, ...]
    total_fen: int
    valid_until: datetime
    replaces: int | None
    note: ActorsText


class WorkOrderQuoteAccepted(OrderEvent, frozen=True, kw_only=True):
    """``payer`` will pay what is charged, up to ``total_fen``."""

    quote: int
    payer: Payer
    total_fen: int


class WorkOrderQuoteDeclined(OrderEvent, frozen=True, kw_only=True):
    quote: int
    payer: Payer
    total_fen: int
    reason: ActorsText


class WorkOrderQuoteWithdrawn(OrderEvent, frozen=True, kw_only=True):
    quote: int
    payer: Payer
    total_fen: int


class WorkOrderQuoteLapsed(OrderEvent, frozen=True, kw_only=True):
    """Nobody answered until ``valid_until``."""

    quote: int
    payer: Payer
    total_fen: int
    valid_until: datetime


EVENTS: dict[str, tuple[int, type]] = {
    "WorkOrderQuoted": (1, WorkOrderQuoted),
    "WorkOrderQuoteAccepted": (1, WorkOrderQuoteAccepted),
    "WorkOrderQuoteDeclined": (1, WorkOrderQuoteDeclined),
    "WorkOrderQuoteWithdrawn": (1, WorkOrderQuoteWithdrawn),
    "WorkOrderQuoteLapsed": (1, WorkOrderQuoteLapsed),
}
