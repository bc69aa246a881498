"""Reporting anew what was accepted and did not last, once its order cannot be opened again."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.permission import refuse
from services.workorders.orders.domain.refusals import (
    NotYetAccepted,
    NotYourOrder,
    OrderRefused,
    StillReopenable,
)
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.vocabulary import DISPATCHERS
from shared.identity.caller import Caller

COMMAND = "report_again"


def check(state: Order, by: Caller, at: datetime) -> None:
    """Raises ``NotYourOrder``, ``NotYetAccepted`` or ``StillReopenable``.

    Within the window the same order goes on, by ``reopen``; a second one would hide its rework.
    """
    own = by.person in (state.reporter, state.accepter)
    if not own and by.roles(state.community, state.building).isdisjoint(DISPATCHERS):
        raise NotYourOrder("Who reported or accepted it, and dispatchers, report it again.")
    if state.state not in ("accepted", "rated") or state.accepted_at is None:
        raise refuse(NotYetAccepted, state, by, at)
    if at - state.accepted_at <= state.aftercare.reopen_within:
        raise refuse(StillReopenable, state, by, at)


def possible(state: Order, by: Caller, at: datetime) -> bool:
    try:
        check(state, by, at)
    except (NotYourOrder, OrderRefused):
        return False
    return True
