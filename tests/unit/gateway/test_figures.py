"""The managers' figures: which days they are about, and charts that are tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from services.gateway.figures import charts, drawing
from services.gateway.figures.charts import Chart
from services.gateway.figures.period import Period
from services.gateway.figures.tiles import Measure, tile

SHANGHAI = ZoneInfo("Asia/Shanghai")
# already the next day in Shanghai
NOW = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-03-10", "2026-03-10"),
        ("yesterday", "2026-03-09", "2026-03-09"),
        ("7", "2026-03-04", "2026-03-10"),
        ("30", "2026-02-09", "2026-03-10"),
        ("nonsense", "2026-02-09", "2026-03-10"),
    ],
)
def test_days_are_those_of_the_communitys_own_clock(name: str, first: str, last: str) -> None:
    period = Period.read({"period": name}, NOW, SHANGHAI)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.question() == {
        "from": f"{first}T00:00:00+08:00",
        "to": f"{date.fromordinal(period.last.toordinal() + 1)}T00:00:00+08:00",
        "time_zone": "Asia/Shanghai",
    }


def test_what_it_is_compared_with_is_as_long_and_just_before() -> None:
    before = Period.read({"period": "7"}, NOW, SHANGHAI).before()
    assert (before.first, before.last) == (date(2026, 2, 25), date(2026, 3, 3))


@pytest.mark.parametrize(
    ("first", "last"),
    [("", ""), ("2026-03-02", "2026-03-01"), ("9999-12-31", "9999-12-31"), ("1", "2")],
    ids=["none", "backwards", "the end of time", "no days"],
)
def test_free_days_that_make_no_sense_are_the_usual_ones(first: str, last: str) -> None:
    period = Period.read({"period": "free", "from": first, "to": last}, NOW, SHANGHAI)
    assert period == Period.read({}, NOW, SHANGHAI)


def test_a_long_time_has_a_point_a_month() -> None:
    free = {"period": "free", "from": "2025-11-15", "to": "2026-03-01"}
    period = Period.read(free, NOW, SHANGHAI)
    assert period.points() == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]


def chart(kind: str = "lines", *values: float | None) -> Chart:
    rows = tuple((f"=d{number}", (value,)) for number, value in enumerate(values))
    return Chart("c", kind, "title", "text", "day", ("count",), rows, charts.counts())


def test_a_chart_as_a_file_has_its_numbers_and_nothing_that_runs() -> None:
    text = chart("lines", 3, None).csv()
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    assert list(csv.reader(text[1:].splitlines())) == [
        ["day", "count"],
        ["'=d0", "3"],
        ["'=d1", ""],
    ]


def test_a_line_breaks_where_nothing_is_known() -> None:
    pieces = drawing.drawn(chart("lines", 1, 2, None, 3, 4)).lines
    assert [len(points.split()) for _series, points in pieces] == [2, 2]


@pytest.mark.parametrize("kind", ["lines", "columns", "bars"])
@pytest.mark.parametrize("values", [(), (0,), (None,), (7,), (1, 1e9)], ids=str)
def test_every_chart_stays_inside_its_picture(
    language: str, kind: str, values: tuple[float | None, ...]
) -> None:
    picture = drawing.drawn(chart(kind, *values))
    for bar in picture.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= picture.width
        assert 0 <= bar.y <= bar.y + bar.height <= picture.height
    for _series, x, y in picture.dots:
        assert 0 <= x <= picture.width and 0 <= y <= picture.height


@pytest.mark.parametrize(
    ("now", "then", "trend", "reached"),
    [
        (4.6, 4.0, "good", True),
        (4.0, 4.6, "bad", False),
        (4.5, 4.5, "", True),
        (4, None, "", False),
        (None, 4, "", None),
    ],
)
def test_a_tile_tells_the_way_it_went_and_whether_it_is_good_enough(
    language: str, now: float | None, then: float | None, trend: str, reached: bool | None
) -> None:
    measure = Measure("stars", ("mean",), charts.stars, 1, 4.5)
    made = tile(measure, {"mean": now}, {"mean": then}, [{"mean": 1}, None, {"mean": 5}])
    assert (made.trend, made.reached, made.target) == (trend, reached, "≥ 4.50")


@pytest.fixture
def english() -> Iterator[None]:
    app = Flask("services.gateway")
    Babel(app)
    with app.test_request_context(), force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 min"),
        (8.4, "8 sec"),
        (59, "59 sec"),
        (1800, "30 min"),
        (7200, "2 hr"),
        (259_200, "3 days"),
        (None, "–"),
    ],
)
def test_a_duration_is_told_in_what_says_it_shortest(
    english: None, seconds: float | None, told: str
) -> None:
    assert charts.duration(seconds) == told


@pytest.mark.parametrize(
    ("highest", "texts"),
    [
        (18, ["0 sec", "10 sec", "20 sec"]),
        (55, ["0 sec", "50 sec", "100 sec"]),
        (60, ["0 min", "0.5 min", "1 min"]),
        (5000, ["0 min", "50 min", "100 min"]),
        (9000, ["0 hr", "2 hr", "4 hr"]),
    ],
)
def test_an_axis_of_times_has_one_unit_and_tells_different_points_apart(
    english: None, highest: float, texts: list[str]
) -> None:
    rows = (("Monday", (1.0,)), ("Tuesday", (highest,)))
    lines = Chart("c", "lines", "title", "text", "day", ("time",), rows, charts.seconds())
    assert [text for _y, text in drawing.drawn(lines).grid] == texts
