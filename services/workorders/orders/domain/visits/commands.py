"""What people want done about a visit. ``zone``: the community's."""

from __future__ import annotations

from datetime import datetime

from services.workorders.orders.domain.commands import Command
from services.workorders.orders.domain.visits.values import Obstacle, Window


class OfferVisits(Command, frozen=True, kw_only=True):
    """The windows take the place of those offered before. ``obstacles``: of the technician's, one a
    window.
    """

    name = "offer_visits"
    windows: tuple[Window, ...]
    zone: str
    obstacles: tuple[Obstacle | None, ...] = ()


class ChooseVisit(Command, frozen=True, kw_only=True):
    """``window`` counts those of the ``offer``, the earliest is 1. ``free``: those that the
    technician could still come in. ``channel``: how the resident said it, where staff choose.
    """

    name = "choose_visit"
    offer: int
    window: int
    zone: str
    obstacle: Obstacle | None = None
    free: tuple[int, ...] = ()
    channel: str | None = None


class MoveVisit(Command, frozen=True, kw_only=True):
    """``requested``: the resident asked for it, who did not move it themselves."""

    name = "move_visit"
    starts: datetime
    ends: datetime
    zone: str
    reason: str | None = None
    requested: bool = False
    obstacle: Obstacle | None = None


class MissVisit(Command, frozen=True, kw_only=True):
    name = "miss_visit"
    zone: str
    note: str | None = None


class CancelVisit(Command, frozen=True, kw_only=True):
    """Call off what is agreed; the order stays, without a visit."""

    name = "cancel_visit"
    zone: str
    reason: str | None = None


class RemindVisit(Command, frozen=True, kw_only=True):
    """``starts``: of the visit that was agreed when the reminder was set."""

    name = "remind_visit"
    starts: datetime
    zone: str
