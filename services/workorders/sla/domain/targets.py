"""What is promised: by kind, category and priority, in calendar or working time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, get_args

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import (
    KINDS,
    PAUSE_REASONS,
    PRIORITIES,
    Kind,
    PauseReason,
    Priority,
)
from services.workorders.sla.domain import aftercare
from services.workorders.sla.domain.aftercare import AftercareRule
from services.workorders.sla.domain.matching import is_category, most_particular
from services.workorders.sla.domain.waits import StopReason
from shared.errors import Invalid

Target = Literal["respond", "arrive", "repair", "accept"]
Stoppable = Literal["respond", "arrive", "repair"]
TimeKind = Literal["calendar", "working"]
TARGETS: tuple[Target, ...] = get_args(Target)
TIME_KINDS: tuple[TimeKind, ...] = get_args(TimeKind)
# 90 days: more is no promise, and working time stays within the years a date can name
MOST_MINUTES = 90 * 24 * 60
STOPPING: tuple[PauseReason, ...] = ("parts", "resident_absent", "supplier")
# acceptance begins with the repair, when nobody waits for a visit or a price any more
STOPPABLE: tuple[Stoppable, ...] = get_args(Stoppable)


class RuleGivenTwice(Invalid):
    """Two rules are for just the same orders and target."""


class UnknownPriority(Invalid):
    """A priority that does not exist."""


class Rule(Struct, frozen=True, kw_only=True):
    """``minutes`` for ``target``, for the orders that match; None in a field matches every order.

    ``minutes`` None: no such promise to these.
    """

    target: Target
    minutes: int | None
    time: TimeKind
    kind: Kind | None = None
    category: str | None = None
    priority: Priority | None = None


class Waits(Struct, frozen=True, kw_only=True):
    """The targets whose time stands still until an agreed visit, the answer to a quote, a date.

    What a version does not say is as it was when versions could not say it.
    """

    visit: tuple[Stoppable, ...] = ()
    quote: tuple[Stoppable, ...] = ()
    deferral: tuple[Stoppable, ...] = STOPPABLE


# for versions of which nobody says otherwise: whoever is to come can be sent before the visit
WAITS = Waits(visit=("arrive", "repair"), quote=STOPPABLE)


class Targets(Struct, frozen=True, kw_only=True):
    """``stopping``: the reasons for a pause that stop the clock; for others it goes on.

    ``aftercare``: what follows the work; for orders of which it says nothing, the usual hours.
    """

    rules: tuple[Rule, ...]
    stopping: tuple[PauseReason, ...] = STOPPING
    waits: Waits = Waits()
    aftercare: tuple[AftercareRule, ...] = ()


class Limit(Struct, frozen=True):
    """So much time of that kind."""

    amount: timedelta
    time: TimeKind


def limit(
    targets: Targets, target: Target, *, kind: str, category: str, priority: str
) -> Limit | None:
    """The promise by the most particular rule: category before priority before kind."""
    found = most_particular(
        (rule for rule in targets.rules if rule.target == target),
        kind=kind,
        category=category,
        priority=priority,
    )
    if found is None or found.minutes is None:
        return None
    return Limit(timedelta(minutes=found.minutes), found.time)


def stops(targets: Targets, target: Target) -> frozenset[StopReason]:
    """What stops the time of this target."""
    waits = targets.waits
    found: set[StopReason] = set(targets.stopping)
    named: tuple[tuple[StopReason, tuple[Stoppable, ...]], ...] = (
        ("waiting_for_visit", waits.visit),
        ("waiting_for_quote", waits.quote),
        ("deferred", waits.deferral),
    )
    return frozenset(found | {reason for reason, stopped in named if target in stopped})


def check(targets: Targets) -> Targets:
    """The targets, if they can be kept by. Raises ``UnknownPriority``, ``RuleGivenTwice`` or
    ``Invalid``.
    """
    seen: set[tuple[str | None, ...]] = set()
    for index, rule in enumerate(targets.rules):
        for field, text in _faults(rule):
            cls = UnknownPriority if field == "priority" else Invalid
            name = f"rules.{index}.{field}"
            raise cls(f"{name}: {text}", fields={name: [text]})
        key = (rule.target, rule.kind, rule.category, rule.priority)
        if key in seen:
            text = "Another rule is for the same orders and target."
            raise RuleGivenTwice(text, fields={f"rules.{index}": [text]})
        seen.add(key)
    for reason in targets.stopping:
        if reason not in PAUSE_REASONS:
            text = f"Choose among: {', '.join(PAUSE_REASONS)}."
            raise Invalid(f"stopping: {text}", fields={"stopping": [text]})
    for field in Waits.__struct_fields__:
        if not set(getattr(targets.waits, field)) <= set(STOPPABLE):
            text = f"Choose among: {', '.join(STOPPABLE)}."
            raise Invalid(f"waits.{field}: {text}", fields={f"waits.{field}": [text]})
    aftercare.check(targets.aftercare)
    return targets


def _faults(rule: Rule) -> Iterator[tuple[str, str]]:
    for field, value, choices in (
        ("target", rule.target, TARGETS),
        ("time", rule.time, TIME_KINDS),
        ("kind", rule.kind or KINDS[0], KINDS),
        ("priority", rule.priority or PRIORITIES[0], PRIORITIES),
    ):
        if value not in choices:
            yield field, f"Choose one of: {', '.join(choices)}."
    if rule.category is not None and not is_category(rule.kind, rule.category):
        yield "category", "There is no such category."
    if rule.minutes is not None and not 1 <= rule.minutes <= MOST_MINUTES:
        yield "minutes", f"Give 1 to {MOST_MINUTES} minutes, or null for no promise."
