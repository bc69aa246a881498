"""One row an order: when it was submitted, dispatched, repaired and accepted, and when it was open.

All times are those claimed (``occurred_at``), or the original ones of imported orders.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from shared.following.view import View, stream_of
from shared.messaging.envelope import Fact


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which work was outstanding; ``until`` None: it still is."""

    since: datetime
    until: datetime | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``technician``: who has it or did it last; None after a hand-back.

    ``accepted_at``: the acceptance that holds, so None again once reopened. ``redone``: how often
    it was rejected or reopened. ``spans``: when it was submitted or dispatched, in order; repaired
    work waits for its resident and is not open. ``closed_at``: when the last span ended.
    ``merged``: it is counted with the order that it was merged into. ``follows_up``: it was made
    because what was accepted did not last.
    """

    key: str
    community: str
    building: str | None
    category: str
    kind: str
    channel: str
    technician: str | None
    number: str
    imported: bool
    state: str
    submitted_at: datetime
    dispatched_at: datetime | None = None
    first_repaired_at: datetime | None = None
    last_repaired_at: datetime | None = None
    accepted_at: datetime | None = None
    repairs: int = 0
    redone: int = 0
    spans: tuple[Span, ...]
    closed_at: datetime | None = None
    merged: bool = False
    follows_up: bool = False


def evolve(row: Row | None, fact: Fact) -> Row | None:
    if fact.type in _NEW:
        return _NEW[fact.type](fact)
    return None if row is None else _CHANGES[fact.type](row, fact)


def _submitted(fact: Fact) -> Row | None:
    """A part of another order is counted there."""
    if (fact.data.get("origin") or {}).get("relation") == "part_of":
        return None
    return _row(fact, submitted_at=fact.occurred_at, state="submitted")


def _imported(fact: Fact) -> Row:
    data = fact.data
    submitted_at = datetime.fromisoformat(data["submitted_at"])
    row = _row(fact, submitted_at=submitted_at, state=data["state"], imported=True)
    if data["state"] != "repaired":
        return row
    closed_at = data["closed_at"] and datetime.fromisoformat(data["closed_at"])
    row = replace(row, first_repaired_at=closed_at, last_repaired_at=closed_at, repairs=1)
    return _closed(row, closed_at or submitted_at)


def _row(fact: Fact, *, submitted_at: datetime, state: str, imported: bool = False) -> Row:
    data = fact.data
    return Row(
        key=fact.subject,
        community=fact.community,
        building=data["building"],
        category=data["category"],
        kind=data["kind"],
        channel=data["channel"],
        technician=None,
        number=data["number"],
        imported=imported,
        state=state,
        submitted_at=submitted_at,
        spans=(Span(since=submitted_at),),
        follows_up=(data.get("origin") or {}).get("relation") == "follows_up",
    )


def _dispatched(row: Row, fact: Fact) -> Row:
    return replace(
        row,
        state="dispatched",
        technician=fact.data["technician"],
        dispatched_at=row.dispatched_at or fact.occurred_at,
    )


def _handed_back(row: Row, _: Fact) -> Row:
    return replace(row, state="submitted", technician=None)


def _transferred(row: Row, fact: Fact) -> Row:
    return replace(row, technician=fact.data["technician"])


def _repaired(row: Row, fact: Fact) -> Row:
    done = replace(
        row,
        state="repaired",
        technician=fact.data["technician"],
        first_repaired_at=row.first_repaired_at or fact.occurred_at,
        last_repaired_at=fact.occurred_at,
        repairs=row.repairs + 1,
    )
    return _closed(done, fact.occurred_at)


def _accepted(row: Row, fact: Fact) -> Row:
    return replace(row, state="accepted", accepted_at=fact.occurred_at)


def _rated(row: Row, _: Fact) -> Row:
    return replace(row, state="rated")


def _again(row: Row, fact: Fact) -> Row:
    redone = replace(row, state="dispatched", accepted_at=None, redone=row.redone + 1)
    return _opened(redone, fact.occurred_at)


def _declined(row: Row, fact: Fact) -> Row:
    return _closed(replace(row, state="declined"), fact.occurred_at)


def _cancelled(row: Row, fact: Fact) -> Row:
    return _closed(replace(row, state="cancelled"), fact.occurred_at)


def _appealed(row: Row, fact: Fact) -> Row:
    again = replace(row, state="submitted", technician=None, merged=False)
    return _opened(again, fact.occurred_at)


def _merged(row: Row, fact: Fact) -> Row:
    return _closed(replace(row, state="declined", merged=True), fact.occurred_at)


def _unmerged(row: Row, fact: Fact) -> Row:
    """As if it had never been merged: its work was outstanding all the time."""
    spans = (*row.spans[:-1], replace(row.spans[-1], until=None))
    back = replace(row, state=fact.data["state"], technician=fact.data["technician"])
    return replace(back, spans=spans, closed_at=None, merged=False)


def _closed(row: Row, moment: datetime) -> Row:
    last = row.spans[-1]
    # claimed times may lie before the event before them; a span never ends before it begins
    ended = replace(last, until=max(last.since, moment))
    return replace(row, spans=(*row.spans[:-1], ended), closed_at=ended.until)


def _opened(row: Row, moment: datetime) -> Row:
    since = moment if row.closed_at is None else max(moment, row.closed_at)
    return replace(row, spans=(*row.spans, Span(since=since)), closed_at=None)


_NEW: dict[str, Callable[[Fact], Row | None]] = {
    "WorkOrderSubmitted": _submitted,
    "WorkOrderImported": _imported,
}
_CHANGES: dict[str, Callable[[Row, Fact], Row]] = {
    "WorkOrderDispatched": _dispatched,
    "WorkOrderHandedBack": _handed_back,
    "WorkOrderTransferred": _transferred,
    "WorkOrderRepaired": _repaired,
    "WorkOrderAccepted": _accepted,
    "WorkOrderRated": _rated,
    "WorkOrderRejected": _again,
    "WorkOrderReopened": _again,
    "WorkOrderDeclined": _declined,
    "WorkOrderCancelled": _cancelled,
    "WorkOrderAppealed": _appealed,
    "WorkOrderMerged": _merged,
    "WorkOrderUnmerged": _unmerged,
}


MILESTONES = View(
    name="milestones",
    build=2,
    follows="workorders",
    handles=dict.fromkeys((*_NEW, *_CHANGES), 1),
    row=Row,
    key=stream_of,
    evolve=evolve,
    indexes=(("community", "submitted_at"), ("closed_at",)),
)
