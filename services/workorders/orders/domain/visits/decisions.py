"""What the events of visits say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.workorders.orders.domain.commands import Command, Dispatch, Grab, Transfer
from services.workorders.orders.domain.deferral import Defer
from services.workorders.orders.domain.permission import refuse, refuse_field, roles_at_place
from services.workorders.orders.domain.refusals import OrderRefused
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.values import invalid, one_of
from services.workorders.orders.domain.visits import commands as c
from services.workorders.orders.domain.visits import refusals as r
from services.workorders.orders.domain.visits import values as v
from services.workorders.orders.domain.vocabulary import SPOKEN, STAFF
from shared.eventlog.records import Meta

Details = dict[str, Any]


_AWAY: dict[str, type[OrderRefused]] = {
    "booked": r.VisitTaken,
    "on_leave": r.TechnicianOnLeave,
    "off_shift": r.TechnicianOffShift,
}


def check_technician(
    command: Dispatch | Transfer | Grab, state: Order, technician: str | None, meta: Meta
) -> None:
    """Whoever gets an order gets its agreed visit, and must be able to come then."""
    visit = state.visit
    if technician is None or visit is None or visit.state != "agreed":
        return
    seen = command.visit
    if seen is None or seen.window != visit.window:
        raise r.VisitNotSeen("Its visit was agreed or moved a moment ago: look at it again.")
    _check_free(seen.obstacle, command, state, meta, "technician")


def check_deferral(until: datetime, command: Defer, state: Order, meta: Meta) -> None:
    """Nobody is left waiting for a visit that is agreed."""
    agreed = state.visit_agreed
    if agreed is None or agreed.ends <= meta.time or agreed.starts >= until:
        return
    when = agreed.starts.astimezone(ZoneInfo(command.zone))
    begun = agreed.starts <= meta.time
    first = "move it first" if begun else "move it or call it off first"
    text = f"A visit is agreed for {when:%Y-%m-%d %H:%M}, before that date: {first}."
    raise refuse_field("until", r.VisitBeforeDate, state, command.by, meta.time, text)


def _check_date(window: v.Window, field: str, command: Command, state: Order, meta: Meta) -> None:
    if state.put_off_beyond(window):
        raise refuse_field(field, r.StillPutOff, state, command.by, meta.time)


def _check_free(
    obstacle: v.Obstacle | None,
    command: Command,
    state: Order,
    meta: Meta,
    field: str,
    free: str = "",
) -> None:
    """Residents learn that the time is taken and what is free; not where the technician is."""
    if obstacle is None:
        return
    why: type[OrderRefused] = r.VisitTaken
    text = why.text
    if roles_at_place(command, state) & STAFF:
        why = _AWAY[obstacle.why]
        text = why.text
        if obstacle.number is not None:
            text = f"The technician has a visit for {obstacle.number} at that time: choose another."
    elif free:
        text = f"{text} {free}"
    raise refuse_field(field, why, state, command.by, meta.time, text)


def _offer(command: c.OfferVisits, state: Order, _: object, meta: Meta) -> Details:
    windows = v.windows(command.windows, meta.time)
    for at, one in enumerate(command.windows):
        _check_date(one, f"windows.{at}.starts", command, state, meta)
    for at, obstacle in enumerate(command.obstacles):
        _check_free(obstacle, command, state, meta, f"windows.{at}.starts")
    return {
        "offer": 1 if state.visit is None else state.visit.offer + 1,
        "windows": windows,
        "zone": command.zone,
    }


def _choose(command: c.ChooseVisit, state: Order, _: object, meta: Meta) -> Details:
    visit = state.visit
    if visit is None or command.offer != visit.offer:
        raise refuse(r.OfferReplaced, state, command.by, meta.time)
    if not 1 <= command.window <= len(visit.windows):
        raise invalid("window", f"Give a whole number from 1 to {len(visit.windows)}.")
    chosen = visit.windows[command.window - 1]
    if chosen.ends <= meta.time:
        raise refuse(r.VisitOver, state, command.by, meta.time)
    _check_date(chosen, "window", command, state, meta)
    still = ", ".join(str(one) for one in command.free)
    free = f"Still free are the windows {still}." if still else "None of those offered is free."
    _check_free(command.obstacle, command, state, meta, "window", free)
    channel = command.channel
    if channel is not None:
        if command.by.person in (state.reporter, state.accepter):
            raise invalid("channel", "Leave this out; it is for staff who were told.")
        channel = one_of(channel, SPOKEN, "channel")
    return {"offer": visit.offer, **_of(chosen), "zone": command.zone, "channel": channel}


def _move(command: c.MoveVisit, state: Order, _: object, meta: Meta) -> Details:
    wanted = v.window(v.Window(starts=command.starts, ends=command.ends), meta.time, "")
    before = _agreed(command, state, meta)
    if wanted == before:
        raise refuse(r.SameVisit, state, command.by, meta.time)
    _check_date(wanted, "starts", command, state, meta)
    _check_free(command.obstacle, command, state, meta, "starts")
    moved_from = {"from_starts": before.starts, "from_ends": before.ends}
    said = {"reason": command.reason, "requested": command.requested}
    return {**_of(wanted), **moved_from, "zone": command.zone, **said}


def _miss(command: c.MissVisit, state: Order, _: object, meta: Meta) -> Details:
    return {**_of(_agreed(command, state, meta)), "zone": command.zone, "note": command.note}


def _cancel(command: c.CancelVisit, state: Order, _: object, meta: Meta) -> Details:
    return {**_of(_agreed(command, state, meta)), "zone": command.zone, "reason": command.reason}


def _remind(command: c.RemindVisit, state: Order, _: object, meta: Meta) -> Details:
    agreed = _agreed(command, state, meta)
    if agreed.starts != command.starts:
        raise refuse(r.VisitMovedSince, state, command.by, meta.time)
    if agreed.starts <= meta.time:
        raise refuse(r.VisitOver, state, command.by, meta.time)
    # the same time agreed anew has a timer of its own, beside the first one's
    if state.visit is not None and state.visit.reminded:
        raise refuse(r.VisitReminded, state, command.by, meta.time)
    return {**_of(agreed), "zone": command.zone}


def _agreed(command: Command, state: Order, meta: Meta) -> v.Window:
    if state.visit is None or state.visit.window is None:
        raise refuse(r.NoVisitAgreed, state, command.by, meta.time)
    return state.visit.window


def _of(window: v.Window) -> Details:
    return {"starts": window.starts, "ends": window.ends}


DETAILS: dict[type[Command], Callable[[Any, Order, Any, Meta], Details]] = {
    c.OfferVisits: _offer,
    c.ChooseVisit: _choose,
    c.MoveVisit: _move,
    c.MissVisit: _miss,
    c.CancelVisit: _cancel,
    c.RemindVisit: _remind,
}
