"""Bad input is named by field; good text comes through byte for byte."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from marshmallow import fields

from shared.errors import Invalid
from shared.schemas import (
    Choice,
    Command,
    Day,
    Fen,
    Flag,
    Id,
    Integer,
    Items,
    Moment,
    Query,
    Schema,
    Text,
    Uuid,
    load,
)

# Names of tests must be the same in every process that collects them.
ONE = "5b0c1f8e-3a77-4d52-9c1e-f04b6a2d9e13"


class Material(Schema):
    name = Text(20, required=True)
    price = Fen(required=True)


class Everything(Command):
    text = Text(10, required=True)
    note = Text(10, load_default=None)
    stars = Integer(minimum=1, maximum=5)
    urgent = Flag()
    kind = Choice(("repair", "complaint"))
    unit = Id()
    token = Uuid()
    at = Moment()
    day = Day()
    phone = Text(20, pattern=r"[0-9]+", hint="Digits only.")
    materials = Items(fields.Nested(Material), 3)


def faults(**data: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        load(Everything, {"text": "x", **data})
    str(caught.value).encode()  # an answer must always be sendable
    return dict(caught.value.fields)


@pytest.mark.parametrize(
    "text",
    ["漏水了", "👩‍🔧🚿", "מים דולפים", "e\u0301 ≠ é", " ends ", "\t.\r\n", "\U0010ffff", "'; DROP"],
)
def test_text_comes_back_as_it_went_in(text: str) -> None:
    assert load(Everything, {"text": text})["text"].encode() == text.encode()


@pytest.mark.parametrize("number", [0, 6, "5", 4.5, 5.0, True, 10**400, [], {}, float("nan")])
def test_stars_are_whole_numbers_from_1_to_5(number: Any) -> None:
    assert list(faults(stars=number)) == ["stars"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 5),
        ("text", None),
        ("text", b"bytes"),
        ("text", ""),
        ("text", " \u3000\n"),
        ("text", "x" * 11),
        ("text", "a\0b"),
        ("text", "a\ud800b"),
        ("note", "\udfff"),
        ("urgent", "true"),
        ("urgent", 1),
        ("kind", "Repair"),
        ("kind", ["repair"]),
        ("unit", "garden"),
        ("unit", f"garden.{ONE}\n"),
        ("unit", f"garden.{ONE.upper()}"),
        ("unit", f"Garden.{ONE}"),
        ("token", "not one"),
        ("token", f"{{{ONE}}}"),
        ("at", "2026-03-01T09:30:00"),
        ("at", "2026-03-01"),
        ("at", "yesterday"),
        ("at", 1772328600),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", "2026-02-30T00:00:00Z"),
        ("day", "2026-02-30"),
        ("day", "20260301"),
        ("day", "2026-03-01T00:00:00Z"),
        ("day", 20260301),
        ("phone", "12a"),
        ("phone", "12\n"),
        ("materials", {"name": "washer", "price": 1}),
        ("materials", [{"name": "washer", "price": 1}] * 4),
        ("command_id", "7"),
        ("expected_version", -1),
        ("occurred_at", "now"),
        ("colour", "red"),
    ],
)
def test_each_fault_names_its_field(name: str, value: Any) -> None:
    found = faults(**{name: value})
    assert list(found) == [name]
    assert all(text for text in found[name])


def test_nested_faults_have_dotted_names() -> None:
    found = faults(materials=[{"name": "ok", "price": 1}, {"name": 3, "price": "1"}, 7])
    assert set(found) == {"materials.1.name", "materials.1.price", "materials.2"}


@pytest.mark.parametrize("body", [None, [], [1], "text", 5])
def test_a_request_that_is_no_object_is_named_as_such(body: Any) -> None:
    with pytest.raises(Invalid) as caught:
        load(Everything, body)
    assert list(caught.value.fields) == ["request"]


def test_nonsense_of_any_size_gets_a_short_answer() -> None:
    found = faults(**{f"\ud800{number}\0" + "x" * 5000: 1 for number in range(500)})
    assert len(found) <= 50
    assert all(len(name) < 200 for name in found)


def test_optional_text_may_be_empty_or_null() -> None:
    assert load(Everything, {"text": "x", "note": ""})["note"] == ""
    assert load(Everything, {"text": "x", "note": None})["note"] is None


def test_moments_become_utc_and_ids_stay() -> None:
    unit, command = f"garden-1.{uuid4()}", str(uuid4())
    found = load(
        Everything,
        {
            "text": "x",
            "at": "2026-03-01T09:30:00+08:00",
            "day": "2026-03-01",
            "unit": unit,
            "command_id": command.upper(),
            "occurred_at": "2026-03-01T01:30:00Z",
        },
    )
    assert found["day"] == date(2026, 3, 1)
    assert found["at"] == found["occurred_at"] == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert found["unit"] == unit
    assert found["command_id"] == command
    assert load(Everything, {"text": "x", "unit": f"_.{uuid4()}"})["unit"].startswith("_.")


def test_what_every_command_and_query_may_carry_defaults_to_none() -> None:
    assert load(Command, {}) == {"command_id": None, "expected_version": None, "occurred_at": None}
    assert load(Query, {}) == {"at_least": None}
    assert Moment().serialize("at", {"at": datetime(2026, 1, 1, tzinfo=UTC)}) == (
        "2026-01-01T00:00:00+00:00"
    )
