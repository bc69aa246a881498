"""Who is told when, as a target is used up: by kind and category, up the reporting line."""

from __future__ import annotations

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import Kind
from services.workorders.sla.domain.matching import is_category, most_particular
from shared.errors import Invalid

MOST_PERCENT = 1000
MOST_UP = 5
MOST_STEPS = 10


class StepsNotInOrder(Invalid):
    """The steps of a ladder do not go up."""


class LadderGivenTwice(Invalid):
    """Two ladders are for just the same orders."""


class Step(Struct, frozen=True, kw_only=True):
    """At ``percent`` of a target's time, tell those ``up`` levels above.

    0: the technician and the dispatchers; 1: the technician's superior; 2: the superior's superior.
    """

    percent: int
    up: int


class Ladder(Struct, frozen=True, kw_only=True):
    """The steps for the orders that match; None in a field matches every order."""

    steps: tuple[Step, ...]
    kind: Kind | None = None
    category: str | None = None


class Ladders(Struct, frozen=True, kw_only=True):
    ladders: tuple[Ladder, ...]


def steps(ladders: Ladders, *, kind: str, category: str) -> tuple[Step, ...]:
    """The steps by the most particular ladder: category before kind."""
    found = most_particular(ladders.ladders, kind=kind, category=category)
    return () if found is None else found.steps


def check(ladders: Ladders) -> Ladders:
    """The ladders, if one can climb them. Raises ``StepsNotInOrder``, ``LadderGivenTwice`` or
    ``Invalid``.
    """
    seen: set[tuple[str | None, str | None]] = set()
    for index, ladder in enumerate(ladders.ladders):
        name = f"ladders.{index}"
        if ladder.category is not None and not is_category(ladder.kind, ladder.category):
            text = "There is no such category."
            raise Invalid(f"{name}: {text}", fields={f"{name}.category": [text]})
        if (ladder.kind, ladder.category) in seen:
            text = "Another ladder is for the same orders."
            raise LadderGivenTwice(f"{name}: {text}", fields={name: [text]})
        seen.add((ladder.kind, ladder.category))
        before = 0
        for place, step in enumerate(ladder.steps):
            field = f"{name}.steps.{place}"
            if not 1 <= step.percent <= MOST_PERCENT or not 0 <= step.up <= MOST_UP:
                text = f"Give 1 to {MOST_PERCENT} percent and 0 to {MOST_UP} levels up."
                raise Invalid(f"{field}: {text}", fields={field: [text]})
            if step.percent <= before:
                text = "Each step must come later than the one before."
                raise StepsNotInOrder(f"{field}: {text}", fields={f"{field}.percent": [text]})
            before = step.percent
    return ladders
