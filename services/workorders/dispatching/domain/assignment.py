"""Who should do which order, with what speaks for everybody and against: a pure function.

Whole numbers throughout, and everything in a fixed order, so that the same question gets the same
answer on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import isqrt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from services.workorders.dispatching.domain.events import Weights
from services.workorders.orders.domain.choice import (
    Choice,
    Excluded,
    PassedOver,
    Reason,
    Score,
)
from services.workorders.staff.domain.availability import away
from services.workorders.staff.domain.qualification import certified
from services.workorders.staff.domain.record import Certificate, Span
from services.workorders.staff.domain.vocabulary import Skill

FULL = 1000
# metres from which on it does not matter how much farther it is
FAR = 1000
UNKNOWN_DISTANCE = 500
# before a visit nobody is sent elsewhere
BEFORE_A_VISIT = timedelta(minutes=30)
MOST_CANDIDATES = 10
MOST_EXCLUDED = 20
# dearer than the sum of all that a round can save: taken only where there is no other way
IMPOSSIBLE = 10**9

# costs by row and column -> the (row, column) pairs that together cost least
Solve = Callable[[Sequence[Sequence[int]]], Sequence[tuple[int, int]]]


class WaitingOrder(Struct, frozen=True, kw_only=True):
    """``urgency`` from 0 to 1000. ``skill`` None: it takes none. ``visit``: when somebody is to
    come, where that is agreed.
    """

    order: str
    building: str | None
    skill: Skill | None
    certificate_required: bool
    urgency: int
    visit: Span | None = None


class Technician(Struct, frozen=True, kw_only=True):
    """``everywhere``: their post is for the whole community, else for ``buildings``.

    ``shifts`` and ``leave``: at least those at the moment asked for, and all that is planned where
    an order has a visit. ``visits``: those agreed, of what they have. ``load``: orders in hand.
    ``given``: orders they got in the last 30 days and still have or did. ``near``: the building
    they worked in last.
    """

    person: str
    everywhere: bool = True
    buildings: frozenset[str] = frozenset()
    skills: dict[Skill, int] = {}
    certificates: tuple[Certificate, ...] = ()
    shifts: tuple[Span, ...] = ()
    leave: tuple[Span, ...] = ()
    visits: tuple[Span, ...] = ()
    load: int = 0
    given: int = 0
    near: str | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """``choice`` None: nobody. ``qualified``: somebody could do it, were they not full or booked.

    ``passed_over``: how many, by why.
    """

    order: str
    choice: Choice | None
    qualified: bool
    passed_over: dict[PassedOver, int]

    @property
    def technician(self) -> str | None:
        return None if self.choice is None else self.choice.candidates[0].technician


class Ranked(Struct, frozen=True, kw_only=True):
    """Everybody, about one order: the best first, and who cannot be sent."""

    candidates: tuple[Score, ...]
    excluded: tuple[Excluded, ...]


class _Seen(NamedTuple):
    """One order before everybody: ``raw`` is the weighted sum by technician, more is better."""

    order: WaitingOrder
    raw: dict[str, int]
    ranked: Ranked


def assign(
    orders: Sequence[WaitingOrder],
    technicians: Sequence[Technician],
    weights: Weights,
    at: datetime,
    *,
    places: Mapping[str, tuple[int, int]],
    edition: int,
    solve: Solve,
) -> list[Decision]:
    """As many orders as can be done, so that together they are done best; by order id.

    ``at`` in the community's own time zone, for certificates end with its day. Nobody gets an order
    they may not do, nor more at once than ``weights.capacity``.
    """
    people = sorted(technicians, key=lambda one: one.person)
    seen = [
        _look(order, people, weights, at, places)
        for order in sorted(orders, key=lambda one: one.order)
    ]
    taken = _matched(seen, people, weights, solve)
    return [_decision(one, taken.get(number), at, edition) for number, one in enumerate(seen)]


def rank(
    order: WaitingOrder,
    technicians: Sequence[Technician],
    weights: Weights,
    at: datetime,
    places: Mapping[str, tuple[int, int]],
) -> Ranked:
    """What speaks for everybody and against, about one order by itself."""
    people = sorted(technicians, key=lambda one: one.person)
    return _look(order, people, weights, at, places).ranked


def _look(
    order: WaitingOrder,
    people: Sequence[Technician],
    weights: Weights,
    at: datetime,
    places: Mapping[str, tuple[int, int]],
) -> _Seen:
    most_given = max((one.given for one in people), default=0)
    day = at.date()
    counted = weights.skill + weights.load + weights.distance + weights.urgency + weights.fairness
    raw: dict[str, int] = {}
    scores: list[Score] = []
    excluded: list[Excluded] = []
    for one in people:
        reason = _passed_over(order, one, weights, at, day)
        if reason is not None:
            excluded.append(Excluded(technician=one.person, reason=reason))
            continue
        skill = FULL if order.skill is None else FULL * one.skills[order.skill] // 3
        load = FULL * (weights.capacity - one.load) // weights.capacity
        distance = _nearness(one.near, order.building, places)
        fairness = FULL * (most_given - one.given) // most_given if most_given else FULL
        total = (
            weights.skill * skill
            + weights.load * load
            + weights.distance * distance
            + weights.urgency * order.urgency
            + weights.fairness * fairness
        )
        raw[one.person] = total
        scores.append(
            Score(
                technician=one.person,
                total=total // counted,
                skill=skill,
                load=load,
                distance=distance,
                urgency=order.urgency,
                fairness=fairness,
            )
        )
    scores.sort(key=lambda score: (-raw[score.technician], score.technician))
    return _Seen(order, raw, Ranked(candidates=tuple(scores), excluded=tuple(excluded)))


def _passed_over(
    order: WaitingOrder, one: Technician, weights: Weights, at: datetime, day: date
) -> PassedOver | None:
    """The first reason not to send them; whoever is only full or booked is otherwise qualified.

    Where a visit is agreed, who can come then is asked, not who is there now.
    """
    if not one.everywhere and order.building not in one.buildings:
        return "not_here"
    if order.skill is not None and order.skill not in one.skills:
        return "no_skill"
    if not certified(order.skill, order.certificate_required, one.certificates, day):
        return "not_certified"
    absent = _absent(one, at) if order.visit is None else _away_then(one, order.visit, at)
    if absent is not None:
        return absent
    if one.load >= weights.capacity:
        return "full"
    starts = at if order.visit is None else order.visit.starts
    ends = at + BEFORE_A_VISIT if order.visit is None else order.visit.ends
    return "booked" if any(visit.meets(starts, ends) for visit in one.visits) else None


def _absent(one: Technician, at: datetime) -> PassedOver | None:
    if any(leave.covers(at) for leave in one.leave):
        return "on_leave"
    return None if any(shift.covers(at) for shift in one.shifts) else "off_shift"


def _away_then(one: Technician, visit: Span, at: datetime) -> PassedOver | None:
    assert isinstance(at.tzinfo, ZoneInfo), "in the community's own time zone"
    return away(one.shifts, one.leave, visit.starts, visit.ends, at.tzinfo)


def _nearness(near: str | None, building: str | None, places: Mapping[str, tuple[int, int]]) -> int:
    if near is None or building is None:
        return UNKNOWN_DISTANCE
    if near == building:
        return FULL
    here, there = places.get(near), places.get(building)
    if here is None or there is None:
        return UNKNOWN_DISTANCE
    metres = isqrt((here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2)
    return FULL * (FAR - min(metres, FAR)) // FAR


def _matched(
    seen: Sequence[_Seen], people: Sequence[Technician], weights: Weights, solve: Solve
) -> dict[int, str]:
    """Whom each order goes to, by its place in ``seen``: a column a free place in somebody's hands,
    each next one a little dearer, so that work is spread.
    """
    possible = frozenset[str]().union(*(one.raw.keys() for one in seen))
    places = [
        (one.person, weights.load * (FULL * taken // weights.capacity))
        for one in people
        if one.person in possible
        for taken in range(min(weights.capacity - one.load, len(seen)))
    ]
    rows = [number for number, one in enumerate(seen) if one.raw]
    if not places or not rows:
        return {}
    costs = [
        [
            IMPOSSIBLE if person not in seen[row].raw else dearer - seen[row].raw[person]
            for person, dearer in places
        ]
        for row in rows
    ]
    return {
        rows[row]: places[column][0]
        for row, column in solve(costs)
        if costs[row][column] < IMPOSSIBLE
    }


def _decision(seen: _Seen, chosen: str | None, at: datetime, edition: int) -> Decision:
    ranked = seen.ranked
    counts = Counter(one.reason for one in ranked.excluded)
    qualified = bool(ranked.candidates) or counts["full"] + counts["booked"] > 0
    choice = None
    if chosen is not None:
        first = next(score for score in ranked.candidates if score.technician == chosen)
        others = [score for score in ranked.candidates if score is not first]
        choice = Choice(
            how="automatic",
            reason=_reason(seen, chosen),
            edition=edition,
            at=at,
            candidates=(first, *others[: MOST_CANDIDATES - 1]),
            excluded=ranked.excluded[:MOST_EXCLUDED],
            more=max(0, len(others) - MOST_CANDIDATES + 1)
            + max(0, len(ranked.excluded) - MOST_EXCLUDED),
        )
    return Decision(
        order=seen.order.order,
        choice=choice,
        qualified=qualified,
        passed_over={reason: counts[reason] for reason in sorted(counts)},
    )


def _reason(seen: _Seen, chosen: str) -> Reason:
    if len(seen.raw) == 1:
        return "only_one"
    return "best" if seen.raw[chosen] == max(seen.raw.values()) else "best_for_all"
