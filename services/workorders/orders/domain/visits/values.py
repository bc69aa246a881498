"""Windows of time in which a technician comes, and how far it is with one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from msgspec import Struct

from services.workorders.orders.domain import values

VisitState = Literal["offered", "agreed", "kept", "missed", "cancelled"]
VISIT_STATES: tuple[VisitState, ...] = get_args(VisitState)

MOST_WINDOWS = 6
SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FURTHEST = timedelta(days=90)


class Window(Struct, frozen=True, kw_only=True):
    starts: datetime
    ends: datetime


class Obstacle(Struct, frozen=True, kw_only=True):
    """Why a technician cannot come in a window. ``number``: of the order whose visit they have."""

    why: Literal["booked", "on_leave", "off_shift"]
    number: str | None = None


class SeenVisit(Struct, frozen=True, kw_only=True):
    """The agreed visit, as it was held against the time of the technician who is to have it."""

    window: Window
    obstacle: Obstacle | None = None


class Visit(Struct, frozen=True, kw_only=True):
    """``offer`` counts the offers of one order. ``windows``: on offer; empty once one was agreed.

    ``window``: the one agreed last. ``kept``: the technician came, whether one was agreed or not.
    ``reminded``: both sides were reminded of the one that is agreed.
    """

    offer: int
    state: VisitState
    windows: tuple[Window, ...] = ()
    window: Window | None = None
    reminded: bool = False


def window(given: Window, now: datetime, field: str) -> Window:
    """A window still to come, in UTC. Raises ``Invalid`` that names the part that is wrong."""
    for name in ("starts", "ends"):
        if getattr(given, name).utcoffset() is None:
            raise values.invalid(f"{field}{name}", "Give the time with its offset from UTC.")
    if given.ends <= given.starts:
        raise values.invalid(f"{field}ends", "It ends before it starts.")
    if not SHORTEST <= given.ends - given.starts <= LONGEST:
        raise values.invalid(f"{field}ends", "A visit takes from 15 minutes to 12 hours.")
    if given.starts <= now:
        raise values.invalid(f"{field}starts", "This time is over.")
    if given.starts > now + FURTHEST:
        raise values.invalid(f"{field}starts", f"At most {FURTHEST.days} days from now.")
    return Window(starts=given.starts.astimezone(UTC), ends=given.ends.astimezone(UTC))


def windows(given: Sequence[Window], now: datetime) -> tuple[Window, ...]:
    """Windows of one offer, the earliest first. Raises ``Invalid``, also where two overlap."""
    if not 1 <= len(given) <= MOST_WINDOWS:
        raise values.invalid("windows", f"Give 1 to {MOST_WINDOWS} windows.")
    found = [window(each, now, f"windows.{at}.") for at, each in enumerate(given)]
    for at, one in enumerate(found):
        for other in found[:at]:
            if one.starts < other.ends and other.starts < one.ends:
                raise values.invalid(f"windows.{at}.starts", "It overlaps another window.")
    return tuple(sorted(found, key=lambda each: each.starts))
