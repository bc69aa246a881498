"""What is followed up in a community, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta as Within
from msgspec import Struct

from services.workorders.orders.domain.events import Stars
from services.workorders.orders.domain.order_event import ActorsText
from services.workorders.orders.domain.vocabulary import Kind

Reason = Literal["low_rating", "checked", "sampled"]
Outcome = Literal["reached", "not_reached"]
REASONS: tuple[Reason, ...] = get_args(Reason)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class FollowUpRules(Struct, frozen=True, kw_only=True):
    """What is followed up: ratings of ``low_stars`` or fewer (0: none), what staff ``checked``,
    ``percent`` of what residents accepted; each ``within_hours``.
    """

    low_stars: Annotated[int, Within(ge=0, le=5)] = 0
    checked: bool = False
    percent: Annotated[int, Within(ge=0, le=100)] = 0
    within_hours: Annotated[int, Within(ge=1, le=720)] = 24


class FollowUpRulesSet(Struct, frozen=True, kw_only=True):
    """``edition`` counts the changes of the community's rules."""

    community: str
    rules: FollowUpRules
    edition: int


class FollowUpEvent(Struct, frozen=True, kw_only=True):
    """``round`` counts the follow-ups of one order. ``technician``: whose work it was."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    accepter: str | None
    technician: str | None
    round: int


class FollowUpDue(FollowUpEvent, frozen=True, kw_only=True):
    """Somebody who did not do the work is to ask by ``due_at``; ``edition``: of the rules.

    Again for the same round: a better reason was found.
    """

    reason: Reason
    stars: Stars | None
    due_at: datetime
    edition: int


class FollowUpRecorded(FollowUpEvent, frozen=True, kw_only=True):
    """One try. ``satisfied``: what they said who were reached; it is no rating.

    ``closed``: nothing more is to be asked. ``reopened``: the order was opened again with it.
    """

    outcome: Outcome
    satisfied: bool | None
    notes: ActorsText
    attempt: int
    closed: bool
    reopened: bool


class FollowUpDropped(FollowUpEvent, frozen=True, kw_only=True):
    """The order was opened again before anybody asked."""


EVENTS: dict[str, tuple[int, type]] = {
    "FollowUpRulesSet": (1, FollowUpRulesSet),
    "FollowUpDue": (1, FollowUpDue),
    "FollowUpRecorded": (1, FollowUpRecorded),
    "FollowUpDropped": (1, FollowUpDropped),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
