"""What is typed about service levels, read into what the service asks for."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.levels import hours, ladders, targets
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
