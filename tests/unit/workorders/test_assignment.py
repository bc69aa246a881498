"""Who is sent to what: for any crew and any orders, nobody who may not, nobody beyond capacity,
nobody left waiting for no reason; and that it says why.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.workorders.dispatching.domain.assignment import (
    Decision,
    Technician,
    WaitingOrder,
    assign,
    rank,
)
from services.workorders.dispatching.domain.events import Weights
from services.workorders.dispatching.domain.fairness import gini
from services.workorders.dispatching.domain.urgency import urgency
from services.workorders.dispatching.solver import solve
from services.workorders.orders.domain.vocabulary import Priority
from services.workorders.sla.domain.calendar import Calendar, Hours
from services.workorders.sla.domain.clock import clock
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.targets import Rule, Targets
from services.workorders.staff.domain.record import Certificate, Span
from services.workorders.staff.domain.vocabulary import SKILLS

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Span(id="shift", starts=AT - HOUR, ends=AT + 7 * HOUR)
PLACES = {"b1": (0, 0), "b2": (300, 400), "b3": (5000, 0)}


def order(name: str = "o", **changes: Any) -> WaitingOrder:
    return WaitingOrder(
        **{
            "order": name,
            "building": "b1",
            "skill": "plumbing",
            "certificate_required": False,
            "urgency": 0,
            **changes,
        }
    )


def technician(name: str, **changes: Any) -> Technician:
    return Technician(**{"person": name, "skills": {"plumbing": 2}, "shifts": (TODAY,), **changes})


def certificate(until: date) -> Certificate:
    return Certificate(
        certificate="c", skill="plumbing", valid_from=date(2020, 1, 1), valid_until=until
    )


def decided(
    orders: list[WaitingOrder], people: list[Technician], weights: Weights | None = None
) -> dict[str, Decision]:
    found = assign(orders, people, weights or Weights(), AT, places=PLACES, edition=3, solve=solve)
    return {one.order: one for one in found}


def sent(*args: Any) -> dict[str, str | None]:
    return {name: one.technician for name, one in decided(*args).items()}


CREW = st.builds(
    lambda skills, load, given, near, shift, away, everywhere, ends: {
        "skills": skills,
        "load": load,
        "given": given,
        "near": near,
        "shifts": (TODAY,) if shift else (),
        "leave": (TODAY,) if away else (),
        "everywhere": everywhere,
        "buildings": frozenset({"b1"}),
        "certificates": () if ends is None else (certificate(date(2026, 3, ends)),),
    },
    st.dictionaries(st.sampled_from(SKILLS[:3]), st.integers(1, 3)),
    st.integers(0, 4),
    st.integers(0, 30),
    st.sampled_from([None, *PLACES]),
    st.sampled_from([True, True, False]),
    st.sampled_from([False, False, True]),
    st.booleans(),
    st.sampled_from([None, 1, 2]),
)
ORDERS = st.builds(
    lambda building, skill, needed, urgent: {
        "building": building,
        "skill": skill,
        "certificate_required": needed,
        "urgency": urgent,
    },
    st.sampled_from([None, *PLACES]),
    st.sampled_from([None, *SKILLS[:3]]),
    st.booleans(),
    st.integers(0, 1000),
)


def may(order: WaitingOrder, one: Technician) -> bool:
    """Written down a second time, as a dispatcher would say it."""
    on_shift = bool(one.shifts) and not one.leave
    here = one.everywhere or order.building in one.buildings
    if order.skill is None:
        return on_shift and here
    own = [c for c in one.certificates if c.skill == order.skill]
    papers = (
        any(c.valid_until >= AT.date() for c in own) if own else (not order.certificate_required)
    )
    return on_shift and here and order.skill in one.skills and papers


@settings(max_examples=200, deadline=None)
@given(st.lists(CREW, max_size=6), st.lists(ORDERS, max_size=10), st.integers(1, 4))
def test_nobody_gets_what_they_may_not_do_nor_more_than_they_can_hold(
    crew: list[dict[str, Any]], waiting: list[dict[str, Any]], capacity: int
) -> None:
    people = {f"t{number}": technician(f"t{number}", **one) for number, one in enumerate(crew)}
    orders = [order(f"o{number}", **one) for number, one in enumerate(waiting)]
    found = decided(orders, list(people.values()), Weights(capacity=capacity))
    hands = {name: one.load for name, one in people.items()}
    for one in orders:
        chosen = found[one.order].technician
        if chosen is not None:
            assert may(one, people[chosen])
            hands[chosen] += 1
    for name, held in hands.items():
        assert held <= max(capacity, people[name].load)
    for one in orders:
        able = [name for name, person in people.items() if may(one, person)]
        assert found[one.order].qualified == bool(able)
        if found[one.order].technician is None:
            assert all(hands[name] >= capacity for name in able), "somebody was free for it"


@settings(max_examples=50, deadline=None)
@given(st.lists(CREW, max_size=5), st.lists(ORDERS, max_size=6), st.randoms())
def test_the_same_question_in_another_order_gets_the_same_answer(
    crew: list[dict[str, Any]], waiting: list[dict[str, Any]], shuffled: random.Random
) -> None:
    people = [technician(f"t{number}", **one) for number, one in enumerate(crew)]
    orders = [order(f"o{number}", **one) for number, one in enumerate(waiting)]
    before = decided(orders, people)
    shuffled.shuffle(people)
    shuffled.shuffle(orders)
    assert decided(orders, people) == before


@settings(max_examples=50, deadline=None)
@given(st.lists(CREW, min_size=1, max_size=4), st.lists(ORDERS, min_size=1, max_size=4))
def test_no_other_way_to_give_them_out_is_better(
    crew: list[dict[str, Any]], waiting: list[dict[str, Any]]
) -> None:
    weights = Weights(capacity=1)
    people = [technician(f"t{number}", **{**one, "load": 0}) for number, one in enumerate(crew)]
    orders = [order(f"o{number}", **one) for number, one in enumerate(waiting)]
    totals = {
        (one.order, score.technician): score
        for one in orders
        for score in rank(one, people, weights, AT, PLACES).candidates
    }

    def worth(pairs: list[tuple[str, str | None]]) -> tuple[int, int]:
        scores = [totals[pair] for pair in pairs if pair in totals]
        return len(scores), sum(
            10 * one.skill + 30 * one.load + 20 * (one.distance + one.urgency + one.fairness)
            for one in scores
        )

    names = [one.person for one in people] + [None] * len(orders)
    best = max(
        worth(list(zip([one.order for one in orders], way, strict=True)))
        for way in set(permutations(names, len(orders)))
    )
    assert worth(list(sent(orders, people, weights).items())) == best


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("no_skill", {"skills": {"lift": 3}}),
        ("not_certified", {"certificates": (certificate(date(2026, 3, 1)),)}),
        ("on_leave", {"leave": (TODAY,)}),
        ("off_shift", {"shifts": ()}),
        ("off_shift", {"shifts": (Span(id="s", starts=AT - 8 * HOUR, ends=AT),)}),
        ("not_here", {"everywhere": False, "buildings": frozenset({"b2"})}),
        ("full", {"load": 4}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whoever_cannot_be_sent_is_named_with_the_reason(
    reason: str, changes: dict[str, Any]
) -> None:
    found = decided([order()], [technician("wang", **changes)])["o"]
    assert found.technician is None
    assert found.passed_over == {reason: 1}
    assert found.qualified == (reason == "full")


def test_an_expired_certificate_stops_its_own_skill_alone() -> None:
    wang = technician(
        "wang",
        skills={"plumbing": 2, "lift": 2},
        certificates=(certificate(date(2026, 3, 1)),),
    )
    assert sent([order("pipe"), order("cage", skill="lift")], [wang]) == {
        "pipe": None,
        "cage": "wang",
    }


def test_a_certificate_is_valid_on_its_last_day_of_the_community() -> None:
    wang = technician("wang", certificates=(certificate(date(2026, 3, 2)),))
    assert sent([order()], [wang]) == {"o": "wang"}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"skills": {"plumbing": 3}}, {}),
        ({}, {"load": 2}),
        ({"near": "b2"}, {"near": "b3"}),
        ({"near": "b1"}, {"near": "b2"}),
        ({"given": 3}, {"given": 9}),
    ],
    ids=["skill", "load", "distance", "same building", "fairness"],
)
def test_each_part_counts(better: dict[str, Any], worse: dict[str, Any]) -> None:
    people = [technician("a", **worse), technician("b", **better)]
    assert sent([order()], people) == {"o": "b"}


def test_the_urgent_order_comes_first_when_there_are_not_hands_enough() -> None:
    orders = [order("old", urgency=900), order("new", urgency=100)]
    assert sent(orders, [technician("wang", load=3)]) == {"old": "wang", "new": None}


def test_a_round_gives_up_the_best_for_one_to_serve_both_and_says_so() -> None:
    both = technician("both", skills={"plumbing": 3, "lift": 3}, load=3)
    pipes = technician("pipes", skills={"plumbing": 1}, load=3)
    found = decided([order("pipe"), order("cage", skill="lift")], [both, pipes])
    pipe, cage = found["pipe"].choice, found["cage"].choice
    assert pipe is not None and cage is not None
    assert (found["pipe"].technician, pipe.reason) == ("pipes", "best_for_all")
    assert (found["cage"].technician, cage.reason) == ("both", "only_one")
    assert [score.technician for score in pipe.candidates] == ["pipes", "both"]
    assert [one.reason for one in cage.excluded] == ["no_skill"]
    assert (pipe.edition, pipe.at) == (3, AT)


def test_the_total_is_the_weighted_mean_of_the_parts() -> None:
    wang = technician("wang", near="b2", load=1, given=5)
    (score,) = rank(
        order(urgency=250), [wang, technician("chen", shifts=(), given=10)], Weights(), AT, PLACES
    ).candidates
    assert (score.skill, score.load, score.distance, score.urgency, score.fairness) == (
        *(666, 750, 500, 250, 500),
    )
    assert score.total == (10 * 666 + 30 * 750 + 20 * (500 + 250 + 500)) // 100


def test_five_hundred_orders_find_sixty_technicians_within_a_second() -> None:
    rng = random.Random(5)
    places = {f"b{number}": (rng.randrange(2000), rng.randrange(2000)) for number in range(40)}
    people = [
        technician(
            f"t{number}",
            skills={skill: rng.randint(1, 3) for skill in rng.sample(SKILLS, 4)},
            load=rng.randrange(3),
            given=rng.randrange(60),
            near=rng.choice(list(places)),
        )
        for number in range(60)
    ]
    orders = [
        order(
            f"o{number}",
            building=rng.choice(list(places)),
            skill=rng.choice(SKILLS),
            urgency=rng.randrange(1000),
        )
        for number in range(500)
    ]
    solve([[1]])  # its import is paid once a process
    started = time.process_time()
    found = assign(orders, people, Weights(capacity=12), AT, places=places, edition=1, solve=solve)
    assert time.process_time() - started < 1.0
    assert sum(one.technician is not None for one in found) == 500


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], None),
        ([0, 0], None),
        ([5, 5, 5], 0.0),
        ([0, 0, 0, 8], 0.75),
        ([1, 3], 0.25),
    ],
    ids=str,
)
def test_the_gini_figure(counts: list[int], expected: float | None) -> None:
    assert gini(counts) == expected


def test_urgency_grows_with_age_by_the_patience_of_the_category() -> None:
    assert urgency("lift", AT, AT) == 0
    assert urgency("lift", AT - HOUR / 2, AT) == 500
    assert urgency("lift", AT - 2 * HOUR, AT) == 1000
    assert urgency("wall_ceiling", AT - HOUR, AT) == 41
    assert urgency("lift", AT + HOUR, AT) == 0


# 4 hours to respond and 16 to repair, whatever the clock on the wall says
ROUND_THE_CLOCK = Calendar(zone="UTC", week=((Hours(start=0, end=1440),),) * 7)
PROMISED = Targets(
    rules=(
        Rule(target="respond", minutes=240, time="calendar"),
        Rule(target="arrive", minutes=1, time="calendar"),
        Rule(target="repair", minutes=960, time="calendar"),
        Rule(target="respond", minutes=None, time="calendar", category="lift"),
        Rule(target="repair", minutes=None, time="calendar", category="lift"),
    )
)


def urgent(waited: timedelta, priority: Priority, *more: str, category: str = "heating") -> int:
    """Of an order that was reported so long ago; ``more``: what happened to it half-way."""
    happened = [
        Happening(type=name, at=moment, kind="repair", category=category, priority=priority)
        for name, moment in (
            ("WorkOrderSubmitted", AT - waited),
            *((name, AT - waited / 2) for name in more),
        )
    ]
    runs = clock(happened, ROUND_THE_CLOCK, PROMISED, AT)
    return urgency(category, AT - waited, AT, runs=runs, priority=priority)


def test_urgency_grows_with_the_share_of_the_promise_that_is_used_up() -> None:
    assert [urgent(hours * HOUR, "low") for hours in (0, 1, 2, 4, 9)] == [0, 250, 500, 1000, 1000]


def test_what_is_more_important_is_more_urgent_until_all_are_late() -> None:
    priorities: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
    assert [urgent(0 * HOUR, one) for one in priorities] == [0, 200, 400, 600]
    assert [urgent(2 * HOUR, one) for one in priorities] == [500, 600, 700, 800]
    assert [urgent(4 * HOUR, one) for one in priorities] == [1000] * 4


def test_of_two_promises_the_one_used_up_further_makes_it_urgent() -> None:
    handed_back = ("WorkOrderDispatched", "WorkOrderHandedBack")
    assert urgent(4 * HOUR, "low", *handed_back) == 1000, "both happened at once"
    assert urgent(4 * HOUR, "low", "WorkOrderDispatched") == 250, "only the repair is left"


def test_where_nothing_is_promised_the_patience_of_the_category_counts() -> None:
    assert urgent(HOUR / 2, "urgent", category="lift") == 500
