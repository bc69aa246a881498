"""The clock: how much of each target an order has used, when it is due, and why.

``clock`` is a function of the order's events, a calendar and the targets; nothing else enters. The
rules are written for people in docs/sla.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain.vocabulary import HoldReason
from services.workorders.sla.domain.calendar import Calendar, Closed, Timetable
from services.workorders.sla.domain.happenings import DEFAULT_PRIORITY, RELEVANT, Happening
from services.workorders.sla.domain.targets import TARGETS, Limit, Target, Targets, limit

NOTHING = timedelta(0)

RunState = Literal["running", "paused", "met", "ended", "off"]
Held = Literal["assigned", "awaiting_acceptance", "declined", "cancelled", "merged"]
Why = Literal["running", "pause_counts", "paused", "no_target"] | Held | Closed
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
# whatever a community says of pauses
_DEFERRED: HoldReason = "deferred"
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


class Interval(Struct, frozen=True, kw_only=True):
    """A stretch of a run, and whether it counted and why.

    ``reason`` is the pause's, ``name`` the special day's; ``limit`` is the promise then in force.
    """

    start: datetime
    end: datetime
    counted: bool
    why: Why
    reason: HoldReason | None = None
    name: str | None = None
    limit: Limit | None = None

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class Run(Struct, frozen=True, kw_only=True):
    """One target of one order, from its start until it is met; a reopened order runs anew.

    ``due``: when ``limit`` is used up; None while a pause stops it, and without a limit. Of a run
    that is over: when it would have been. ``breached``: it was not met at ``due``. ``end``: when it
    was met or ended, else the moment asked about. ``paused``: what each reason kept from counting.
    ``stopped_by``: the reason of the pause it is in.
    """

    target: Target
    number: int
    state: RunState
    start: datetime
    end: datetime
    limit: Limit | None
    consumed: timedelta
    due: datetime | None
    breached: bool
    intervals: tuple[Interval, ...]
    paused: dict[str, timedelta]
    stopped_by: HoldReason | None = None

    @property
    def open(self) -> bool:
        return self.state in ("running", "paused")

    @property
    def remaining(self) -> timedelta | None:
        """Negative: that much too late, in the target's kind of time."""
        return None if self.limit is None else self.limit.amount - self.consumed


class _Span(NamedTuple):
    """From ``start`` until the next one, this was so: ``why`` None means that time could count."""

    start: datetime
    why: Held | None
    reason: HoldReason | None
    limit: Limit | None


class _Draft:
    """A run as it is walked through."""

    def __init__(self, target: Target, number: int) -> None:
        self.target = target
        self.number = number
        self.spans: list[_Span] = []
        self.closed_at: datetime | None = None
        self.ended = False


def clock(
    events: Iterable[Happening], calendar: Calendar, targets: Targets, at: datetime
) -> tuple[Run, ...]:
    """The runs of an order as of ``at`` (aware), in the order of ``TARGETS`` and of their starts.

    Events come as the stream has them. A time claimed to be before that of an earlier event counts
    as that one: nobody starts before being sent. Events after ``at`` are not looked at, nor are
    those that do not concern the clock.
    """
    timetable = Timetable(calendar)
    return tuple(
        _run(draft, (*targets.stopping, _DEFERRED), timetable, at)
        for draft in _drafts(events, targets, at)
    )


def reached(run: Run, percent: int, calendar: Calendar) -> datetime | None:
    """When ``percent`` of the limit was or will be used up, should all stay as it is.

    None where nobody can tell: a pause stops it, or there is no limit, or it is over.
    """
    return _reached(run, percent, Timetable(calendar))


# -- walking through the events --------------------------------------------------------------------


def _drafts(events: Iterable[Happening], targets: Targets, at: datetime) -> list[_Draft]:
    drafts: dict[Target, list[_Draft]] = {target: [] for target in TARGETS}
    priority = DEFAULT_PRIORITY
    reason: HoldReason | None = None
    part = False
    for event, moment in _standing(events, at):
        part = part or event.part
        priority = event.priority or priority
        if event.type in _PAUSES:
            reason = event.reason
        elif event.type in _UNPAUSE:
            reason = None
        for target in TARGETS:
            if part and target == "accept":
                continue
            promise = limit(
                targets, target, kind=event.kind, category=event.category, priority=priority
            )
            _step(drafts[target], target, event.type, moment, reason, promise)
    return [draft for target in TARGETS for draft in drafts[target]]


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
    drafts: list[_Draft],
    target: Target,
    name: str,
    at: datetime,
    reason: HoldReason | None,
    promise: Limit | None,
) -> None:
    action = ACTIONS[target].get(name)
    if action == "start":
        drafts.append(_Draft(target, len(drafts) + 1))
    if not drafts:
        return
    draft = drafts[-1]
    if action in ("meet", "end") and draft.closed_at is None:
        draft.closed_at, draft.ended = at, action == "end"
    elif action == "go_on" or (action == "go_on_if_ended" and draft.ended):
        draft.closed_at, draft.ended = None, False
    if draft.closed_at is None:
        draft.spans.append(_Span(at, None, reason, promise))
    elif name in _HELD and action is not None:
        draft.spans.append(_Span(at, _HELD[name], None, promise))


