"""What people type and read: times, money, tables."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest
from rich.console import Console

from cli import console
from cli.console import MOMENT, shown, yuan


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUYE_TIMEZONE", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "offset", "hour"),
    [
        ("2026-03-01T09:30:00+02:00", 2, 9),
        ("2026-03-01T09:30:00Z", 0, 9),
        ("2026-03-01T09:30:00", 8, 9),
        ("2026-03-01 09:30", 8, 9),
        ("2026-03-01", 8, 0),
    ],
)
def test_a_time_without_an_offset_is_in_the_platform_s_zone(
    text: str, offset: int, hour: int
) -> None:
    found = MOMENT.convert(text, None, None)
    assert (found.utcoffset(), found.hour) == (timedelta(hours=offset), hour)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "09:30", "", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="Asia/Shanghai is meant"):
        MOMENT.convert(text, None, None)


def test_times_are_shown_in_a_zone() -> None:
    moment = datetime.fromisoformat("2026-03-01T23:30:15+00:00")
    assert shown(moment, ZoneInfo("Asia/Shanghai")) == "2026-03-02 07:30:15"
    assert shown(moment, ZoneInfo("UTC"), seconds=False) == "2026-03-01 23:30"


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "¥0.00"), (5, "¥0.05"), (123456789, "¥1,234,567.89"), (-150, "-¥1.50")]
)
def test_money(fen: int, text: str) -> None:
    assert yuan(fen) == text


def test_people_s_words_are_no_markup() -> None:
    found = console.table("T", "text")
    console.row(found, "[red]漏水[/red] :smile:")
    written = io.StringIO()
    Console(file=written, width=60).print(found)
    assert "[red]漏水[/red] :smile:" in written.getvalue()
