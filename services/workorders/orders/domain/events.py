"""What happened to a work order. Who and when stand in the meta, the community in the stream id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta as Within

from services.workorders.orders.domain.aftercare import STANDARD, Aftercare
from services.workorders.orders.domain.choice import Choice
from services.workorders.orders.domain.deferral import WorkOrderDeferred
from services.workorders.orders.domain.links import Origin
from services.workorders.orders.domain.order_event import ActorsText
from services.workorders.orders.domain.order_event import OrderEvent as OrderEvent
from services.workorders.orders.domain.quotes import events as quotes
from services.workorders.orders.domain.quotes.values import Payer
from services.workorders.orders.domain.visits import events as visits
from services.workorders.orders.domain.vocabulary import (
    AccepterKind,
    Activity,
    Channel,
    DeclineReason,
    Kind,
    Material,
    PauseReason,
    Priority,
    State,
)
from shared.privacy.personal import Personal

Stars = Annotated[int, Within(ge=1, le=5)]


class WorkOrderSubmitted(OrderEvent, frozen=True, kw_only=True):
    """``id`` is the stream id. ``taken_by`` is who took it down for the reporter, else null.

    ``author`` is whose words the description is: the reporter, or the actor where there is none.
    ``origin``: what the order came from. ``aftercare``: the hours that hold for it, whatever is
    said later.
    """

    id: str
    accepter_kind: AccepterKind
    channel: Channel
    taken_by: str | None
    author: str
    description: Annotated[str | None, Personal("author")]
    photos: tuple[str, ...] = ()
    priority: Priority = "normal"
    origin: Origin | None = None
    aftercare: Aftercare = STANDARD


class WorkOrderImported(OrderEvent, frozen=True, kw_only=True):
    """History of another system: ``status`` is its own word, ``state`` what it means here.

    ``submitted_at`` and ``closed_at`` are the original times. What is imported has no accepter, so
    it is never accepted and never rated.
    """

    id: str
    channel: Channel
    source: str
    source_id: str
    submitted_at: datetime
    closed_at: datetime | None
    status: str
    state: State
    description: ActorsText


class WorkOrderPrioritised(OrderEvent, frozen=True, kw_only=True):
    """From ``from_priority`` to ``priority``."""

    priority: Priority
    from_priority: Priority


class WorkOrderDispatched(OrderEvent, frozen=True, kw_only=True):
    """``technician`` is the one now assigned.

    ``choice``: why them, where it was not a dispatcher who said so.
    """

    choice: Choice | None = None


class WorkOrderStarted(OrderEvent, frozen=True, kw_only=True):
    pass


class WorkOrderPaused(OrderEvent, frozen=True, kw_only=True):
    reason: PauseReason
    note: ActorsText


class WorkOrderResumed(OrderEvent, frozen=True, kw_only=True):
    """``activity`` is what was interrupted by the pause and goes on now."""

    activity: Activity


class WorkOrderHandedBack(OrderEvent, frozen=True, kw_only=True):
    reason: ActorsText


class WorkOrderTransferred(OrderEvent, frozen=True, kw_only=True):
    """From ``from_technician`` to ``technician``."""

    from_technician: str
    reason: ActorsText


class WorkOrderRepaired(OrderEvent, frozen=True, kw_only=True):
    """``minutes`` of labour; ``charge_fen`` is for ``payer`` to pay once it is accepted.

    ``photos``: of the finished work; ``photos_before``: of how it was found. ``signature``: a
    picture of what somebody there signed, who saw the work; it is no acceptance. Unless somebody
    answers, its accepter is reminded after ``remind_hours``.
    """

    notes: ActorsText
    minutes: int
    materials: tuple[Material, ...]
    charge_fen: int
    photos: tuple[str, ...]
    photos_before: tuple[str, ...] = ()
    signature: str | None = None
    payer: Payer = "owner"
    remind_hours: int = STANDARD.remind_hours


class WorkOrderAccepted(OrderEvent, frozen=True, kw_only=True):
    """``charge_fen`` sums the charges of all repairs since the acceptance before.

    ``payer`` pays them; the owner alone gets a bill.

    ``checked``: a member of staff looked at the work, not the resident. That is no satisfaction and
    no reason to bill. ``note`` and ``signature``: what they found and what somebody there signed,
    of a check alone.
    """

    charge_fen: int
    checked: bool
    note: ActorsText = None
    signature: str | None = None
    payer: Payer = "owner"


class WorkOrderRejected(OrderEvent, frozen=True, kw_only=True):
    reason: ActorsText


class WorkOrderDeclined(OrderEvent, frozen=True, kw_only=True):
    """``duplicate_of`` is the other order's id, set for the reason ``duplicate`` alone."""

    reason: DeclineReason
    note: ActorsText
    duplicate_of: str | None


