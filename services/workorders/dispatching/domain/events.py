"""How a community dispatches, and what its rounds of automatic dispatching came to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta as Within
from msgspec import Struct

from services.workorders.orders.domain.choice import PassedOver
from services.workorders.orders.domain.vocabulary import Kind

Mode = Literal["grab", "assign", "automatic"]
MODES: tuple[Mode, ...] = get_args(Mode)
Weight = Annotated[int, Within(ge=0, le=100)]


class Weights(Struct, frozen=True, kw_only=True):
    """What counts how much, and ``capacity``: the orders one technician has in hand at most."""

    skill: Weight = 10
    load: Weight = 30
    distance: Weight = 20
    urgency: Weight = 20
    fairness: Weight = 20
    capacity: Annotated[int, Within(ge=1, le=50)] = 4


class DispatchModeSet(Struct, frozen=True, kw_only=True):
    """``edition`` counts the changes of the community's dispatch rules.

    ``certificate_required``: nobody is sent without a valid certificate for the skill.
    """

    community: str
    kind: Kind
    category: str
    mode: Mode
    certificate_required: bool
    edition: int


class DispatchWeightsSet(Struct, frozen=True, kw_only=True):
    community: str
    weights: Weights
    edition: int


class BuildingPlaced(Struct, frozen=True, kw_only=True):
    """Where a building's door is on the community's plan, in metres from any point chosen once."""

    community: str
    building: str
    x: int
    y: int
    edition: int


class DispatchRoundHeld(Struct, frozen=True, kw_only=True):
    """Orders of automatic categories were given out together.

    ``waiting`` were looked at, and ``more`` were not; ``dispatched`` are those somebody was found
    for, ``unqualified`` those nobody could do. ``round`` counts the community's.
    """

    community: str
    round: int
    edition: int
    waiting: int
    dispatched: tuple[str, ...]
    unqualified: tuple[str, ...]
    more: bool = False


class NobodyQualified(Struct, frozen=True, kw_only=True):
    """For an order in an automatic category there is nobody to send; told once a time it waits.

    ``reasons``: how many technicians were passed over, by why. ``order_version``: of the order's
    stream, as it was looked at.
    """

    order: str
    order_version: int
    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    reasons: dict[PassedOver, int]


EVENTS: dict[str, tuple[int, type]] = {
    "DispatchModeSet": (1, DispatchModeSet),
    "DispatchWeightsSet": (1, DispatchWeightsSet),
    "BuildingPlaced": (1, BuildingPlaced),
    "DispatchRoundHeld": (1, DispatchRoundHeld),
    "NobodyQualified": (1, NobodyQualified),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
