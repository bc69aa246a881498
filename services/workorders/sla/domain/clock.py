"""The clock: how much of each target an order has used, when it is due, and why.

``clock`` is a function of the order's events, a calendar and the targets; nothing else enters. The
rules are written for people in docs/sla.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from services.workorders.orders.domain.vocabulary import HOLD_REASONS, HoldReason
from services.workorders.sla.domain import waits
from services.workorders.sla.domain.calendar import Calendar, Timetable
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.reaching import share_reached, used_up
from services.workorders.sla.domain.runs import NOTHING, Interval, Run, RunState, Why
from services.workorders.sla.domain.targets import Targets, stops
from services.workorders.sla.domain.waits import WAIT_REASONS, StopReason
from services.workorders.sla.domain.walking import Draft, Span, drafts


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
        _run(draft, stops(targets, draft.target), timetable, at)
        for draft in drafts(events, targets, at)
    )


def reached(run: Run, percent: int, calendar: Calendar) -> datetime | None:
    """When ``percent`` of the limit was or will be used up, should all stay as it is.

    None where nobody can tell: a pause stops it, or there is no limit, or it is over.
    """
    return share_reached(run, percent, Timetable(calendar))


def _run(draft: Draft, stopping: Collection[str], timetable: Timetable, at: datetime) -> Run:
    end = at if draft.closed_at is None else draft.closed_at
    intervals = tuple(_merged(_intervals(draft.spans, stopping, timetable, end)))
    last = [span for span in draft.spans if span.start <= end and span.why is None][-1]
    stopped = _stopped(last, stopping)
    state: RunState
    if draft.closed_at is not None:
        state = "ended" if draft.ended else "met"
    elif last.limit is None:
        state = "off"
    else:
        state = "running" if stopped is None else "paused"
    # a pause has no end that is known
    foreseen = state == "running" or (state == "paused" and stopped in WAIT_REASONS)
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
        paused=_paused(intervals),
        stopped_by=stopped if state == "paused" else None,
        ahead=waits.ahead(draft.waiting, stopping, end) if foreseen else (),
    )
    # while something stops it nothing is due, but what was late already stays late
    due = used_up(run, 100) if state == "paused" else share_reached(run, 100, timetable)
    return replace(run, due=due, breached=due is not None and end > due)


def _stopped(span: Span, stopping: Collection[str]) -> StopReason | None:
    return next((reason for reason in span.reasons if reason in stopping), None)


def _paused(intervals: Iterable[Interval]) -> dict[str, timedelta]:
    found: dict[str, timedelta] = {}
    for each in intervals:
        reason = each.reason if each.why == "paused" else each.why
        if reason is not None and (each.why == "paused" or each.why in WAIT_REASONS):
            found[reason] = found.get(reason, NOTHING) + each.length
    return found


def _intervals(
    spans: Sequence[Span], stopping: Collection[str], timetable: Timetable, end: datetime
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
        why, reason = _why(span, stopping)
        counts = why in ("running", "pause_counts")
        if promise.time == "calendar":
            yield Interval(
                start=span.start,
                end=until,
                counted=counts,
                why=why,
                reason=reason,
                limit=promise,
            )
            continue
        for each in timetable.slices(span.start, until):
            yield Interval(
                start=each.start,
                end=each.end,
                counted=each.working and counts,
                why=each.why or why,
                reason=reason if each.working else None,
                name=each.name,
                limit=promise,
            )


def _why(span: Span, stopping: Collection[str]) -> tuple[Why, HoldReason | None]:
    """Whether this time counts and why, and of a pause its reason."""
    stopped = _stopped(span, stopping)
    hold = next((one for one in span.reasons if one in HOLD_REASONS), None)
    match stopped:
        case "waiting_for_quote" | "waiting_for_visit":
            return stopped, None
        case None:
            return ("running" if hold is None else "pause_counts"), hold
    return "paused", stopped


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