class WorkOrderAppealed(OrderEvent, frozen=True, kw_only=True):
    text: ActorsText


class WorkOrderRated(OrderEvent, frozen=True, kw_only=True):
    """Stars from 1 to 5, overall and, where given, for speed and attitude."""

    stars: Stars
    speed: Stars | None
    attitude: Stars | None
    comment: ActorsText


class WorkOrderRatingAnswered(OrderEvent, frozen=True, kw_only=True):
    """What staff say to the rating. ``revised``: it takes the place of what they said before."""

    text: ActorsText
    revised: bool


class WorkOrderCancelled(OrderEvent, frozen=True, kw_only=True):
    pass


class WorkOrderReopened(OrderEvent, frozen=True, kw_only=True):
    reason: ActorsText


class WorkOrderReminded(OrderEvent, frozen=True, kw_only=True):
    """The accepter was asked to look at the repair; staff do after ``check_hours`` more."""

    check_hours: int = STANDARD.check_hours


class WorkOrderCheckRequested(OrderEvent, frozen=True, kw_only=True):
    """The accepter was reminded and did not answer: a member of staff is to look at the work.

    ``repairers``: everybody who ever repaired it, so is not to check it.
    """

    repairers: tuple[str, ...]


class WorkOrderSubOrderAdded(OrderEvent, frozen=True, kw_only=True):
    """It takes another trade as well: the order ``sub_order`` is a part of it.

    ``description``: what is to be done there, in the words of who added it.
    """

    sub_order: str
    sub_number: str
    sub_kind: Kind
    sub_category: str
    description: ActorsText
    priority: Priority


class WorkOrderSubOrderFinished(OrderEvent, frozen=True, kw_only=True):
    """``sub_state``: how that sub-order ended; ``sub_technician``: who repaired it, if anybody.

    ``left``: how many others are still to be finished.
    """

    sub_order: str
    sub_number: str
    sub_state: State
    sub_technician: str | None
    left: int


class WorkOrderMerged(OrderEvent, frozen=True, kw_only=True):
    """It is about the same as the order ``into``, and is seen to there."""

    into: str
    into_number: str


class WorkOrderUnmerged(OrderEvent, frozen=True, kw_only=True):
    """It is not about the same as ``into``: it is back where it was, as if never merged.

    ``visit_lost``: but for its visit: its technician cannot come at that time any more.
    """

    into: str
    into_number: str
    state: State
    activity: Activity
    visit_lost: bool = False


EVENTS: dict[str, tuple[int, type]] = {
    "WorkOrderSubmitted": (1, WorkOrderSubmitted),
    "WorkOrderImported": (1, WorkOrderImported),
    "WorkOrderPrioritised": (1, WorkOrderPrioritised),
    "WorkOrderDispatched": (1, WorkOrderDispatched),
    "WorkOrderStarted": (1, WorkOrderStarted),
    "WorkOrderPaused": (1, WorkOrderPaused),
    "WorkOrderResumed": (1, WorkOrderResumed),
    "WorkOrderHandedBack": (1, WorkOrderHandedBack),
    "WorkOrderTransferred": (1, WorkOrderTransferred),
    "WorkOrderRepaired": (1, WorkOrderRepaired),
    "WorkOrderAccepted": (1, WorkOrderAccepted),
    "WorkOrderRejected": (1, WorkOrderRejected),
    "WorkOrderDeclined": (1, WorkOrderDeclined),
    "WorkOrderAppealed": (1, WorkOrderAppealed),
    "WorkOrderRated": (1, WorkOrderRated),
    "WorkOrderRatingAnswered": (1, WorkOrderRatingAnswered),
    "WorkOrderCancelled": (1, WorkOrderCancelled),
    "WorkOrderReopened": (1, WorkOrderReopened),
    "WorkOrderReminded": (1, WorkOrderReminded),
    "WorkOrderCheckRequested": (1, WorkOrderCheckRequested),
    "WorkOrderSubOrderAdded": (1, WorkOrderSubOrderAdded),
    "WorkOrderSubOrderFinished": (1, WorkOrderSubOrderFinished),
    "WorkOrderMerged": (1, WorkOrderMerged),
    "WorkOrderUnmerged": (1, WorkOrderUnmerged),
    **quotes.EVENTS,
    **visits.EVENTS,
    "WorkOrderDeferred": (1, WorkOrderDeferred),
}

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
