"""Figures out of views and SQL equal those counted straight from the events, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.analytics.definition import SERVICE
from services.analytics.efficiency.schemas import Efficiency
from services.analytics.satisfaction.schemas import Satisfaction
from services.analytics.selection import DIMENSIONS
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from tests.support import figures_oracle as oracle
from tests.support.order_facts import BUILDING, CHEN
from tests.support.service_bench import ServiceBench
from tests.unit.analytics.histories import START, histories

auditor = Caller("a", (Post("auditor", "*"),))


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


@pytest.fixture(scope="module")
def benches() -> Iterator[list[ServiceBench]]:
    made: list[ServiceBench] = []
    yield made
    for bench in made:
        bench.close()


def answer(
    benches: list[ServiceBench], facts: list[Fact], name: str, schema: type, asked: dict[str, Any]
) -> dict[str, Any]:
    bench = ServiceBench(SERVICE)
    benches.append(bench)
    bench.told("workorders", *facts)
    found: dict[str, Any] = bench.ask(name, name, schema, auditor, **asked)
    return found


slow = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@slow
@given(facts=histories(), asked=questions())
def test_satisfaction(benches: list[ServiceBench], facts: list[Fact], asked: Any) -> None:
    expected = oracle.satisfaction(facts, asked)
    found = answer(benches, facts, "satisfaction", Satisfaction, asked)
    assert oracle.answered(found, asked, expected) == expected


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
    expected = oracle.efficiency(facts, asked, at, include_imported=include_imported)
    question = {**asked, "at": at.isoformat(), "include_imported": include_imported}
    found = answer(benches, facts, "efficiency", Efficiency, question)
    assert oracle.answered(found, asked, expected) == expected
