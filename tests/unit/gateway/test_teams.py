"""A week of shifts and leave as a picture, and what is typed about people's records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import render_template_string
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.teams.acts import ACTS, renamed
from services.gateway.teams.pages import works_at
from services.gateway.teams.week import Week, standing
from shared.errors import Invalid, Refused

LAKESIDE = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 12, 2)


def span(starts: str, ends: str) -> dict[str, str]:
    return {"id": "x", "starts": starts, "ends": ends}


def person(*shifts: dict[str, str], leave: Any = ()) -> dict[str, Any]:
    return {"shifts": list(shifts), "leave": list(leave)}


def week(text: str = "", zone: ZoneInfo = LAKESIDE) -> Week:
    return Week.of(text, TODAY, zone)


@pytest.mark.parametrize("text", ["", "2026-12-06", "nonsense", "9999-12-31", "0001-01-01"])
def test_a_week_begins_on_monday_and_is_this_one_where_no_day_is_named(text: str) -> None:
    assert week(text).first == date(2026, 11, 30)


def test_a_night_shift_stands_on_both_days() -> None:
    pieces = week().pieces(person(span("2026-11-30T14:00:00+00:00", "2026-11-30T22:00:00+00:00")))
    assert [[(one.start, one.length, one.text) for one in day] for day in pieces[:3]] == [
        [(22 * 60, 120, "22:00–24:00")],
        [(0, 360, "00:00–06:00")],
        [],
    ]


def test_leave_of_whole_days_says_no_hours() -> None:
    leave = [span("2026-12-01T16:00:00+00:00", "2026-12-03T16:00:00+00:00")]
    pieces = week().pieces(person(leave=leave))
    told = [[(one.what, one.text) for one in day] for day in pieces]
    assert told == [[], [], [("leave", "")], [("leave", "")], [], [], []]


def test_where_clocks_are_put_back_a_day_is_as_long_as_its_clocks_show() -> None:
    autumn = Week.of("2026-10-25", TODAY, BERLIN)
    pieces = autumn.pieces(person(span("2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00")))
    assert [(one.start, one.length) for one in pieces[6]] == [(0, 1440)]
    assert pieces[5] == []


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (-10, -1, "expired"),
        (-10, 0, "soon"),
        (-10, 30, "soon"),
        (-10, 31, "valid"),
        (1, 90, "coming"),
    ],
)
def test_how_a_certificate_stands(since: int, until: int, expected: str) -> None:
    days = {
        "valid_from": (TODAY + timedelta(days=since)).isoformat(),
        "valid_until": (TODAY + timedelta(days=until)).isoformat(),
    }
    assert standing(days, TODAY) == expected


def read(act: str, **values: str | list[str]) -> dict[str, Any]:
    return ACTS[act].read(Form(act, MultiDict(values)), LAKESIDE)


def test_shifts_are_planned_for_the_chosen_weekdays_by_the_clocks_there() -> None:
    asked = read(
        "plan_shifts",
        first_day="2026-12-01",
        last_day="2026-12-08",
        weekday=["0", "1"],
        starts="22:00",
        ends="06:00",
        next_day="1",
    )
    assert [one["starts"] for one in asked["shifts"]] == [
        "2026-12-01T14:00:00+00:00",
        "2026-12-07T14:00:00+00:00",
        "2026-12-08T14:00:00+00:00",
    ]
    assert asked["shifts"][0]["ends"] == "2026-12-01T22:00:00+00:00"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("first_day", {"first_day": ""}),
        ("last_day", {"last_day": "2026-11-01"}),
        ("last_day", {"last_day": "2028-12-31"}),
        ("last_day", {"weekday": "6"}),
        ("starts", {"starts": "late"}),
        ("ends", {"ends": ""}),
    ],
)
def test_a_plan_that_cannot_be_read_names_its_field(field: str, changes: dict[str, str]) -> None:
    good = {"first_day": "2026-12-01", "starts": "08:00", "ends": "16:00"}
    with pytest.raises(Invalid) as error:
        read("plan_shifts", **{**good, **changes})
    assert list(error.value.fields) == [field]


def test_the_day_of_a_shift_that_overlaps_is_named(language: str) -> None:
    form = Form("plan_shifts", MultiDict({"first_day": "2026-12-01", "last_day": "2026-12-04"}))
    error = Refused("no", fields={"shifts.2": ["It overlaps another shift."]})
    found, clash = renamed(error, form)
    assert list(found.fields) == ["first_day"]
    assert clash is not None and "3" in clash
    found, _clash = renamed(Invalid("no", fields={"shifts.0.ends": ["x"]}), form)
    assert list(found.fields) == ["ends"]


@pytest.mark.parametrize("field", ["skill", "title", "valid_from", "valid_until"])
def test_a_certificate_says_all_that_it_must(field: str) -> None:
    good = {"skill": "lift", "title": "证", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}
    assert read("record_certificate", **good)["number"] is None
    with pytest.raises(Invalid) as error:
        read("record_certificate", **{**good, field: " "})
    assert list(error.value.fields) == [field]


def test_who_takes_time_away_is_led_to_the_visits_that_are_agreed_for_it(
    client: FlaskClient,
) -> None:
    order = "lakeside.0b0f3a1e-6c58-4d3f-9e02-7a4f4ed0b8c7"
    visit = {
        "order": order,
        "number": "R-2026-000007",
        "starts": "2026-12-02T01:00:00Z",
        "ends": "2026-12-02T03:00:00Z",
    }
    page = '{% from "teams/parts.html" import visits_left with context %}{{ visits_left(v, zone) }}'
    with client.application.test_request_context(headers={"Accept-Language": "en"}):
        shown = render_template_string(page, v=[visit], zone=LAKESIDE)
    assert 'href="/orders/lakeside/R-2026-000007"' in shown
    assert "give them to somebody else, move them or call them off" in shown
    assert "Dec 2, 2026, 09:00–11:00" in shown


@pytest.mark.parametrize(
    ("role", "community", "works"),
    [
        ("technician", "lakeside", True),
        ("technician", "*", True),
        ("technician", "hill", False),
        ("dispatcher", "lakeside", False),
    ],
)
def test_work_is_given_out_to_technicians_of_the_community_alone(
    role: str, community: str, works: bool
) -> None:
    elsewhere = {"role": "guard", "community": "lakeside"}
    assert works_at([elsewhere, {"role": role, "community": community}], "lakeside") == works
