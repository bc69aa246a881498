"""Figures out of views and SQL equal those counted straight from the events, one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.analytics.definition import SERVICE
from services.analytics.efficiency.schemas import Efficiency
from services.analytics.satisfaction.schemas import Satisfaction
from services.analytics.selection import DIMENSIONS
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from tests.support.order_facts import BUILDING, CHEN
from tests.support.service_bench import ServiceBench
from tests.unit.analytics.histories import START, histories

auditor = Caller("a", (Post("auditor", "*"),))
ENDS = {"Repaired", "Declined", "Cancelled"}
AGAIN = {"Rejected", "Reopened"}


@st.composite
def questions(draw: Any) -> dict[str, Any]:
    since = START + timedelta(hours=draw(st.integers(0, 24 * 45)))
    asked: dict[str, Any] = {
        "group_by": draw(st.lists(st.sampled_from(DIMENSIONS), unique=True, max_size=3)),
        "time_zone": draw(st.sampled_from(["Asia/Shanghai", "America/New_York"])),
    }
    if draw(st.booleans()):
        asked["from"] = since.isoformat()
    if draw(st.booleans()):
        asked["to"] = (since + timedelta(hours=draw(st.integers(1, 900)))).isoformat()
    for name, value in (
        ("community", "garden"),
        ("building", BUILDING),
        ("category", "lift"),
        ("technician", CHEN),
    ):
        if draw(st.integers(0, 3)) == 0:
            asked[name] = value
    return asked


def by_order(facts: list[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.subject, []).append(fact)
    return found


def short(fact: Fact) -> str:
    return fact.type.removeprefix("WorkOrder")


def inside(asked: dict[str, Any], moment: datetime) -> bool:
    after = "from" not in asked or moment >= datetime.fromisoformat(asked["from"])
    return after and ("to" not in asked or moment < datetime.fromisoformat(asked["to"]))


def asked_for(asked: dict[str, Any], first: Fact, technician: str | None) -> bool:
    found = {
        "community": first.community,
        "building": first.data["building"],
        "category": first.data["category"],
        "technician": technician,
    }
    return all(asked.get(name, value) == value for name, value in found.items())


def group_of(
    asked: dict[str, Any], first: Fact, technician: str | None, moment: datetime
) -> tuple[Any, ...]:
    month = moment.astimezone(ZoneInfo(asked["time_zone"])).strftime("%Y-%m")
    found = {**first.data, "community": first.community, "technician": technician, "month": month}
    return tuple(found[name] for name in asked["group_by"])


@pytest.fixture(scope="module")
def benches() -> Iterator[list[ServiceBench]]:
    made: list[ServiceBench] = []
    yield made
    for bench in made:
        bench.close()


def answered(
    benches: list[ServiceBench], facts: list[Fact], name: str, schema: type, asked: dict[str, Any]
) -> tuple[dict[str, Any], dict[tuple[Any, ...], dict[str, Any]]]:
    bench = ServiceBench(SERVICE)
    benches.append(bench)
    bench.told("workorders", *facts)
    answer = bench.ask(name, name, schema, auditor, **asked)
    groups = {
        tuple(group.pop(dimension) for dimension in asked["group_by"]): group
        for group in answer["groups"]
    }
    return answer["total"], groups


def two(exact: Fraction, steps: int) -> float:
    return math.floor(exact * steps + Fraction(1, 2)) / steps


slow = settings(
    max_examples=800,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@slow
@given(facts=histories(), asked=questions())
def test_satisfaction(benches: list[ServiceBench], facts: list[Fact], asked: Any) -> None:
    rated: list[tuple[Any, int]] = []
    accepted: list[tuple[Any, bool]] = []
    for events in by_order(facts).values():
        first = events[0]
        acts = [fact for fact in events if short(fact) in ("Accepted", "Rated")]
        for fact, following in zip(acts, [*acts, None][1:], strict=True):
            technician = fact.data["technician"]
            group = group_of(asked, first, technician, fact.occurred_at)
            if not asked_for(asked, first, technician) or not inside(asked, fact.occurred_at):
                continue
            if short(fact) == "Rated":
                rated.append((group, fact.data["stars"]))
            elif not fact.data["checked"]:
                accepted.append((group, following is not None and short(following) == "Rated"))
    total, groups = answered(benches, facts, "satisfaction", Satisfaction, asked)
    wanted = {group for group, _ in (*rated, *accepted)}
    assert groups.keys() == (wanted if asked["group_by"] else set())
    for group, figures in (*groups.items(), (None, total)):
        stars = [n for g, n in rated if group in (None, g)]
        asks = [yes for g, yes in accepted if group in (None, g)]
        assert figures["count"] == len(stars)
        assert figures["distribution"] == {str(n): stars.count(n) for n in range(1, 6)}
        assert (figures["accepted"], figures["answered"]) == (len(asks), sum(asks))
        if stars:
            assert figures["mean"] == two(Fraction(sum(stars), len(stars)), 100)
            good = sum(n >= 4 for n in stars)
            assert figures["share_of_4_and_5"] == two(Fraction(good, len(stars)), 10_000)
        if asks:
            assert figures["response_rate"] == two(Fraction(sum(asks), len(asks)), 10_000)


def seconds(values: list[timedelta], percent: int) -> float | None:
    ordered = sorted(values)
    for value in ordered:
        if 100 * sum(other <= value for other in ordered) >= percent * len(ordered):
            return value.total_seconds()
    return None


def story(events: list[Fact], at: datetime) -> dict[str, Any]:
    """What an order's figures are made of, told from its events in the plainest way."""
    first = events[0]
    imported = short(first) == "Imported"
    begun = datetime.fromisoformat(first.data["submitted_at"]) if imported else first.occurred_at
    closed = imported and first.data["state"] == "repaired"
    done = [first.occurred_at] if closed else []
    found: dict[str, Any] = {"begun": begun, "first": first, "imported": imported}
    technician = None
    changes = [(begun, True)] + ([(first.occurred_at, False)] if closed else [])
    for fact in events[1:]:
        name = short(fact)
        if name in ("Dispatched", "Transferred", "Repaired"):
            technician = fact.data["technician"]
        if name in ("HandedBack", "Appealed"):
            technician = None
        if name == "Repaired":
            done.append(fact.occurred_at)
        if name in ENDS:
            changes.append((fact.occurred_at, False))
        if name in AGAIN | {"Appealed"}:
            changes.append((fact.occurred_at, True))
    moments = {
        name: [fact.occurred_at for fact in events if short(fact) == name]
        for name in ("Dispatched", "Accepted", "Rejected", "Reopened")
    }
    last = [fact for fact in events if short(fact) in ("Accepted", "Reopened")][-1:]
    until_now = [is_open for moment, is_open in changes if moment <= at]
    return {
        **found,
        "technician": technician,
        "to_dispatch": moments["Dispatched"][:1],
        "to_first_repair": done[:1],
        "to_last_repair": done[-1:],
        "to_accept": [fact.occurred_at for fact in last if short(fact) == "Accepted"],
        "redone": bool(moments["Rejected"] or moments["Reopened"]),
        "ended": short(events[-1]),
        "open": bool(until_now) and until_now[-1],
    }


