"""What an order is tied to: what it came from, and another that it is about the same as."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import Activity, State

Relation = Literal["inquiry", "follows_up", "part_of"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
# what an order may be merged into: where work is still to be done
MERGE_TARGETS: tuple[State, ...] = ("submitted", "dispatched")


class Origin(Struct, frozen=True, kw_only=True):
    """What an order came from: an inquiry that it was made of, an order that it follows up, since
    what was accepted there did not last, or the order that it is a part of.
    """

    relation: Relation
    id: str
    number: str


class Target(Struct, frozen=True, kw_only=True):
    """Another order of the community, as it is now. ``leads_to``: what it was merged into itself,
    and that in turn. ``sub_order``: it is a part of another.
    """

    id: str
    number: str
    state: State
    leads_to: tuple[str, ...] = ()
    sub_order: bool = False


class BeforeMerge(Struct, frozen=True, kw_only=True):
    """Where an order was when it was merged into another."""

    into: str
    into_number: str
    state: State
    activity: Activity
    technician: str | None
