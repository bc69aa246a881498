"""What happened to a bill. Who and when stand in the meta, the community in the stream id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from msgspec import Struct

from shared.privacy.personal import Personal

Method = Literal["cash", "wechat", "alipay", "card", "transfer"]
METHODS: tuple[Method, ...] = get_args(Method)


class BillEvent(Struct, frozen=True, kw_only=True):
    """The keys every event of a bill carries.

    ``order`` is the work order's id, ``payer`` a person's. All amounts are in fen (1/100 yuan).
    """

    number: str
    order: str
    order_number: str
    payer: str
    category: str
    building: str | None
    unit: str | None


class BillRaised(BillEvent, frozen=True, kw_only=True):
    """``id`` is the stream id; ``accepted_at`` when the payer accepted the work."""

    id: str
    amount_fen: int
    accepted_at: datetime


class BillPaid(BillEvent, frozen=True, kw_only=True):
    """``receipt``: the number of the paper or of the transaction, where there is one."""

    amount_fen: int
    method: Method
    receipt: str | None
    outstanding_fen: int


class BillSettled(BillEvent, frozen=True, kw_only=True):
    """Nothing is outstanding any more, and something was paid."""

    paid_fen: int


class BillVoided(BillEvent, frozen=True, kw_only=True):
    """What was still unpaid, ``amount_fen``, is not owed any more."""

    amount_fen: int
    reason: Annotated[str | None, Personal("@actor")]


EVENTS: dict[str, tuple[int, type]] = {
    "BillRaised": (1, BillRaised),
    "BillPaid": (1, BillPaid),
    "BillSettled": (1, BillSettled),
    "BillVoided": (1, BillVoided),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
