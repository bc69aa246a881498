"""What counts and what does not, who may ask, and where months begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.analytics.definition import SERVICE
from services.analytics.efficiency.domain import is_open
from services.analytics.efficiency.schemas import Efficiency
from services.analytics.efficiency.views.milestones.projection import MILESTONES
from services.analytics.permissions import TABLE
from services.analytics.satisfaction.schemas import Satisfaction
from services.analytics.satisfaction.views.ratings.projection import RATINGS
from services.workorders.orders.domain.links import Origin
from shared.errors import Forbidden, Invalid
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from shared.testing.scenario import NOON
from tests.support.order_facts import (
    BUILDING,
    CHEN,
    LI,
    MEI,
    ORDER,
    OTHER_BUILDING,
    QIAN,
    SUN,
    WANG,
    ident,
    order_fact,
)
from tests.support.service_bench import ServiceBench

auditor = Caller("a", (Post("auditor", "*"),))
HOUR = timedelta(hours=1)


@pytest.fixture
def bench() -> Iterator[ServiceBench]:
    found = ServiceBench(SERVICE)
    yield found
    found.close()


def satisfaction(bench: ServiceBench, by: Caller = auditor, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.ask("satisfaction", "satisfaction", Satisfaction, by, **asked)
    return found


def efficiency(bench: ServiceBench, by: Caller = auditor, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.ask("efficiency", "efficiency", Efficiency, by, **asked)
    return found


def life(order: str = ORDER, at: datetime = NOON, stars: int = 5, **keys: Any) -> list[Fact]:
    """Submitted, dispatched, repaired, accepted and rated, an hour apart."""
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("Submitted", LI, {}),
        ("Dispatched", SUN, {}),
        ("Repaired", WANG, {}),
        ("Accepted", LI, {}),
        ("Rated", LI, {"stars": stars}),
    ]
    return [
        order_fact(name, actor, order=order, version=n + 1, at=at + n * HOUR, **{**keys, **more})
        for n, (name, actor, more) in enumerate(steps)
    ]


def test_a_plain_life(bench: ServiceBench) -> None:
    bench.told("workorders", *life())
    figures = satisfaction(bench)["total"]
    assert figures == {
        "count": 1,
        "mean": 5.0,
        "distribution": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1},
        "share_of_4_and_5": 1.0,
        "mean_speed": None,
        "mean_attitude": None,
        "accepted": 1,
        "answered": 1,
        "response_rate": 1.0,
    }
    bench.clock.advance(timedelta(days=1))
    found = efficiency(bench)["total"]
    times = {name: found[name]["p50"] / 3600 for name in found if name.startswith("to_")}
    assert times == {"to_dispatch": 1, "to_first_repair": 2, "to_last_repair": 2, "to_accept": 3}
    assert (found["first_time_fix_share"], found["rework_share"]) == (1.0, 0.0)
    assert [each["count"] for each in found["backlog"].pop("ages")] == [0, 0, 0, 0, 0]
    assert found["backlog"] == {"count": 0, "age_p50": None, "age_max": None, "oldest": None}


def test_nothing_has_no_figures(bench: ServiceBench) -> None:
    figures = satisfaction(bench)["total"]
    assert (figures["count"], figures["mean"], figures["response_rate"]) == (0, None, None)
    assert efficiency(bench, group_by=["month"])["groups"] == []


def test_checks_by_staff_and_imports_are_no_satisfaction(bench: ServiceBench) -> None:
    checked, staff = ident("checked"), ident("staff")
    bench.told(
        "workorders",
        *life(checked)[:3],
        order_fact("Accepted", QIAN, order=checked, version=4, checked=True),
        *(
            order_fact(name, QIAN, order=staff, version=n, accepter=QIAN, **more)
            for n, (name, more) in enumerate(
                (
                    ("Submitted", {"accepter_kind": "staff"}),
                    ("Accepted", {"checked": True}),
                    ("Rated", {"stars": 5}),
                ),
                start=1,
            )
        ),
        order_fact("Imported", "service:o", order=ident("old"), accepter=None, reporter=None),
    )
    figures = satisfaction(bench)["total"]
    assert (figures["count"], figures["accepted"]) == (0, 0)


def test_somebody_elses_rating_is_none(bench: ServiceBench) -> None:
    bench.told("workorders", *life()[:4], order_fact("Rated", MEI, version=5))
    assert satisfaction(bench)["total"]["count"] == 0


def test_each_acceptance_asks_anew(bench: ServiceBench) -> None:
    later = [
        order_fact("Reopened", LI, version=6, at=NOON + 5 * HOUR),
        order_fact("Repaired", CHEN, version=7, at=NOON + 6 * HOUR, technician=CHEN),
        order_fact("Accepted", LI, version=8, at=NOON + 7 * HOUR, technician=CHEN),
    ]
    bench.told("workorders", *life(stars=1), *later)
    found = satisfaction(bench, group_by=["technician"])
    assert (found["total"]["count"], found["total"]["response_rate"]) == (1, 0.5)
    by_technician = {one["technician"]: one["accepted"] for one in found["groups"]}
    assert by_technician == {WANG: 1, CHEN: 1}
    figures = efficiency(bench)["total"]
    assert figures["to_first_repair"]["p50"] == 2 * 3600
    assert figures["to_last_repair"]["p50"] == 6 * 3600
    assert figures["to_accept"]["p50"] == 7 * 3600
    assert (figures["first_time_fixed"], figures["rework_share"]) == (0, 1.0)


def test_imported_orders_count_when_asked_for(bench: ServiceBench) -> None:
    old, open_still = ident("old"), ident("open")
    keys: dict[str, Any] = {"accepter": None, "reporter": None, "building": None, "unit": None}
    closed = {"state": "repaired", "submitted_at": NOON - 9 * HOUR, "closed_at": NOON - 8 * HOUR}
    bench.told(
        "workorders",
        order_fact("Imported", "service:o", order=old, **keys, **closed),
        order_fact(
            "Imported",
            "service:o",
            order=open_still,
            number="R-2",
            submitted_at=NOON - 2 * HOUR,
            **keys,
        ),
    )
    assert efficiency(bench)["total"]["count"] == 0
    found = efficiency(bench, include_imported=True)["total"]
    assert (found["count"], found["repaired"]) == (2, 1)
    assert found["to_first_repair"]["p50"] == 3600
    assert [each["count"] for each in found["backlog"].pop("ages")] == [1, 0, 0, 0, 0]
    assert found["backlog"] == {
        "count": 1,
        "age_p50": 7200.0,
        "age_max": 7200.0,
        "oldest": "R-2",
    }


def test_the_backlog_is_that_of_the_moment(bench: ServiceBench) -> None:
    story = [
        order_fact("Submitted", LI, version=1, at=NOON),
        order_fact("Declined", SUN, version=2, at=NOON + 2 * HOUR),
        order_fact("Appealed", LI, version=3, at=NOON + 4 * HOUR),
    ]
    bench.told("workorders", *story)
    moments = {0: 1, 1: 1, 2: 0, 3: 0, 4: 1, 50: 1, -1: 0}
    found = {
        hours: efficiency(bench, at=(NOON + hours * HOUR).isoformat())["total"]["backlog"]["count"]
        for hours in moments
    }
    assert found == moments
    bench.clock.set(NOON + 3 * HOUR)
    assert efficiency(bench)["total"]["backlog"]["count"] == 0
    bench.clock.set(NOON + 5 * HOUR)
    now = efficiency(bench, **{"from": (NOON + 4 * HOUR).isoformat()})["total"]
    assert (now["count"], now["backlog"]["age_max"]) == (0, 5 * 3600)


def test_claimed_times_out_of_order_make_no_nonsense(bench: ServiceBench) -> None:
    story = [
        order_fact("Submitted", LI, version=1, at=NOON + HOUR),
        order_fact("Dispatched", SUN, version=2, at=NOON + 2 * HOUR),
        order_fact("Repaired", WANG, version=3, at=NOON, recorded=NOON + 3 * HOUR),
        order_fact("Rejected", LI, version=4, at=NOON + 4 * HOUR),
    ]
    bench.told("workorders", *story)
    figures = efficiency(bench)["total"]
    assert figures["to_first_repair"]["p50"] == 0
    row: Any = bench.reader.row(MILESTONES, ORDER)
    assert [(span.since, span.until) for span in row.spans] == [
        (NOON + HOUR, NOON + HOUR),
        (NOON + 4 * HOUR, None),
    ]
    assert is_open(row, NOON + 5 * HOUR) and not is_open(row, NOON + 2 * HOUR)


@pytest.mark.parametrize(
    ("zone", "moment", "month"),
    [
        ("UTC", datetime(2026, 3, 1, 0, 0, tzinfo=UTC), "2026-03"),
        ("Asia/Shanghai", datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), "2026-02"),
        ("Asia/Shanghai", datetime(2026, 2, 28, 16, 0, tzinfo=UTC), "2026-03"),
        # New York: winter time at the first, summer time at the second
        ("America/New_York", datetime(2026, 3, 1, 4, 59, tzinfo=UTC), "2026-02"),
        ("America/New_York", datetime(2026, 3, 1, 5, 0, tzinfo=UTC), "2026-03"),
        ("America/New_York", datetime(2026, 4, 1, 3, 59, tzinfo=UTC), "2026-03"),
        ("America/New_York", datetime(2026, 4, 1, 4, 0, tzinfo=UTC), "2026-04"),
    ],
)
def test_months_are_those_of_the_time_zone(
    bench: ServiceBench, zone: str, moment: datetime, month: str
) -> None:
    bench.told("workorders", order_fact("Submitted", LI, at=moment))
    (group,) = efficiency(bench, group_by=["month"], time_zone=zone)["groups"]
    assert group["month"] == month


def test_from_is_inside_and_to_is_not(bench: ServiceBench) -> None:
    bench.told("workorders", *life())
    rated = NOON + 4 * HOUR

    def count(since: datetime, until: datetime) -> int:
        asked: dict[str, Any] = {"from": since.isoformat(), "to": until.isoformat()}
        return int(satisfaction(bench, **asked)["total"]["count"])

    assert count(rated, rated + HOUR) == 1
    assert count(rated - HOUR, rated) == 0
    assert count(rated + timedelta(microseconds=1), rated + HOUR) == 0


def test_a_rating_after_the_period_answers_an_acceptance_in_it(bench: ServiceBench) -> None:
    bench.told("workorders", *life())
    asked: dict[str, Any] = {"from": NOON.isoformat(), "to": (NOON + 4 * HOUR).isoformat()}
    figures = satisfaction(bench, **asked)["total"]
    assert (figures["count"], figures["accepted"], figures["answered"]) == (0, 1, 1)


def test_everybody_counts_only_what_is_theirs_to_see(bench: ServiceBench) -> None:
    river = ident("order 3", "river")
    bench.told(
        "workorders",
        *life(),
        *life(ident("order 2"), building=OTHER_BUILDING),
        *life(river, building=None),
    )
    house = Caller("h", (Post("supervisor", "garden", (BUILDING,)),))
    both = Caller("b", (Post("manager", "garden"), Post("committee", "river")))
    anywhere = Caller("x", (Post("manager", "*", (OTHER_BUILDING,)),))
    astray = Caller("s", (Post("supervisor", "river", (BUILDING,)),))
    counts = {
        by.person: (
            satisfaction(bench, by)["total"]["count"],
            efficiency(bench, by)["total"]["count"],
        )
        for by in (auditor, house, both, anywhere, astray)
    }
    assert counts == {"a": (3, 3), "h": (1, 1), "b": (3, 3), "x": (1, 1), "s": (0, 0)}
    assert efficiency(bench, house, building=BUILDING)["total"]["count"] == 1
    for by, asked in (
        (house, {"building": OTHER_BUILDING}),
        (house, {"community": "river"}),
        (both, {"community": "elsewhere"}),
        (anywhere, {"building": BUILDING}),
    ):
        for ask in (satisfaction, efficiency):
            with pytest.raises(Forbidden):
                ask(bench, by, **asked)


@pytest.mark.parametrize("role", ["resident", "technician", "dispatcher", "guard", "accountant"])
def test_other_roles_may_not_ask(bench: ServiceBench, role: str) -> None:
    assert all(role not in roles for roles in TABLE.values())
    for ask in (satisfaction, efficiency):
        with pytest.raises(Forbidden):
            ask(bench, Caller("r", (Post(role, "*"),)))


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("group_by.0", {"group_by": ["colour"]}),
        ("group_by", {"group_by": ["month", "month"]}),
        ("time_zone", {"time_zone": "Mars/Olympus"}),
        ("from", {"from": "2026-03-01T00:00:00"}),
        ("to", {"from": "2026-03-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}),
        ("since", {"since": "2026-03-01T00:00:00Z"}),
        ("kind", {"kind": "party"}),
    ],
)
def test_bad_questions_name_their_field(
    bench: ServiceBench, field: str, asked: dict[str, Any]
) -> None:
    for ask in (satisfaction, efficiency):
        with pytest.raises(Invalid) as caught:
            ask(bench, **asked)
        assert list(caught.value.fields) == [field]


def test_a_thousand_groups_at_most(bench: ServiceBench) -> None:
    facts = [
        order_fact("Submitted", LI, order=ident(f"order {number}"), category=f"c{number}")
        for number in range(1001)
    ]
    bench.told("workorders", *facts[:1000])
    assert len(efficiency(bench, group_by=["category"])["groups"]) == 1000
    bench.told("workorders", facts[1000])
    with pytest.raises(Invalid) as caught:
        efficiency(bench, group_by=["category"])
    assert list(caught.value.fields) == ["group_by"]


def test_it_waits_for_what_the_caller_has_seen(bench: ServiceBench) -> None:
    facts = life()
    bench.told("workorders", *facts)
    assert satisfaction(bench, at_least=len(facts))["behind"] is False
    assert efficiency(bench, at_least=len(facts) + 1)["behind"] is True


def test_every_row_survives_its_table(bench: ServiceBench) -> None:
    facts = [*life(), order_fact("Reopened", LI, version=6, at=NOON + 5 * HOUR)]
    bench.told("workorders", *facts)
    for view in (RATINGS, MILESTONES):
        row = None
        for fact in facts:
            if fact.type in view.handles:
                row = view.evolve(row, fact)
        assert bench.reader.row(view, ORDER) == row


def test_a_merged_order_is_counted_once_with_the_other_and_again_once_unmerged(
    bench: ServiceBench,
) -> None:
    twice = ident("twice")
    bench.told("workorders", *life(), *life(twice)[:2])
    bench.told("workorders", order_fact("Merged", SUN, order=twice, version=3, at=NOON + 2 * HOUR))
    late = (NOON + 50 * HOUR).isoformat()
    figures = efficiency(bench, at=late)["total"]
    assert (figures["count"], figures["declined"], figures["backlog"]["count"]) == (1, 0, 0)
    back = order_fact("Unmerged", SUN, order=twice, version=4, at=NOON + 9 * HOUR)
    bench.told("workorders", back)
    figures = efficiency(bench, at=late)["total"]
    assert (figures["count"], figures["backlog"]["count"]) == (2, 1), "it is open again"
    while_merged = efficiency(bench, at=(NOON + 5 * HOUR).isoformat())["total"]
    assert while_merged["backlog"]["count"] == 1, "as if it had never been merged"


def test_an_order_in_parts_is_counted_once(bench: ServiceBench) -> None:
    part = Origin(relation="part_of", id=ORDER, number="R-2026-000001")
    submitted = order_fact("Submitted", SUN, order=ident("part"), origin=part)
    bench.told("workorders", *life(), submitted, *life(ident("part"))[1:4])
    figures = efficiency(bench)["total"]
    assert (figures["count"], figures["repaired"]) == (1, 1)


def test_what_was_reported_again_is_no_rework_and_counted_apart(bench: ServiceBench) -> None:
    again = Origin(relation="follows_up", id=ORDER, number="R-2026-000001")
    later = order_fact("Submitted", LI, order=ident("again"), at=NOON + 99 * HOUR, origin=again)
    bench.told("workorders", *life())
    before = efficiency(bench)["total"]
    bench.told("workorders", later)
    figures = efficiency(bench)["total"]
    assert (figures["count"], figures["follow_ups"], figures["follow_up_share"]) == (2, 1, 0.5)
    assert figures["rework_share"] == 0
    assert figures["to_last_repair"] == before["to_last_repair"]
