"""What a client can send that it should not: each is named by its field, and nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.errors import Forbidden, Invalid
from tests.support.estate import Estate
from tests.support.lifecycle import Walk

LONG = 4000
NOWHERE = "lakeside.00000000-0000-4000-8000-000000000000"
OMITTED = object()


def submission(estate: Estate, **changes: Any) -> dict[str, Any]:
    request = {
        "community": estate.community,
        "kind": "repair",
        "category": "plumbing",
        "unit": estate.unit,
        "description": "漏水",
        **changes,
    }
    return {name: value for name, value in request.items() if value is not OMITTED}


WRONG_SUBMISSIONS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"colour": "red"}, "colour"),
    "unknown field of odd characters": ({"a\x00b": 1}, "a\\0b"),
    "missing": ({"description": OMITTED}, "description"),
    "null": ({"description": None}, "description"),
    "blank": ({"description": " \n\t\u3000"}, "description"),
    "number for text": ({"description": 5}, "description"),
    "list for text": ({"description": ["漏水"]}, "description"),
    "object for text": ({"description": {"zh": "漏水"}}, "description"),
    "true for text": ({"description": True}, "description"),
    "too long": ({"description": "漏" * (LONG + 1)}, "description"),
    "too long category": ({"category": "x" * 41}, "category"),
    "unknown kind": ({"kind": "wish"}, "kind"),
    "list for kind": ({"kind": ["repair"]}, "kind"),
    "category of the other kind": ({"category": "noise"}, "category"),
    "unknown channel": ({"channel": "pigeon"}, "channel"),
    "the channel of imports": ({"channel": "import"}, "channel"),
    "id that is none": ({"unit": "1-101"}, "unit"),
    "id in capitals": ({"unit": NOWHERE.upper()}, "unit"),
    "id with a line end": ({"unit": NOWHERE + "\n"}, "unit"),
    "unknown unit": ({"unit": NOWHERE}, "unit"),
    "unknown building": ({"unit": OMITTED, "building": NOWHERE}, "building"),
    "unknown accepter": ({"accepter": NOWHERE}, "accepter"),
    "unknown reporter": ({"reporter": NOWHERE}, "reporter"),
    "unknown community": ({"community": "atlantis"}, "community"),
    "community with a wildcard": ({"community": "*"}, "community"),
    "photos as text": ({"photos": "a.jpg"}, "photos"),
    "too many photos": ({"photos": ["a"] * 13}, "photos"),
    "a photo that is a number": ({"photos": ["a", 5]}, "photos.1"),
    "command id that is none": ({"command_id": "42"}, "command_id"),
    "command id as number": ({"command_id": 42}, "command_id"),
    "text for version": ({"expected_version": "1"}, "expected_version"),
    "negative version": ({"expected_version": -1}, "expected_version"),
    "a version beyond exact numbers": ({"expected_version": 2**53}, "expected_version"),
    "time without offset": ({"occurred_at": "2026-03-01T09:30:00"}, "occurred_at"),
    "time as number": ({"occurred_at": 1_700_000_000}, "occurred_at"),
    "time that is none": ({"occurred_at": "yesterday"}, "occurred_at"),
    "time before all times": ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
    "nul": ({"description": "漏\x00水"}, "description"),
    "nul in an id": ({"unit": NOWHERE[:-1] + "\x00"}, "unit"),
}


@pytest.mark.parametrize("fault", WRONG_SUBMISSIONS)
def test_a_submission_with_a_fault(estate: Estate, nothing_written: None, fault: str) -> None:
    changes, field = WRONG_SUBMISSIONS[fault]
    error = estate.person("resident1").refused(
        Invalid, "workorders", "submit", **submission(estate, **changes)
    )
    assert list(error.fields) == [field]


def test_every_fault_is_named_at_once(estate: Estate, nothing_written: None) -> None:
    request = submission(estate, kind=OMITTED, description=5, colour="red", unit="1-101")
    error = estate.person("resident1").refused(Invalid, "workorders", "submit", **request)
    assert set(error.fields) == {"kind", "description", "colour", "unit"}


WRONG_STARS: list[Any] = [0, 6, -1, "5", 4.5, 5.0, True, [5], 2**70]


@pytest.mark.parametrize(
    ("field", "stars"),
    [(field, stars) for field in ("stars", "speed", "attitude") for stars in WRONG_STARS]
    + [("stars", None), ("stars", OMITTED)],
)
def test_stars_are_whole_numbers_from_1_to_5(
    estate: Estate, accepted: Walk, nothing_written: None, field: str, stars: Any
) -> None:
    request = {"stars": 5, field: stars}
    request = {name: value for name, value in request.items() if value is not OMITTED}
    error = estate.person("resident1").refused(
        Invalid, "workorders", "rate", id=accepted.id, **request
    )
    assert list(error.fields) == [field]


WRONG_REPAIRS: dict[str, tuple[dict[str, Any], str]] = {
    "money as text": ({"charge_fen": "4500"}, "charge_fen"),
    "money with decimals": ({"charge_fen": 45.5}, "charge_fen"),
    "money below nothing": ({"charge_fen": -1}, "charge_fen"),
    "too much money": ({"charge_fen": 10_000_000_001}, "charge_fen"),
    "time below nothing": ({"minutes": -1}, "minutes"),
    "material of unknown field": (
        {"materials": [{"name": "washer", "quantity": 1, "unit_cost_fen": 1, "colour": 1}]},
        "materials.0.colour",
    ),
    "material without name": (
        {"materials": [{"quantity": 1, "unit_cost_fen": 1}]},
        "materials.0.name",
    ),
    "second material of no quantity": (
        {
            "materials": [
                {"name": "washer", "quantity": 1, "unit_cost_fen": 1},
                {"name": "tap", "quantity": 0, "unit_cost_fen": 1},
            ]
        },
        "materials.1.quantity",
    ),
    "material that is text": ({"materials": ["washer"]}, "materials.0"),
    "a time in the future": (
        {"occurred_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        "occurred_at",
    ),
    "a time long ago": (
        {"occurred_at": (datetime.now(UTC) - timedelta(days=8)).isoformat()},
        "occurred_at",
    ),
    "a time before the order": (
        {"occurred_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()},
        "occurred_at",
    ),
}


@pytest.mark.parametrize("fault", WRONG_REPAIRS)
def test_a_repair_with_a_fault(
    estate: Estate, dispatched: Walk, nothing_written: None, fault: str
) -> None:
    changes, field = WRONG_REPAIRS[fault]
    error = estate.person("technician1").refused(
        Invalid, "workorders", "repair", id=dispatched.id, **{"notes": "done", **changes}
    )
    assert list(error.fields) == [field]


def test_residents_do_not_say_when_it_happened(
    estate: Estate, accepted: Walk, nothing_written: None
) -> None:
    then = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    error = estate.person("resident1").refused(
        Forbidden, "workorders", "rate", id=accepted.id, stars=5, occurred_at=then
    )
    assert list(error.fields) == ["occurred_at"]
