"""One row a bill, with all its payments and the ids that lead back to its order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec.structs import replace

from services.billing.bills.domain.events import EVENTS
from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact
from shared.privacy.personal import Personal


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """``paid_at`` is when the money came, ``by`` who booked it."""

    amount_fen: int
    method: str
    receipt: str | None
    paid_at: datetime
    by: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``position`` of the bill in the log: newer bills have higher ones.

    ``causation_id`` is the event that made the bill: the order's acceptance.
    """

    key: str
    community: str
    position: int
    number: str
    order_id: str
    order_number: str
    payer: str
    category: str
    building: str | None
    unit: str | None
    state: str
    amount_fen: int
    paid_fen: int
    voided_fen: int
    payments: tuple[Payment, ...]
    accepted_at: datetime
    raised_at: datetime
    settled_at: datetime | None
    voided_at: datetime | None
    voided_by: str | None
    void_reason: Annotated[str | None, Personal("voided_by")]
    version: int
    correlation_id: str
    causation_id: str | None

    @property
    def outstanding_fen(self) -> int:
        return self.amount_fen - self.paid_fen - self.voided_fen


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "BillRaised":
        return _raised(fact)
    if row is None:
        return None
    row = replace(row, version=fact.version)
    match fact.type:
        case "BillPaid":
            payment = Payment(
                amount_fen=data["amount_fen"],
                method=data["method"],
                receipt=data["receipt"],
                paid_at=fact.occurred_at,
                by=fact.actor,
            )
            return replace(
                row,
                paid_fen=row.paid_fen + payment.amount_fen,
                payments=(*row.payments, payment),
            )
        case "BillVoided":
            return replace(
                row,
                state="voided",
                voided_fen=row.voided_fen + data["amount_fen"],
                voided_at=fact.occurred_at,
                voided_by=fact.actor,
                void_reason=data["reason"],
            )
        case "BillSettled":
            return replace(row, state="settled", settled_at=fact.occurred_at)
    return row


def _raised(fact: Fact) -> Row:
    data = fact.data
    return Row(
        key=fact.subject,
        community=fact.community,
        position=fact.position,
        number=data["number"],
        order_id=data["order"],
        order_number=data["order_number"],
        payer=data["payer"],
        category=data["category"],
        building=data["building"],
        unit=data["unit"],
        state="open",
        amount_fen=data["amount_fen"],
        paid_fen=0,
        voided_fen=0,
        payments=(),
        accepted_at=datetime.fromisoformat(data["accepted_at"]),
        raised_at=fact.time,
        settled_at=None,
        voided_at=None,
        voided_by=None,
        void_reason=None,
        version=fact.version,
        correlation_id=fact.correlation_id,
        causation_id=fact.causation_id,
    )


BILLS = View(
    name="bills",
    build=1,
    follows="billing",
    handles={name: schema for name, (schema, _) in EVENTS.items()},
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("community", "position"), ("payer", "position"), ("order_id",)),
)
