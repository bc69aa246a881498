"""What people type, and what is read out of it."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.frame.safety import local
from services.gateway.orders.acts import ACTS
from services.gateway.orders.places import Place
from services.gateway.sessions.cookie import on_loopback
from shared.errors import Conflict, Invalid, TimedOut

COMMAND = "7d2f3c6e-2b0e-4b53-9a5e-0c7a3f1f9d10"


def repair(**typed: str | list[str]) -> dict[str, object]:
    return ACTS["repair"].read(Form("repair", MultiDict({"notes": "done", **typed})))


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("", 0),
        ("35", 3500),
        ("35.5", 3550),
        ("￥35.50", 3550),
        ("¥ 1,200", 120_000),
        ("３５", 3500),
    ],
    ids=["nothing", "yuan", "a tenth", "with a sign", "thousands", "wide digits"],
)
def test_an_amount_is_read_as_people_write_it(typed: str, fen: int) -> None:
    assert repair(charge=typed)["charge_fen"] == fen


@pytest.mark.parametrize("typed", ["35.555", "-1", "NaN", "1e9", "12a", "Infinity", "9" * 20])
def test_what_is_no_amount_is_no_amount(typed: str) -> None:
    with pytest.raises(Invalid) as found:
        repair(charge=typed)
    assert set(found.value.fields) == {"charge_fen"}


def test_rows_of_material_without_a_name_are_left_out() -> None:
    read = repair(
        material_name=["washer", " ", ""],
        material_quantity=["", "7", ""],
        material_cost=["1.5", "", ""],
    )
    assert read["materials"] == [{"name": "washer", "quantity": 1, "unit_cost_fen": 150}]


@pytest.mark.parametrize("typed", ["", "unit:", "common:", "roof:lakeside", "lakeside"])
def test_what_is_no_place_is_asked_for_again(typed: str) -> None:
    with pytest.raises(Invalid) as found:
        Place.read(typed)
    assert set(found.value.fields) == {"place"}


@pytest.mark.parametrize("path", ["/", "/orders?tab=rated", "/orders/lakeside/R-2026-000001"])
def test_a_path_of_this_site_may_be_gone_on_to(path: str) -> None:
    assert local(path, "/home") == path


@pytest.mark.parametrize(
    "path",
    [None, "", "orders", "//evil.example", "/\\evil.example", "https://evil.example", "/\n/evil"],
    ids=["none", "empty", "relative", "two slashes", "backslash", "absolute", "line break"],
)
def test_no_other_path_may(path: str | None) -> None:
    assert local(path, "/home") == "/home"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("[::1]:8000", True),
        ("wuye.localhost:8000", True),
        ("wuye.example.org", False),
        ("10.0.0.7:8000", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_the_rest_of_the_world(host: str, here: bool) -> None:
    assert on_loopback(host) is here


def test_a_form_keeps_its_command_id_until_it_was_carried_out() -> None:
    typed = MultiDict({"command_id": COMMAND})
    assert Form("rate", typed, TimedOut("late")).id == COMMAND
    assert Form("rate", typed, Conflict("spent")).id != COMMAND
    assert Form("rate", MultiDict({"command_id": "x"})).id not in ("x", COMMAND)
