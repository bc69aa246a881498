"""What is typed about service levels, read into what the service asks for."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import render_template_string
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.levels import aftercare, calendar, hours, ladders, rows, targets
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("09:00-12:00, 13:30-18:00", ["09:00-12:00", "13:30-18:00"]),
        ("9-12，13:30–18", ["09:00-12:00", "13:30-18:00"]),
        ("8：30 至 12：00、13:00～17:30", ["08:30-12:00", "13:00-17:30"]),
        ("0-24", ["00:00-24:00"]),
        ("", []),
        ("休息", []),
        ("Off", []),
        ("nine to five", ["nine", "to", "five"]),
        ("9", ["9"]),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, read: list[str]) -> None:
    assert hours.read(typed) == read


def test_hours_as_bars_leave_out_what_is_no_time() -> None:
    assert hours.bars(["09:00-12:00", "x-y", "18:00-17:00", "13:30-24:00"]) == [
        (540, 180),
        (810, 630),
    ]
    assert hours.minutes(["09:00-12:00"]) == 180


def typed(**values: str) -> Form:
    return Form("any", MultiDict({name.replace("__", "."): text for name, text in values.items()}))


def refused(*fields: str) -> Invalid:
    return Invalid("no", fields={name: ["This is needed."] for name in fields})


# -- working time ---------------------------------------------------------------------------------

LAKESIDE = ZoneInfo("Asia/Shanghai")


def test_a_calendar_in_the_form_is_read_back_as_it_was(language: str) -> None:
    told = {
        "zone": "Asia/Shanghai",
        "week": {**{day: ["09:00-12:00", "13:00-18:00"] for day in hours.WEEKDAYS}, "sun": []},
        "days": [
            {"date": "2026-12-24", "hours": ["09:00-11:00"], "kind": "local", "name": "盘点"},
            {"date": "2027-01-01", "hours": [], "kind": "holiday", "name": "元旦"},
        ],
    }
    form = Form("calendar", calendar.filled(told, LAKESIDE, 2026))
    asked, places = calendar.read(form)
    assert asked == {
        "week": told["week"],
        "days": [{"date": "2026-12-24", "hours": ["09:00-11:00"], "name": "盘点"}],
        "holidays": {"country": "CN", "years": [2027]},
    }
    assert places == [0] and len(calendar.rows(form)) == 1 + calendar.SPARE


def test_the_years_that_are_missing_are_ticked() -> None:
    told: dict[str, Any] = {
        "week": {},
        "days": [{"date": "2026-10-01", "hours": [], "kind": "holiday", "name": "国庆节"}],
    }
    asked, _places = calendar.read(
        Form("calendar", calendar.filled(told, LAKESIDE, 2026, missing=[2027]))
    )
    assert asked["holidays"] == {"country": "CN", "years": [2026, 2027]}


@pytest.mark.parametrize(
    ("tongue", "begun", "sets", "said"),
    [
        ("en", False, True, "No public holidays are entered for 2027. From 1 January on"),
        ("en", True, True, "No public holidays are entered for 2027. Promises run on"),
        ("en", True, True, "See that the year is ticked in the form below, and save."),
        ("en", True, False, "Managers and administrators of the community enter them here."),
        ("zh", False, True, "尚未录入2027年的公众假期。 从1月1日起"),
        ("zh", True, True, "请确认下方表单已勾选该年份，然后保存。"),
    ],
)
def test_who_looks_is_told_that_public_holidays_are_missing_and_what_mends_it(
    client: FlaskClient, tongue: str, begun: bool, sets: bool, said: str
) -> None:
    page = (
        '{% from "levels/parts.html" import missing_holidays with context %}'
        "{{ missing_holidays('2027', begun, sets) }}"
    )
    with client.application.test_request_context(headers={"Accept-Language": tongue}):
        shown = render_template_string(page, begun=begun, sets=sets)
    assert said in " ".join(re.sub("<[^>]+>", " ", shown).split())
    assert ('href="#country"' in shown) == sets


def test_a_calendar_without_holidays_asks_for_none(language: str) -> None:
    told: dict[str, Any] = {"week": {}, "days": []}
    asked, _places = calendar.read(Form("calendar", calendar.filled(told, LAKESIDE, 2026)))
    assert "holidays" not in asked
    assert calendar.filled(None, LAKESIDE, 2026)["country"] == "CN"


def test_what_is_said_of_a_day_is_shown_in_its_row() -> None:
    form = typed(day__1__date="2026-05-02", day__3__date="2026-05-01", rows="4")
    asked, places = calendar.read(form)
    assert places == [1, 3]
    error = refused("days.1.hours.0", "days.2026-05-02", "holidays.years", "week", "week.mon.0")
    found = calendar.renamed(error, asked, places).fields
    assert set(found) == {"day.3.hours.0", "day.1.hours", "years", "whole_week", "week.mon.0"}


def test_days_that_follow_each_other_and_are_alike_are_told_as_one() -> None:
    days = [
        {"date": date, "hours": [], "kind": "holiday", "name": "国庆节"}
        for date in ("2026-09-30", "2026-10-01", "2026-10-02", "2026-10-05")
    ]
    told = calendar.special(days, "2026-10-01")
    assert [(one["date"], one["until"]) for one in told] == [
        ("2026-10-01", "2026-10-02"),
        ("2026-10-05", "2026-10-05"),
    ]


# -- promises and ladders -------------------------------------------------------------------------


def test_promises_in_the_form_are_read_back_as_they_were() -> None:
    rules = [
        {"target": "respond", "minutes": 90, "time": "working", "kind": None, "category": None,
         "priority": "urgent"},
        {"target": "repair", "minutes": 480, "time": "calendar", "kind": "repair",
         "category": "lift", "priority": None},
        {"target": "repair", "minutes": None, "time": "working", "kind": "complaint",
         "category": None, "priority": "low"},
    ]  # fmt: skip
    waits = {"visit": ["repair"], "quote": [], "deferral": ["respond", "arrive"]}
    hours = {"remind_hours": 24, "check_hours": 48, "reopen_hours": 168}
    after = [
        {"kind": None, "category": None, **hours},
        {"kind": "repair", "category": "lift", **hours, "remind_hours": 4},
    ]
    told = {"rules": rules, "stopping": ["parts"], "waits": waits, "aftercare": after}
    asked, places = targets.read(Form("targets", targets.filled(told)))
    assert (asked, places) == (told, ([0, 1, 2], [0, 1]))


def test_a_line_without_hours_is_no_rule_and_one_with_some_of_them_is_wrong() -> None:
    values = targets.filled({"rules": [], "stopping": [], "waits": {}, "aftercare": []})
    for field in aftercare.HOURS:
        assert values[f"after.0.{field}"] == "72"
        values[f"after.0.{field}"] = ""
    values["after.1.category"] = "repair:lift"
    values["after.1.check_hours"] = "５"
    [rule] = targets.read(Form("targets", values))[0]["aftercare"]
    assert (rule["category"], rule["remind_hours"], rule["check_hours"]) == ("lift", 0, 5)
    values["after.1.check_hours"] = "soon"
    with pytest.raises(Invalid) as found:
        targets.read(Form("targets", values))
    assert set(found.value.fields) == {"after.1.check_hours"}


def test_what_is_wrong_with_a_line_after_the_work_is_said_at_its_row() -> None:
    error = targets.renamed(
        refused("aftercare.0.remind_hours", "rules.1.minutes"), targets.Places([2, 4], [3])
    )
    assert set(error.fields) == {"after.3.remind_hours", "rule.4.minutes"}


@pytest.mark.parametrize("amount", ["", "soon", "-5", "1.5"])
def test_a_promise_needs_a_whole_number(amount: str) -> None:
    form = typed(rule__1__target="respond", rule__1__minutes=amount, rows="3")
    with pytest.raises(Invalid) as error:
        targets.read(form)
    assert list(error.value.fields) == ["rule.1.minutes"]


def test_what_is_said_of_a_promise_is_shown_in_its_line() -> None:
    error = rows.renamed(
        refused("rules.1.category", "rules.0", "stopping"), "rules", "rule", [2, 5]
    )
    assert set(error.fields) == {"rule.5.category", "rule.2", "stopping"}


def test_ladders_in_the_form_are_read_back_as_they_were() -> None:
    ladders_ = [
        {"kind": None, "category": None, "steps": [{"percent": 80, "up": 0}]},
        {"kind": "repair", "category": "lift", "steps": [{"percent": 50, "up": 1}]},
        {"kind": "complaint", "category": None, "steps": []},
    ]
    form = Form("ladders", ladders.filled(ladders_))
    assert ladders.read(form) == ({"ladders": ladders_}, [0, 1, 2])


def test_what_is_said_of_a_step_is_shown_where_it_stands() -> None:
    form = typed(
        ladder__1__category="repair:lift",
        ladder__1__steps__0__percent="80",
        ladder__1__steps__2__percent="70",
        rows="2",
    )
    asked, places = ladders.read(form)
    assert [step["percent"] for step in asked["ladders"][0]["steps"]] == [80, 70]
    error = ladders.renamed(refused("ladders.0.steps.1.percent", "ladders.0"), form, places)
    assert set(error.fields) == {"ladder.1.steps.2.percent", "ladder.1"}
