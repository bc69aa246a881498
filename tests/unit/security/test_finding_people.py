"""Who answers the phone finds out who calls, by the whole number; the store holds no number."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Forbidden
from shared.identity.caller import Caller
from tests.unit.security.estate import ADMIN, Estate

NUMBER = "138 0013-8000"


@pytest.fixture
def caller(estate: Estate) -> str:
    """Somebody who lives in the garden, with a phone."""
    estate.community()
    estate.community("river")
    person = estate.person(name="王芳", phone=NUMBER)
    estate.person(name="李雷", phone="138 0013-8001")
    estate.call("move_in", person=person, unit=estate.unit(estate.building()), kind="owner")
    estate.settle()
    return person


def found(estate: Estate, who: Caller, phone: str, community: str = "garden") -> list[str]:
    answer = estate.call("find_person", who, community=community, phone=phone)
    return [one["person"] for one in answer["people"]]


@pytest.mark.parametrize("typed", ["13800138000", NUMBER, "+86 138 0013 8000", "0086-13800138000"])
def test_a_number_is_found_however_it_is_written(estate: Estate, caller: str, typed: str) -> None:
    dispatcher, _ = estate.staff("dispatcher")
    assert found(estate, dispatcher, typed) == [caller]


@pytest.mark.parametrize("typed", ["1380013800", "138001380000", "0013 8000", "138"])
def test_a_part_of_a_number_finds_nobody(estate: Estate, caller: str, typed: str) -> None:
    dispatcher, _ = estate.staff("dispatcher")
    assert found(estate, dispatcher, typed) == []


@pytest.mark.parametrize("role", ["resident", "technician", "accountant", "auditor"])
def test_whose_number_it_is_is_told_only_to_those_who_answer_calls(
    estate: Estate, caller: str, role: str
) -> None:
    other, _ = estate.staff(role)
    with pytest.raises(Forbidden):
        found(estate, other, NUMBER)


def test_a_number_is_found_in_its_own_community_alone(estate: Estate, caller: str) -> None:
    elsewhere, _ = estate.staff("dispatcher", "river")
    assert found(estate, elsewhere, NUMBER, "river") == []
    assert found(estate, ADMIN, NUMBER, "river") == []
    with pytest.raises(Forbidden):
        found(estate, elsewhere, NUMBER)


def test_the_number_of_somebody_forgotten_is_gone(estate: Estate, caller: str) -> None:
    dispatcher, _ = estate.staff("dispatcher")
    estate.call("forget_person", person=caller)
    estate.settle()
    assert found(estate, dispatcher, NUMBER) == []
    assert not [row for row in stored(estate) if row["key"] == caller]


def test_the_store_holds_marks_and_no_number(estate: Estate, caller: str) -> None:
    rows = stored(estate)
    assert len({row["phone"] for row in rows}) == len(rows) == 2
    assert not [row for row in rows if "8001" in str(row) or not row["phone"].startswith("marked:")]


def stored(estate: Estate) -> list[dict[str, Any]]:
    with estate.store.reading() as tx:
        return tx.query("SELECT * FROM view_phones_1")
