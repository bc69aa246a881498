"""One row an order: the last quote put for it. No text of anybody's, so nothing to seal."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``open``: it waits for its answer, unless it has lapsed. ``merged``: its order is."""

    key: str
    community: str
    building: str | None
    unit: str | None
    number: str
    kind: str
    category: str
    accepter: str | None
    quote: int
    payer: str
    answerer: str
    total_fen: int
    put_at: datetime
    valid_until: datetime
    open: bool
    merged: bool = False


ENDING = (
    "WorkOrderQuoteAccepted",
    "WorkOrderQuoteDeclined",
    "WorkOrderQuoteWithdrawn",
    "WorkOrderQuoteLapsed",
    "WorkOrderCancelled",
    "WorkOrderDeclined",
)
_ALIKE = ("building", "unit", "number", "kind", "category", "accepter", "quote", "payer")


def key(fact: Fact) -> str:
    return fact.subject


def evolve(row: Row | None, fact: Fact) -> Row | None:
    data = fact.data
    if fact.type == "WorkOrderQuoted":
        # of those that are older than committees, managers answered all but the owners'
        answerer = data.get("answerer") or ("resident" if data["payer"] == "owner" else "manager")
        return Row(
            key=fact.subject,
            community=fact.community,
            **{name: data[name] for name in _ALIKE},
            answerer=answerer,
            total_fen=data["total_fen"],
            put_at=fact.time,
            valid_until=datetime.fromisoformat(data["valid_until"]),
            open=True,
        )
    if row is None:
        return None
    match fact.type:
        case "WorkOrderMerged":
            return replace(row, merged=True)
        case "WorkOrderUnmerged":
            return replace(row, merged=False)
        case "WorkOrderQuoteAnswerObjected":
            return replace(row, open=row.open or data["quote"] == row.quote)
    return replace(row, open=False)


OPEN_QUOTES = View(
    name="open_quotes",
    build=1,
    follows="workorders",
    handles=dict.fromkeys(
        (
            "WorkOrderQuoted",
            "WorkOrderQuoteAnswerObjected",
            "WorkOrderMerged",
            "WorkOrderUnmerged",
            *ENDING,
        ),
        1,
    ),
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("community", "open"), ("accepter", "open")),
)
