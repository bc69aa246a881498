"""When something is said to have happened: bounded, and only from those with a reason to say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from services.workorders.orders.domain.commands import Command
from services.workorders.orders.domain.permission import allowed, roles_at_place
from services.workorders.orders.domain.refusals import MayNotClaimTime
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.vocabulary import SERVICE
from shared.errors import Invalid
from shared.eventlog.records import Meta

CLAIMANTS = frozenset({"technician", "dispatcher", "service"})
CLOCK_SKEW = timedelta(minutes=5)
LONGEST_OFFLINE = timedelta(days=7)


def check(command: Command, state: Order, meta: Meta) -> None:
    """Let ``meta.occurred_at`` pass: as recorded, or claimed at most 5 minutes ahead, 7 days back.

    Services bring in history, so they may go back further; nobody goes before the submission.
    Raises ``Invalid`` or ``MayNotClaimTime``, both with the field ``occurred_at``.
    """
    recorded = meta.time
    if meta.occurred_at != recorded:
        bounded(
            meta,
            roles_at_place(command, state),
            state.submitted_at,
            lambda: allowed(state, command.by, recorded),
        )


def bounded(
    meta: Meta,
    roles: frozenset[str],
    submitted_at: datetime | None,
    allowed: Callable[[], list[str]] = list,
) -> None:
    """The same of anything that was ``submitted_at`` then, by somebody of these roles there."""
    claimed, recorded = meta.occurred_at, meta.time
    if claimed == recorded:
        return
    if claimed.utcoffset() is None:
        raise _invalid("Give the time with its offset from UTC.")
    if claimed > recorded + CLOCK_SKEW:
        raise _invalid("This time is in the future.")
    if not roles & CLAIMANTS:
        text = "Only technicians, dispatchers and services may say when it happened; leave it out."
        raise MayNotClaimTime(text, fields={"occurred_at": [text]}, allowed=allowed())
    if claimed < recorded - LONGEST_OFFLINE and not roles & SERVICE:
        raise _invalid("This time is more than 7 days ago.")
    if submitted_at is not None and claimed < submitted_at:
        raise _invalid("This time is before the order was submitted.")


def _invalid(text: str) -> Invalid:
    return Invalid("The time cannot be right.", fields={"occurred_at": [text]})