# -- laying the calendar on ------------------------------------------------------------------------


def _run(draft: _Draft, stopping: Sequence[HoldReason], timetable: Timetable, at: datetime) -> Run:
    end = at if draft.closed_at is None else draft.closed_at
    intervals = tuple(_merged(_intervals(draft.spans, stopping, timetable, end)))
    last = [span for span in draft.spans if span.start <= end and span.why is None][-1]
    paused: dict[str, timedelta] = {}
    for each in intervals:
        if each.why == "paused" and each.reason is not None:
            paused[each.reason] = paused.get(each.reason, NOTHING) + each.length
    state: RunState
    if draft.closed_at is not None:
        state = "ended" if draft.ended else "met"
    elif last.limit is None:
        state = "off"
    else:
        state = "paused" if last.reason in stopping else "running"
    run = Run(
        target=draft.target,
        number=draft.number,
        state=state,
        start=draft.spans[0].start,
        end=end,
        limit=last.limit,
        consumed=sum((each.length for each in intervals if each.counted), NOTHING),
        due=None,
        breached=False,
        intervals=intervals,
        paused=paused,
        stopped_by=last.reason if state == "paused" else None,
    )
    due = _reached(run, 100, timetable)
    return replace(run, due=due, breached=due is not None and end > due)


def _intervals(
    spans: Sequence[_Span], stopping: Sequence[HoldReason], timetable: Timetable, end: datetime
) -> Iterable[Interval]:
    for index, span in enumerate(spans):
        until = min(spans[index + 1].start if index + 1 < len(spans) else end, end)
        if span.start >= until:
            continue
        promise = span.limit
        if span.why is not None or promise is None:
            yield Interval(
                start=span.start,
                end=until,
                counted=False,
                why=span.why or "no_target",
                limit=promise,
            )
            continue
        stopped = span.reason in stopping
        why: Why = "paused" if stopped else "running" if span.reason is None else "pause_counts"
        if promise.time == "calendar":
            yield Interval(
                start=span.start,
                end=until,
                counted=not stopped,
                why=why,
                reason=span.reason,
                limit=promise,
            )
            continue
        for each in timetable.slices(span.start, until):
            yield Interval(
                start=each.start,
                end=each.end,
                counted=each.working and not stopped,
                why=each.why or why,
                reason=span.reason if each.working else None,
                name=each.name,
                limit=promise,
            )


def _merged(intervals: Iterable[Interval]) -> Iterable[Interval]:
    """Neighbours that are alike made one."""
    before: Interval | None = None
    for each in intervals:
        if before is not None and replace(before, start=each.start, end=each.end) == each:
            before = replace(before, end=each.end)
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before


def _reached(run: Run, percent: int, timetable: Timetable) -> datetime | None:
    """A stricter promise is broken at the earliest when it is made; a milder one is judged as if it
    had held all along, for the stricter one did.
    """
    found: datetime | None = None
    before: Limit | None = None
    consumed = NOTHING
    for each in run.intervals:
        if each.why not in _HELD.values():
            if each.limit is None:
                found = before = None
            elif before is None or each.limit != before:
                share = _share(each.limit, percent)
                if consumed < share:
                    found = None
                elif found is None:
                    found = each.start
                elif before is not None and share > _share(before, percent):
                    found = _crossing(run.intervals, share)
                before = each.limit
        if before is not None and found is None and each.counted:
            share = _share(before, percent)
            if consumed + each.length >= share:
                found = each.start + (share - consumed)
        if each.counted:
            consumed += each.length
    if run.limit is None:
        return None
    share = _share(run.limit, percent)
    if run.limit != before:
        # the promise was changed at the very end, so no interval has it yet
        if before is not None and found is not None and consumed >= share:
            return found if share <= _share(before, percent) else _crossing(run.intervals, share)
        found = run.end if consumed >= share else None
    if found is None and run.state in ("running", "met"):
        left = share - consumed
        return run.end + left if run.limit.time == "calendar" else timetable.after(run.end, left)
    return found


def _share(promise: Limit, percent: int) -> timedelta:
    return promise.amount * percent / 100


def _crossing(intervals: Sequence[Interval], share: timedelta) -> datetime:
    consumed = NOTHING
    for each in intervals:
        if each.counted:
            if consumed + each.length >= share:
                return each.start + (share - consumed)
            consumed += each.length
    raise AssertionError("less was used up than that")
