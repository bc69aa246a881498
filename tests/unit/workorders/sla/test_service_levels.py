"""The clock as a service: what is promised and asked for; on a real store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.sla.domain.calendar import NoWorkingTime, OverlappingHours
from services.workorders.sla.domain.levels import (
    CalendarMissing,
    NoSuchVersion,
    NotYoursToPromise,
    PromisesMissing,
)
from services.workorders.sla.domain.targets import RuleGivenTwice
from shared.errors import Invalid, NotFound
from shared.identity.caller import Caller
from tests.support.order_facts import (
    BOSS,
    WANG,
)
from tests.unit.workorders.sla.company import (
    HOUR,
    NINE,
    OFFICE,
    RULES,
    STEPS,
    STOPPING,
    WEEK,
    Company,
    li,
    stranger,
    sun,
    text,
    wang,
)

# -- what is promised ------------------------------------------------------------------------------


def test_without_a_promise_nothing_is_due(company: Company) -> None:
    order = company.submit()
    found = company.sla(order)
    assert (found["targets"], found["calendar_version"]) == ([], None)
    company.bench.clock.advance(1000 * HOUR)
    assert company.fire() == []


def test_a_manager_sets_it_and_staff_read_every_version(company: Company) -> None:
    company.promise()
    company.bench.clock.advance(HOUR)
    answer = company.set("calendar", week={"mon": OFFICE})
    assert answer["calendar_version"] == 2
    now = company.levels()
    assert now["calendar"]["week"]["tue"] == [] and now["calendar"]["zone"] == "Asia/Shanghai"
    assert now["targets"]["stopping"] == STOPPING and now["ladders"][0]["steps"] == STEPS
    assert [(v["version"], v["by"]) for v in now["versions"]["calendar"]] == [(1, BOSS), (2, BOSS)]
    before = company.levels(calendar_version=1)
    assert before["calendar"]["week"]["tue"] == OFFICE


@pytest.mark.parametrize("caller", [sun, wang, li, stranger], ids=["sun", "wang", "li", "stranger"])
def test_nobody_else_sets_it(company: Company, caller: Caller) -> None:
    for what, data in (
        ("calendar", {"week": WEEK}),
        ("targets", {"rules": RULES, "stopping": STOPPING}),
        ("ladders", {"ladders": []}),
    ):
        with pytest.raises(NotYoursToPromise):
            company.set(what, caller, **data)


def test_residents_do_not_read_what_is_set(company: Company) -> None:
    with pytest.raises(NotYoursToPromise):
        company.levels(li)


def test_promises_that_no_calendar_measures_are_refused(company: Company) -> None:
    with pytest.raises(CalendarMissing, match="calendar first"):
        company.set("targets", rules=RULES, stopping=STOPPING)
    assert company.bench.facts() == []
    company.set("targets", rules=[], stopping=STOPPING)
    company.set("calendar", week=WEEK)
    assert company.set("targets", rules=RULES, stopping=STOPPING)["targets_version"] == 2


def test_ladders_to_what_is_not_promised_are_refused(company: Company) -> None:
    with pytest.raises(PromisesMissing, match="targets first"):
        company.set("ladders", ladders=[{"steps": STEPS}])
    assert company.bench.facts() == []
    company.set("ladders", ladders=[])
    company.set("calendar", week=WEEK)
    company.set("targets", rules=RULES, stopping=STOPPING)
    assert company.set("ladders", ladders=[{"steps": STEPS}])["ladders_version"] == 2


def test_the_same_again_is_no_new_version(company: Company) -> None:
    first = company.set("calendar", week=WEEK)
    assert company.set("calendar", week=WEEK)["calendar_version"] == 1
    assert len(company.bench.facts()) == first["version"] == 1


def test_the_holidays_of_china_are_written_down_with_their_shifted_working_days(
    company: Company,
) -> None:
    local = {"date": "2026-10-08", "hours": [], "name": "设备检修"}
    company.set(
        "calendar",
        week=WEEK,
        holidays={"country": "CN", "years": [2026]},
        days=[local, {"date": "2026-10-01", "hours": ["09:00-10:00"], "name": "值班"}],
    )
    event = company.bench.facts()[-1].data["calendar"]
    days = {day["date"]: day for day in event["days"]}
    assert days["2026-02-17"]["kind"] == "holiday" and "春节" in days["2026-02-17"]["name"]
    assert days["2026-02-14"]["kind"] == "shifted"
    assert days["2026-02-14"]["hours"] == event["week"][0]
    assert days["2026-10-08"] == {**local, "kind": "local"}
    assert days["2026-10-01"]["kind"] == "local", "the community's own rule goes first"


@pytest.mark.parametrize(
    ("years", "at", "missing"),
    [
        # 60 days before New Year, which comes eight hours earlier there
        ([2026], "2026-11-01T15:59:59+00:00", []),
        ([2026], "2026-11-01T16:00:00+00:00", [2027]),
        ([2026], "2027-06-01T00:00:00+00:00", [2027]),
        ([2026], "2027-12-01T00:00:00+00:00", [2027, 2028]),
        ([2026, 2027], "2026-12-31T00:00:00+00:00", []),
        ([2026, 2028], "2026-12-31T00:00:00+00:00", [2027]),
        ([], "2026-12-31T00:00:00+00:00", []),
    ],
)
def test_years_whose_public_holidays_nobody_entered_are_named_in_time(
    company: Company, years: list[int], at: str, missing: list[int]
) -> None:
    assert company.levels()["missing_holidays"] == []
    holidays = {"country": "CN", "years": years} if years else None
    own = {"date": "2026-10-09", "hours": [], "name": "设备检修"}
    company.set("calendar", week=WEEK)
    company.set("calendar", week=WEEK, holidays=holidays, days=[own])
    company.bench.clock.set(datetime.fromisoformat(at))
    # of what is in force, whichever version is looked at
    assert company.levels(calendar_version=1)["missing_holidays"] == missing
    assert company.levels()["missing_holidays"] == missing


@pytest.mark.parametrize(
    ("what", "data", "error", "field"),
    [
        ("calendar", {"week": {}}, NoWorkingTime, "week"),
        ("calendar", {"week": {"mon": ["09:00-12:00", "11:00-15:00"]}}, OverlappingHours,
         "week.mon"),
        ("calendar", {"week": {"mon": ["9-12"]}}, Invalid, "week.mon.0"),
        ("calendar", {"week": {"mon": ["12:00-09:00"]}}, Invalid, "week.mon"),
        ("calendar", {"week": {"someday": []}}, Invalid, "week.someday"),
        ("calendar", {"week": WEEK, "days": [{"date": "2026-02-30", "name": "x"}]}, Invalid,
         "days.0.date"),
        ("calendar", {"week": WEEK, "holidays": {"country": "XX", "years": [2026]}}, Invalid,
         "holidays.country"),
        ("calendar", {"week": WEEK, "community": "nowhere"}, Invalid, "community"),
        ("targets", {"rules": [{"target": "repair", "minutes": 5, "priority": "asap"}],
                     "stopping": []}, Invalid, "rules.0.priority"),
        ("targets", {"rules": [RULES[0], RULES[0]], "stopping": []}, RuleGivenTwice, "rules.1"),
        ("targets", {"rules": [], "stopping": ["rain"]}, Invalid, "stopping.0"),
        ("ladders", {"ladders": [{"steps": [{"percent": 80, "up": 9}]}]}, Invalid,
         "ladders.0.steps.0.up"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_input_is_refused_by_its_fields_name_and_nothing_is_written(
    company: Company, what: str, data: dict[str, Any], error: type[Invalid], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        company.set(what, **data)
    assert type(found.value) is error and field in found.value.fields
    assert company.bench.facts() == []


# -- an order's clock ------------------------------------------------------------------------------


def test_an_orders_clock_lists_every_interval_and_why(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "pause", wang, reason="parts")
    company.bench.clock.advance(3 * HOUR)
    company.do(order, "resume", wang)
    company.bench.clock.advance(HOUR)
    found = company.sla(order)
    told = {each["target"]: each for each in found["targets"]}
    respond, repair = told["respond"], told["repair"]
    assert (respond["state"], respond["consumed_seconds"]) == ("met", 1800)
    assert (repair["state"], repair["due"]) == ("running", text(NINE + 7.5 * HOUR))
    assert [(one["why"], one["seconds"]) for one in repair["intervals"]] == [
        ("running", 3600),
        ("paused", 7200),
        ("break", 5400),
        ("running", 1800),
    ]
    assert repair["paused_seconds"] == {"parts": 7200}


def test_a_calendar_set_later_does_not_rewrite_the_past_but_can_be_tried(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR)
    before = company.target(order, "repair")["due"]
    company.set("calendar", week={"tue": OFFICE})
    company.set("targets", rules=[{"target": "repair", "minutes": 1}], stopping=[])
    found = company.sla(order)
    assert (found["calendar_version"], found["targets_version"]) == (1, 1)
    assert company.target(order, "repair")["due"] == before
    tried = company.target(order, "repair", calendar_version=2)
    assert tried["due"] == text(NINE + 29.5 * HOUR), "Tuesday, after four working hours"
    with pytest.raises(NoSuchVersion) as error:
        company.sla(order, calendar_version=7)
    assert list(error.value.fields) == ["calendar_version"]
    assert company.sla(company.submit())["calendar_version"] == 2


def test_a_clock_as_of_then_knows_only_what_was_so_then(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.advance(HOUR)
    then = company.target(order, "respond", at=text(NINE + HOUR / 4))
    assert (then["state"], then["consumed_seconds"]) == ("running", 900)
    with pytest.raises(NotFound):
        company.sla(order, at=text(NINE - HOUR))


def test_what_was_claimed_counts_as_it_happened_and_as_it_was_recorded(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(2 * HOUR)
    company.do(order, "dispatch", sun, technician=WANG, occurred_at=text(NINE + HOUR / 2))
    assert not company.target(order, "respond")["breached"]
    assert company.target(order, "respond", by="recorded")["breached"]


def test_a_stranger_is_not_told_that_there_is_such_an_order(company: Company) -> None:
    order = company.submit()
    with pytest.raises(NoSuchOrder):
        company.sla(order, stranger)
