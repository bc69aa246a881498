"""The SLA clock once more, minute by minute: slow, plain, and without a line of the real one.

Times are whole minutes, aware. An event is ``(minute, name, detail)``: the detail is the priority
of "submitted" and "prioritised", the reason of "paused" ("deferred" says that itself), the first
and the last minute of the times "offered", the beginning of the visit "chosen", that and who
"moved" it, until when a quote holds that was "quoted", who answers it and its number, the number
of a quote of which an answer was "quote_taken" and until when they may object, the number of one
"confirmed" or "objected". A promise is ``(minutes, kind
of time)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
_EVER = datetime.min.replace(tzinfo=UTC)
Event = tuple[datetime, str, Any]
Promise = tuple[int, str] | None
# weekday (Monday is 0) or date to ("09:00", "12:00") pairs
Hours = Sequence[tuple[str, str]]


class Expected(NamedTuple):
    consumed: int
    due: datetime | None
    breached: bool
    over: bool


class WallClock:
    """Looks at the clock on the wall, each minute anew."""

    def __init__(self, zone: str, week: Mapping[int, Hours], days: Mapping[date, Hours]) -> None:
        self._zone = ZoneInfo(zone)
        self._week = week
        self._days = days
        self.working = cache(self._working)

    def _working(self, minute: datetime) -> bool:
        wall = minute.astimezone(self._zone)
        hours = self._days.get(wall.date(), self._week.get(wall.weekday(), ()))
        shown = wall.strftime("%H:%M")
        return any(start <= shown < end for start, end in hours)


class _Stopwatch:
    def __init__(self) -> None:
        self.consumed = 0
        self.passed: dict[int, datetime] = {}
        self.due: datetime | None = None
        self.promise: Promise = None
        self.end = datetime.min.replace(tzinfo=UTC)
        self.closed_by: str | None = None

    def look(self, minute: datetime, promise: Promise) -> None:
        """The promise as it is at the beginning of this minute."""
        before, self.promise = self.promise, promise
        if promise is None:
            self.due = None
        elif before != promise:
            if self.consumed < promise[0]:
                self.due = None
            elif self.due is None:
                self.due = minute
            elif before is not None and promise[0] > before[0]:
                self.due = self.passed[promise[0]]

    def tick(self, minute: datetime) -> None:
        self.consumed += 1
        self.passed[self.consumed] = minute + MINUTE
        if self.promise is not None and self.due is None and self.consumed >= self.promise[0]:
            self.due = minute + MINUTE


def expected(
    events: Sequence[Event],
    wall: WallClock,
    promise_of: Callable[[str, str], Promise],
    stopping: Mapping[str, frozenset[str]],
    at: datetime,
) -> dict[tuple[str, int], Expected]:
    """By (target, number of the run): what the clock must say. ``promise_of(target, priority)``.

    ``stopping``: by target, what stops it: the reasons of pauses, "deferred", "visit", "quote".
    """
    watches: dict[tuple[str, int], _Stopwatch] = {}
    order = _Order()
    # how all stood when it was merged into another; meanwhile it is watched as if it were not
    set_aside: tuple[dict[tuple[str, int], _Stopwatch], _Order] | None = None
    queue = list(events)
    minute = events[0][0]
    while True:
        while queue and queue[0][0] <= minute:
            _, name, detail = queue.pop(0)
            if name == "merged":
                set_aside = deepcopy((watches, order))
                _stop(set_aside[0], name, minute)
                continue
            if name == "unmerged":
                set_aside = None
                continue
            if set_aside is not None:
                (watches, order), set_aside = set_aside, None
            order.take(name, detail)
            for key in order.waits_for():
                watch = watches.setdefault(key, _Stopwatch())
                watch.look(minute, promise_of(key[0], order.priority))
                watch.closed_by = None
            for key, watch in watches.items():
                if key not in order.waits_for() and watch.closed_by is None:
                    watch.closed_by, watch.end = name, minute
        if minute >= at:
            break
        for key in order.waits_for():
            promise = watches[key].promise
            if order.stands(minute) & stopping[key[0]] or promise is None:
                continue
            if promise[1] == "calendar" or wall.working(minute):
                watches[key].tick(minute)
        minute += MINUTE
    if set_aside is not None:
        watches, order = set_aside
    return {
        key: _said(
            watch,
            wall,
            at,
            lambda minute, stops=stopping[key[0]]: bool(order.stands(minute) & stops),
        )
        for key, watch in watches.items()
    }


def _stop(watches: Mapping[tuple[str, int], _Stopwatch], name: str, minute: datetime) -> None:
    for watch in watches.values():
        if watch.closed_by is None:
            watch.closed_by, watch.end = name, minute


class _Order:
    """What the resident still waits for."""

    def __init__(self) -> None:
        self.state = "none"
        self.priority = "normal"
        self.pause: str | None = None
        self.offered: tuple[datetime, datetime] | None = None
        self.agreed: datetime | None = None
        # number and until when, of what is waited for and of the last one put
        self.quoted: tuple[int, datetime | None] | None = None
        self.asked: tuple[int, datetime | None] | None = None
        self.absent = False
        self.arrived = False
        self.opened = self.repairs = 0

    def take(self, name: str, detail: Any) -> None:
        if name in ("submitted", "prioritised"):
            self.priority = detail or self.priority
        if name in ("paused", "deferred"):
            self.pause = detail
        elif name not in ("prioritised", "reminded", "rated", *_BESIDE):
            self.pause = None
        self._agree(name, detail)
        if name in ("submitted", "reopened"):
            self.opened, self.arrived = self.opened + 1, False
        if name in ("started", "repaired"):
            self.arrived = True
        if name == "repaired":
            self.repairs += 1
        self.state = _AFTER.get(name, self.state)

    def _agree(self, name: str, detail: Any) -> None:
        """What resident and company have agreed on, or have still to."""
        match name:
            case "offered":
                first, last = detail
                # who was not at home is waited for at once
                self.offered = (_EVER if self.absent else first), last
                self.agreed = None
            case "chosen":
                self.offered, self.agreed = None, detail
            case "moved":
                starts, by = detail
                if by == "resident":
                    self.agreed = starts
                elif self.agreed is not None:
                    # the resident waits no longer for that than they wanted to
                    self.agreed = min(self.agreed, starts)
            case "quoted":
                until, payer, number = detail
                self.asked = number, until if payer != "company" else None
                self.quoted = number, self.asked[1]
            case "quote_accepted" | "quote_declined" | "quote_withdrawn" | "quote_lapsed":
                self.quoted = None
            case "quote_taken":
                number, until = detail
                self.quoted = number, until
            case "confirmed":
                if self.quoted is not None and self.quoted[0] == detail:
                    self.quoted = None
            case "objected":
                if self.asked is not None and self.asked[0] == detail:
                    self.quoted = self.asked
            case "missed" | "called_off" | "started" | "repaired":
                self.offered = self.agreed = None
            case "declined" | "cancelled":
                self.offered = self.agreed = self.quoted = None
        if name in _NOT_ABSENT or name == "missed":
            self.absent = name == "missed"

    def stands(self, minute: datetime) -> frozenset[str]:
        """What there is in this minute that may stop a clock."""
        found = {self.pause} if self.pause is not None else set()
        if self.agreed is not None and minute < self.agreed:
            found.add("visit")
        if self.offered is not None and self.offered[0] <= minute < self.offered[1]:
            found.add("visit")
        if self.quoted is not None and self.quoted[1] is not None and minute < self.quoted[1]:
            found.add("quote")
        return frozenset(found)

    def waits_for(self) -> list[tuple[str, int]]:
        found = []
        if self.state == "submitted":
            found.append(("respond", 1))
        if self.state in ("submitted", "dispatched"):
            found.append(("repair", self.opened))
            if not self.arrived:
                found.append(("arrive", self.opened))
        if self.state == "repaired":
            found.append(("accept", self.repairs))
        return found


def _said(
    watch: _Stopwatch, wall: WallClock, at: datetime, stopped: Callable[[datetime], bool]
) -> Expected:
    over = watch.closed_by is not None
    end = watch.end if over else at
    due = watch.due
    void = watch.closed_by in ("declined", "cancelled", "merged")
    if due is None and watch.promise is not None and not void and (over or not stopped(at)):
        due = _onwards(watch, wall, end, (lambda _: False) if over else stopped)
    return Expected(watch.consumed, due, due is not None and end > due, over)


_NOT_ABSENT = ("chosen", "called_off", "started", "repaired", "declined", "cancelled")
# of these none ends a pause
_BESIDE = (
    *("offered", "chosen", "moved", "missed", "called_off"),
    *("quote_taken", "confirmed", "objected"),
    *("quoted", "quote_accepted", "quote_declined", "quote_withdrawn", "quote_lapsed"),
)
_AFTER = {
    "submitted": "submitted",
    "dispatched": "dispatched",
    "handed_back": "submitted",
    "transferred": "dispatched",
    "repaired": "repaired",
    "accepted": "accepted",
    "rejected": "dispatched",
    "declined": "declined",
    "appealed": "submitted",
    "cancelled": "cancelled",
    "reopened": "dispatched",
}


def _onwards(
    watch: _Stopwatch, wall: WallClock, start: datetime, stopped: Callable[[datetime], bool]
) -> datetime:
    """When it would be used up if all went on as it is."""
    promise: Any = watch.promise
    left, minute = promise[0] - watch.consumed, start
    while left > 0:
        if not stopped(minute) and (promise[1] == "calendar" or wall.working(minute)):
            left -= 1
        minute += MINUTE
    return minute
