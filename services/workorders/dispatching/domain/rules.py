"""A community's dispatch rules: the mode of each category, what counts how much, where buildings
are. One stream a community, which its rounds go through as well, one after the other.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.dispatching.domain import events as e
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.staff.domain.vocabulary import skill_for
from shared.errors import Conflict, Forbidden, Invalid
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

# metres: a community whose plan is larger is two
FARTHEST = 100_000
DEFAULT: e.Mode = "assign"


class NotTheManager(Forbidden):
    """Only a manager of the community sets how it dispatches."""


class RoundOverlaps(Conflict):
    """Another round was held meanwhile; look again."""


class CategoryRule(Struct, frozen=True, kw_only=True):
    mode: e.Mode = DEFAULT
    certificate_required: bool = False


class DispatchRules(Struct, frozen=True, kw_only=True):
    """``categories`` by ``<kind>/<category>``; those not named are assigned by a dispatcher.

    ``places``: where buildings stand on the community's plan, (x, y) in metres.
    """

    edition: int = 0
    categories: tuple[tuple[str, CategoryRule], ...] = ()
    weights: e.Weights = e.Weights()
    places: tuple[tuple[str, tuple[int, int]], ...] = ()
    rounds: int = 0

    def rule(self, kind: str, category: str) -> CategoryRule:
        return dict(self.categories).get(f"{kind}/{category}", CategoryRule())

    @property
    def buildings(self) -> dict[str, tuple[int, int]]:
        return dict(self.places)


class SetMode(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    kind: str
    category: str
    mode: str
    certificate_required: bool


class SetWeights(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    weights: e.Weights


class PlaceBuilding(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    building: str
    x: int
    y: int


class HoldRound(Struct, frozen=True, kw_only=True):
    """``after``: the rounds held when it was looked at who is free; others make it void."""

    community: str
    after: int
    waiting: int
    dispatched: tuple[str, ...]
    unqualified: tuple[str, ...]
    more: bool = False


Command = SetMode | SetWeights | PlaceBuilding | HoldRound
Event = e.DispatchModeSet | e.DispatchWeightsSet | e.BuildingPlaced | e.DispatchRoundHeld


def decide(command: Command, state: DispatchRules, _meta: Meta) -> list[Event]:
    """Setting again what is set adds nothing. Raises ``NotTheManager``, ``RoundOverlaps`` or
    ``Invalid`` with ``fields``.
    """
    if isinstance(command, HoldRound):
        return [_hold(command, state)]
    if not command.by.has("manager", command.community):
        raise NotTheManager("Only a manager of the community sets how it dispatches.")
    match command:
        case SetMode():
            return _set_mode(command, state)
        case SetWeights():
            return _set_weights(command, state)
        case PlaceBuilding():
            return _place(command, state)


def _hold(command: HoldRound, state: DispatchRules) -> e.DispatchRoundHeld:
    if command.after != state.rounds:
        raise RoundOverlaps("Another round was held meanwhile; look again.")
    return e.DispatchRoundHeld(
        community=command.community,
        round=state.rounds + 1,
        edition=state.edition,
        waiting=command.waiting,
        dispatched=command.dispatched,
        unqualified=command.unqualified,
        more=command.more,
    )


def _set_mode(command: SetMode, state: DispatchRules) -> list[Event]:
    kind = next((one for one in CATEGORIES if one == command.kind), None)
    if kind is None:
        raise _invalid("kind", f"Choose one of: {', '.join(CATEGORIES)}.")
    if command.category not in CATEGORIES[kind]:
        raise _invalid("category", f"Choose one of: {', '.join(CATEGORIES[kind])}.")
    mode = next((one for one in e.MODES if one == command.mode), None)
    if mode is None:
        raise _invalid("mode", f"Choose one of: {', '.join(e.MODES)}.")
    if command.certificate_required and skill_for(kind, command.category) is None:
        raise _invalid("certificate_required", "This category takes no skill to be certified in.")
    wanted = CategoryRule(mode=mode, certificate_required=command.certificate_required)
    if state.rule(kind, command.category) == wanted:
        return []
    return [
        e.DispatchModeSet(
            community=command.community,
            kind=kind,
            category=command.category,
            mode=mode,
            certificate_required=command.certificate_required,
            edition=state.edition + 1,
        )
    ]


def _set_weights(command: SetWeights, state: DispatchRules) -> list[Event]:
    weights = command.weights
    if not any((weights.skill, weights.load, weights.distance, weights.urgency, weights.fairness)):
        raise _invalid("weights", "At least one of them must count.")
    if weights == state.weights:
        return []
    return [
        e.DispatchWeightsSet(
            community=command.community, weights=weights, edition=state.edition + 1
        )
    ]


def _place(command: PlaceBuilding, state: DispatchRules) -> list[Event]:
    for name, value in (("x", command.x), ("y", command.y)):
        if abs(value) > FARTHEST:
            raise _invalid(name, f"That is more than {FARTHEST} metres away.")
    if state.buildings.get(command.building) == (command.x, command.y):
        return []
    return [
        e.BuildingPlaced(
            community=command.community,
            building=command.building,
            x=command.x,
            y=command.y,
            edition=state.edition + 1,
        )
    ]


def evolve(state: DispatchRules, event: Any, _meta: Meta) -> DispatchRules:
    match event:
        case e.DispatchModeSet():
            rule = CategoryRule(mode=event.mode, certificate_required=event.certificate_required)
            named = {**dict(state.categories), f"{event.kind}/{event.category}": rule}
            categories = tuple(sorted(named.items()))
            return replace(state, edition=event.edition, categories=categories)
        case e.DispatchWeightsSet():
            return replace(state, edition=event.edition, weights=event.weights)
        case e.BuildingPlaced():
            placed = {**state.buildings, event.building: (event.x, event.y)}
            return replace(state, edition=event.edition, places=tuple(sorted(placed.items())))
        case e.DispatchRoundHeld():
            return replace(state, rounds=event.round)
    return state


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})


DISPATCH_RULES = Decider("dispatch_rules", DispatchRules, decide, evolve)
