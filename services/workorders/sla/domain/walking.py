"""An order's events walked through: from when until when each of its targets ran, and what stopped
it meanwhile. No calendar enters yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from services.workorders.orders.domain.vocabulary import HoldReason
from services.workorders.sla.domain import waits
from services.workorders.sla.domain.happenings import DEFAULT_PRIORITY, RELEVANT, Happening
from services.workorders.sla.domain.runs import Held
from services.workorders.sla.domain.targets import TARGETS, Limit, Target, Targets, limit
from services.workorders.sla.domain.waits import StopReason, Wait, Waiting

Action = Literal["start", "meet", "go_on", "go_on_if_ended", "end"]

# What each event does to the run of a target. An event that is not named leaves it alone: a
# transfer, say, renews no promise.
ACTIONS: dict[Target, dict[str, Action]] = {
    "respond": {
        "WorkOrderSubmitted": "start",
        "WorkOrderDispatched": "meet",
        "WorkOrderHandedBack": "go_on",
        "WorkOrderDeclined": "end",
        "WorkOrderAppealed": "go_on",
        "WorkOrderCancelled": "end",
        "WorkOrderMerged": "end",
    },
    "arrive": {
        "WorkOrderSubmitted": "start",
        "WorkOrderStarted": "meet",
        "WorkOrderRepaired": "meet",
        "WorkOrderDeclined": "end",
        "WorkOrderAppealed": "go_on_if_ended",
        "WorkOrderCancelled": "end",
        "WorkOrderMerged": "end",
        "WorkOrderReopened": "start",
    },
    "repair": {
        "WorkOrderSubmitted": "start",
        "WorkOrderRepaired": "meet",
        "WorkOrderRejected": "go_on",
        "WorkOrderDeclined": "end",
        "WorkOrderAppealed": "go_on",
        "WorkOrderCancelled": "end",
        "WorkOrderMerged": "end",
        "WorkOrderReopened": "start",
    },
    "accept": {
        "WorkOrderRepaired": "start",
        "WorkOrderAccepted": "meet",
        "WorkOrderRejected": "meet",
    },
}
# why the time after these does not count, should the run go on later
_HELD: dict[str, Held] = {
    "WorkOrderDispatched": "assigned",
    "WorkOrderRepaired": "awaiting_acceptance",
    "WorkOrderDeclined": "declined",
    "WorkOrderCancelled": "cancelled",
    "WorkOrderMerged": "merged",
}
_PAUSES = frozenset({"WorkOrderPaused", "WorkOrderDeferred"})
# these end a pause: with the technician or the work the reason is gone
_UNPAUSE = frozenset(
    {
        "WorkOrderResumed",
        "WorkOrderHandedBack",
        "WorkOrderTransferred",
        "WorkOrderRepaired",
        "WorkOrderDeclined",
        "WorkOrderCancelled",
        "WorkOrderMerged",
    }
)
# a wait begins or ends, and nothing else happens
_EDGE = ""


class Span(NamedTuple):
    """From ``start`` until the next one, this was so: ``why`` None means that time could count.

    ``reasons``: what may stop it, the first one that does is named.
    """

    start: datetime
    why: Held | None
    reasons: tuple[StopReason, ...]
    limit: Limit | None


class Draft:
    """A run as it is walked through. ``waiting``: what is waited for at its end."""

    def __init__(self, target: Target, number: int) -> None:
        self.target = target
        self.number = number
        self.spans: list[Span] = []
        self.closed_at: datetime | None = None
        self.ended = False
        self.waiting: Waiting = ()


def drafts(events: Iterable[Happening], targets: Targets, at: datetime) -> list[Draft]:
    """The runs as of ``at``, in the order of ``TARGETS`` and of their starts."""
    found: dict[Target, list[Draft]] = {target: [] for target in TARGETS}
    priority = DEFAULT_PRIORITY
    hold: HoldReason | None = None
    waiting: Waiting = ()
    asked: Wait | None = None
    part = missed = False
    before: Happening | None = None
    moment = at

    def take(event: Happening, name: str, moment: datetime) -> None:
        reasons = (*(() if hold is None else (hold,)), *waits.active(waiting, moment))
        for target in TARGETS:
            if part and target == "accept":
                continue
            promise = limit(
                targets, target, kind=event.kind, category=event.category, priority=priority
            )
            _step(found[target], target, name, moment, reasons, promise)

    for event, following in _standing(events, at):
        if before is not None:
            for edge in waits.edges(waiting, moment, following):
                take(before, _EDGE, edge)
        before, moment = event, following
        part = part or event.part
        priority = event.priority or priority
        if event.type in _PAUSES:
            hold = event.reason
        elif event.type in _UNPAUSE:
            hold = None
        missed = waits.missed(event.type, missed)
        own = event.wait
        if event.type == "WorkOrderQuoted":
            asked = own
        elif event.type == "WorkOrderQuoteAnswerObjected" and own is not None:
            # of the last quote: it waits for its answer again
            own = asked if asked is not None and asked.quote == own.quote else None
        waiting = waits.after(waiting, event.type, own, moment, missed=missed)
        take(event, event.type, moment)
    if before is not None:
        for edge in (*waits.edges(waiting, moment, at), at):
            take(before, _EDGE, edge)
    for each in found.values():
        if each:
            each[-1].waiting = waiting
    return [draft for target in TARGETS for draft in found[target]]


def _standing(events: Iterable[Happening], at: datetime) -> list[tuple[Happening, datetime]]:
    """What has happened by ``at``, and when it counts from; a merge that was taken back has not."""
    found: list[tuple[Happening, datetime]] = []
    moment: datetime | None = None
    for event in events:
        if event.type not in RELEVANT:
            continue
        moment = event.at if moment is None else max(moment, event.at)
        if moment > at:
            break
        if event.type != "WorkOrderUnmerged":
            found.append((event, moment))
        elif found and found[-1][0].type == "WorkOrderMerged":
            found.pop()
    return found


def _step(
    drafts: list[Draft],
    target: Target,
    name: str,
    at: datetime,
    reasons: tuple[StopReason, ...],
    promise: Limit | None,
) -> None:
    action = ACTIONS[target].get(name)
    if action == "start":
        drafts.append(Draft(target, len(drafts) + 1))
    if not drafts:
        return
    draft = drafts[-1]
    if action in ("meet", "end") and draft.closed_at is None:
        draft.closed_at, draft.ended = at, action == "end"
    elif action == "go_on" or (action == "go_on_if_ended" and draft.ended):
        draft.closed_at, draft.ended = None, False
    if draft.closed_at is None:
        draft.spans.append(Span(at, None, reasons, promise))
    elif name in _HELD and action is not None:
        draft.spans.append(Span(at, _HELD[name], (), promise))
