"""What happened about the visits of an order. ``zone``: in which people there read the times."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.order_event import ActorsText, OrderEvent
from services.workorders.orders.domain.visits.values import Window
from services.workorders.orders.domain.vocabulary import Spoken


class WorkOrderVisitsOffered(OrderEvent, frozen=True, kw_only=True):
    """Offer number ``offer`` of this order: one of ``windows`` is to be chosen."""

    offer: int
    windows: tuple[Window, ...]
    zone: str


class WorkOrderVisitChosen(OrderEvent, frozen=True, kw_only=True):
    """``channel``: how the resident said it, where staff took it down."""

    offer: int
    starts: datetime
    ends: datetime
    zone: str
    channel: Spoken | None = None


class WorkOrderVisitMoved(OrderEvent, frozen=True, kw_only=True):
    """From the window agreed before to another, which is agreed now.

    ``requested``: staff moved it because the resident asked them to.
    """

    starts: datetime
    ends: datetime
    from_starts: datetime
    from_ends: datetime
    zone: str
    reason: ActorsText
    requested: bool = False


class WorkOrderVisitMissed(OrderEvent, frozen=True, kw_only=True):
    """The technician came, and nobody was there."""

    starts: datetime
    ends: datetime
    zone: str
    note: ActorsText


class WorkOrderVisitCancelled(OrderEvent, frozen=True, kw_only=True):
    """The agreed visit was called off before it began; none is agreed now."""

    starts: datetime
    ends: datetime
    zone: str
    reason: ActorsText


class WorkOrderVisitReminded(OrderEvent, frozen=True, kw_only=True):
    """Both sides were reminded of the visit, the day before it."""

    starts: datetime
    ends: datetime
    zone: str


EVENTS: dict[str, tuple[int, type]] = {
    "WorkOrderVisitsOffered": (1, WorkOrderVisitsOffered),
    "WorkOrderVisitChosen": (1, WorkOrderVisitChosen),
    "WorkOrderVisitMoved": (1, WorkOrderVisitMoved),
    "WorkOrderVisitMissed": (1, WorkOrderVisitMissed),
    "WorkOrderVisitCancelled": (1, WorkOrderVisitCancelled),
    "WorkOrderVisitReminded": (1, WorkOrderVisitReminded),
}
