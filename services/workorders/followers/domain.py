"""Following an order: who does, one stream an order. They are told of its progress, never of its
reporter or of anybody's words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID, uuid5

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import Kind
from shared.errors import Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta

Progress = Literal[
    "dispatched", "started", "repaired", "accepted", "declined", "cancelled", "reopened"
]
_NAMESPACE = UUID("4a0a5a54-5f0e-5a3c-9b44-9d0c8a2f6be1")


def followers_id(order: str) -> str:
    """The stream of an order's followers."""
    community, _, own = order.partition(".")
    return f"{community}.{uuid5(_NAMESPACE, own)}"


class OrderFollowed(Struct, frozen=True, kw_only=True):
    """``merged``: only because an order that concerns them is merged into this one."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    person: str
    merged: bool = False


class OrderUnfollowed(Struct, frozen=True, kw_only=True):
    order: str
    person: str


class FollowedOrderMoved(Struct, frozen=True, kw_only=True):
    """``followers`` are to hear of it."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    progress: Progress
    followers: tuple[str, ...]


EVENTS: dict[str, tuple[int, type]] = {
    "OrderFollowed": (1, OrderFollowed),
    "OrderUnfollowed": (1, OrderUnfollowed),
    "FollowedOrderMoved": (1, FollowedOrderMoved),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NothingToFollow(Refused):
    """The order is finished."""


class Followers(Struct, frozen=True, kw_only=True):
    """``merged``: those of the people who follow only because of a merge."""

    people: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


class Follow(Struct, frozen=True, kw_only=True):
    """``open``: whether anything is still to happen to the order. ``merged``: as of its event."""

    person: str
    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    open: bool
    merged: bool = False


class Unfollow(Struct, frozen=True, kw_only=True):
    """``merged``: the merge is taken back, which ends nothing that they chose themselves."""

    person: str
    order: str
    merged: bool = False


class Move(Struct, frozen=True, kw_only=True):
    """Something happened to the order."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    progress: Progress


def decide(
    command: Follow | Unfollow | Move, state: Followers, _meta: Meta
) -> list[OrderFollowed | OrderUnfollowed | FollowedOrderMoved]:
    """The same again changes nothing. Raises ``NothingToFollow``."""
    match command:
        case Follow():
            if not command.open:
                raise NothingToFollow("The order is finished: report it anew if it is there again.")
            told = {name: getattr(command, name) for name in OrderFollowed.__struct_fields__}
            chosen = command.person in state.merged and not command.merged
            known = command.person in state.people and not chosen
            return [] if known else [OrderFollowed(**told)]
        case Unfollow():
            gone = OrderUnfollowed(order=command.order, person=command.person)
            follow = state.merged if command.merged else state.people
            return [gone] if command.person in follow else []
        case Move():
            told = {name: getattr(command, name) for name in command.__struct_fields__}
            return [FollowedOrderMoved(followers=state.people, **told)] if state.people else []


def evolve(state: Followers, event: Any, _meta: Meta) -> Followers:
    match event:
        case OrderFollowed():
            left = _without(state, event.person)
            merged = (*left.merged, event.person) if event.merged else left.merged
            return Followers(people=(*left.people, event.person), merged=merged)
        case OrderUnfollowed():
            return _without(state, event.person)
    return state


def _without(state: Followers, person: str) -> Followers:
    return Followers(
        people=tuple(one for one in state.people if one != person),
        merged=tuple(one for one in state.merged if one != person),
    )


FOLLOWERS = Decider("followers", Followers, decide, evolve)
