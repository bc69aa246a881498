"""How a technician was chosen for an order: kept with the dispatch, so that anyone can see why."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

How = Literal["grab", "automatic"]
Reason = Literal["grabbed", "only_one", "best", "best_for_all"]
PassedOver = Literal[
    "not_here", "no_skill", "not_certified", "off_shift", "on_leave", "full", "booked"
]

PASSED_OVER: tuple[PassedOver, ...] = get_args(PassedOver)


class Score(Struct, frozen=True, kw_only=True):
    """Each part from 0 to 1000, more is better; ``total`` is their weighted mean, rounded down."""

    technician: str
    total: int
    skill: int
    load: int
    distance: int
    urgency: int
    fairness: int


class Excluded(Struct, frozen=True, kw_only=True):
    """Somebody who could not be sent, and the first reason why."""

    technician: str
    reason: PassedOver


class Choice(Struct, frozen=True, kw_only=True):
    """``best_for_all``: others scored higher, and were needed more elsewhere in the same round.

    ``candidates``: the chosen one, then the others, the best first. These and ``excluded`` are cut
    to a readable number; ``more`` counts those left out. ``edition``: of the dispatch rules.
    ``at``: the moment decided for.
    """

    how: How
    reason: Reason
    edition: int
    at: datetime
    candidates: tuple[Score, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    more: int = 0
