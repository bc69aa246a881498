"""What a promise would come to before it is set, and which orders run out of time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.sla import schemas
from services.workorders.sla.domain.calendar import NoWorkingTime
from services.workorders.sla.domain.levels import CalendarMissing
from services.workorders.sla.domain.targets import RuleGivenTwice
from shared.errors import Forbidden, Invalid
from shared.identity.caller import Caller
from tests.support.order_facts import COMMUNITY, WANG
from tests.unit.workorders.sla.company import (
    HOUR,
    NINE,
    WEEK,
    Company,
    as_json,
    boss,
    li,
    stranger,
    sun,
    text,
    wang,
)


def preview(company: Company, caller: Caller = boss, /, **asked: Any) -> Any:
    asked = {"community": COMMUNITY, **asked}
    return as_json(
        company.bench.ask("outlook", "preview_levels", schemas.PreviewLevels, caller, **asked)
    )


def at_risk(company: Company, caller: Caller = sun, /, **asked: Any) -> Any:
    asked = {"community": COMMUNITY, **asked}
    return as_json(company.bench.ask("outlook", "at_risk", schemas.AtRisk, caller, **asked))


def due(found: Any, priority: str, target: str) -> str | None:
    (one,) = [
        each
        for each in found["promises"]
        if (each["priority"], each["target"]) == (priority, target)
    ]
    told: str | None = one["due"]
    return told


def test_a_preview_says_what_an_order_would_be_due_by_and_writes_nothing(company: Company) -> None:
    company.promise()
    head = company.bench.parts.log.head()
    found = preview(company, at=text(NINE))
    assert due(found, "normal", "respond") == text(NINE + HOUR)
    assert due(found, "normal", "repair") == text(NINE + 5.5 * HOUR)
    assert due(found, "urgent", "repair") == text(NINE + 2 * HOUR)
    assert ("low", "repair") not in {(one["priority"], one["target"]) for one in found["promises"]}
    late = preview(company, at=text(NINE), week={"mon": ["15:00-16:00"]})
    assert due(late, "normal", "respond") == text(NINE + 7 * HOUR)
    rules = [{"target": "accept", "minutes": 60}]
    assert preview(company, rules=rules)["promises"][0]["due"] is None
    assert company.bench.parts.log.head() == head


def test_a_preview_of_promises_that_no_calendar_measures_is_refused(company: Company) -> None:
    rules = [{"target": "respond", "minutes": 60}]
    with pytest.raises(CalendarMissing):
        preview(company, rules=rules)
    assert preview(company, rules=rules, week=WEEK)["promises"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"holidays": {"country": "CN", "years": [2026]}}, "week"),
        ({"days": [{"date": "2026-03-01", "hours": [], "name": "move"}]}, "week"),
        ({"category": "sauna"}, "category"),
    ],
)
def test_a_preview_leaves_nothing_aside_that_it_is_given(
    company: Company, asked: dict[str, Any], field: str
) -> None:
    company.promise()
    with pytest.raises(Invalid) as found:
        preview(company, **asked)
    assert list(found.value.fields) == [field]


def test_a_preview_agrees_with_the_clock_of_an_order_then_submitted(company: Company) -> None:
    company.promise()
    company.set("calendar", week={"tue": ["10:00-11:00"], "wed": ["10:00-11:00"]})
    promised = preview(company, at=text(NINE), category="plumbing")
    order = company.submit()
    assert company.target(order, "repair")["due"] == due(promised, "normal", "repair")


def test_a_preview_shows_the_holidays_that_would_be_set(company: Company) -> None:
    found = preview(company, week=WEEK, holidays={"country": "CN", "years": [2026]})
    days = {one["date"]: one["kind"] for one in found["calendar"]["days"]}
    assert (days["2026-10-01"], days["2026-10-10"]) == ("holiday", "shifted")
    assert found["promises"] == []


def test_a_preview_refuses_what_could_not_be_set(company: Company) -> None:
    with pytest.raises(NoWorkingTime) as error:
        preview(company, week={"mon": []})
    assert list(error.value.fields) == ["week"]
    rule = {"target": "respond", "minutes": 5}
    with pytest.raises(RuleGivenTwice) as twice:
        preview(company, rules=[rule, rule])
    assert list(twice.value.fields) == ["rules.1"]
    with pytest.raises(Forbidden):
        preview(company, li)


def test_at_risk_is_what_has_used_up_most_of_its_time_and_overdue_what_broke_it(
    company: Company,
) -> None:
    company.promise()
    first = company.submit()
    company.bench.clock.set(NINE + timedelta(minutes=47))
    company.bench.settle()
    assert at_risk(company)["orders"] == []
    company.bench.clock.set(NINE + timedelta(minutes=48))
    (one,) = at_risk(company)["orders"]
    assert (one["id"], one["target"], one["percent"], one["breached"]) == (
        first,
        "respond",
        80,
        False,
    )
    second = company.submit()
    company.bench.clock.set(NINE + timedelta(minutes=110))
    company.bench.settle()
    found = at_risk(company)
    assert [(each["id"], each["breached"]) for each in found["orders"]] == [
        (first, True),
        (second, True),
    ]
    assert (found["overdue"], found["at_risk"]) == (2, 0)
    assert found["orders"][0]["remaining_seconds"] == -50 * 60
    company.do(first, "dispatch", sun, technician=WANG)
    company.bench.settle()
    assert [each["id"] for each in at_risk(company)["orders"]] == [second]
    assert at_risk(company, percent=30)["at_risk"] == 1


def test_what_is_at_risk_is_for_those_who_lead_or_dispatch(company: Company) -> None:
    for caller in (li, wang, stranger):
        with pytest.raises(Forbidden):
            at_risk(company, caller)
