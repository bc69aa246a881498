"""Putting an order off to a date: what the command says, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.workorders.orders.domain import values
from services.workorders.orders.domain.commands import Command
from services.workorders.orders.domain.order_event import ActorsText, OrderEvent
from services.workorders.orders.domain.refusals import OrderRefused
from shared.eventlog.records import Meta

if TYPE_CHECKING:
    from services.workorders.orders.domain.state import Order

FURTHEST = timedelta(days=366)


class WorkOrderDeferred(OrderEvent, frozen=True, kw_only=True):
    """On hold to ``until``, when it goes on by itself. ``zone``: in which people read that there.

    An order that was on hold already is deferred too; the last one holds.
    """

    until: datetime
    reason: ActorsText
    zone: str


class Defer(Command, frozen=True, kw_only=True):
    name = "defer"
    until: datetime
    reason: str
    zone: str


class DeferralNotOver(OrderRefused):
    text = "The order is not deferred, or its date has not come yet."


class NotDeferred(OrderRefused):
    text = "The order is paused, not put off to a date: those who work on it resume it."


def details(command: Defer, meta: Meta) -> dict[str, Any]:
    until = command.until
    if until.utcoffset() is None:
        raise values.invalid("until", "Give the time with its offset from UTC.")
    if until <= meta.time:
        raise values.invalid("until", "This time is over.")
    if until > meta.time + FURTHEST:
        raise values.invalid("until", f"At most {FURTHEST.days} days from now.")
    reason = values.text(command.reason, "reason")
    return {"until": until.astimezone(UTC), "reason": reason, "zone": command.zone}


def deferred(state: Order, event: WorkOrderDeferred, __: Meta) -> dict[str, Any]:
    """Nobody is at work when it goes on: whoever was, starts anew."""
    return {"state": state.state, "deferred_until": event.until, "paused_from": "waiting"}