@slow
@given(
    facts=histories(),
    asked=questions(),
    hours=st.integers(0, 24 * 60),
    include_imported=st.booleans(),
)
def test_efficiency(
    benches: list[ServiceBench], facts: list[Fact], asked: Any, hours: int, include_imported: bool
) -> None:
    at = START + timedelta(hours=hours)
    counted: list[tuple[Any, dict[str, Any]]] = []
    waiting: list[tuple[Any, dict[str, Any]]] = []
    for events in by_order(facts).values():
        one = story(events, at)
        if not asked_for(asked, one["first"], one["technician"]):
            continue
        if one["imported"] and not include_imported:
            continue
        group = group_of(asked, one["first"], one["technician"], one["begun"])
        if inside(asked, one["begun"]):
            counted.append((group, one))
        if one["open"] and (inside(asked, one["begun"]) or "month" not in asked["group_by"]):
            waiting.append((group, one))
    question = {**asked, "at": at.isoformat(), "include_imported": include_imported}
    total, groups = answered(benches, facts, "efficiency", Efficiency, question)
    wanted = {group for group, _ in (*counted, *waiting)}
    assert groups.keys() == (wanted if asked["group_by"] else set())
    for group, figures in (*groups.items(), (None, total)):
        mine = [one for g, one in counted if group in (None, g)]
        assert figures["count"] == len(mine)
        for name in ("to_dispatch", "to_first_repair", "to_last_repair", "to_accept"):
            values = [moment - one["begun"] for one in mine for moment in one[name]]
            expected = {f"p{percent}": seconds(values, percent) for percent in (50, 90, 95)}
            assert figures[name] == {"count": len(values), **expected}
        repaired = [one for one in mine if one["to_first_repair"]]
        assert figures["repaired"] == len(repaired)
        assert figures["first_time_fixed"] == sum(not one["redone"] for one in repaired)
        for name in ("cancelled", "declined"):
            assert figures[name] == sum(one["ended"] == name.title() for one in mine)
        open_now = [one for g, one in waiting if group in (None, g)]
        ages = [at - one["begun"] for one in open_now]
        assert figures["backlog"]["count"] == len(ages)
        assert figures["backlog"]["age_p50"] == seconds(ages, 50)
        if ages:
            assert figures["backlog"]["age_max"] == max(ages).total_seconds()
            oldest = min(open_now, key=lambda one: (one["begun"], one["first"].data["number"]))
            assert figures["backlog"]["oldest"] == oldest["first"].data["number"]
