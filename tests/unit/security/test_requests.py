"""Bad input is named by field before anything is asked; ids meet when they should."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.security import ids
from services.security.accounts import schemas as accounts
from services.security.register import schemas as register
from shared.errors import Invalid
from shared.schemas import Schema, load

PERSON: dict[str, Any] = {"community": "garden", "name": "王芳"}
GRANT: dict[str, Any] = {"account": f"_.{uuid4()}", "role": "guard", "community": "garden"}
ACCOUNT: dict[str, Any] = {
    "person": f"garden.{uuid4()}",
    "login": "wang",
    "password": "long enough",
}


@pytest.mark.parametrize(
    ("schema", "good", "field", "values"),
    [
        (register.RegisterPerson, PERSON, "community", ["Garden", "*", "g", "a_b", "", "花园", 5]),
        (register.RegisterPerson, PERSON, "name", ["", " ", None, "x" * 101, "a\0", 5]),
        (register.RegisterPerson, PERSON, "language", ["de", "ZH", 5]),
        (
            register.RegisterPerson,
            PERSON,
            "phone",
            ["12", "abc", "1" * 21, "+", "---", "1+2", "12 ", "１２３", 13800000000],
        ),
        (
            register.RegisterCommunity,
            {"community": "garden", "name": "x"},
            "timezone",
            ["Mars/Olympus", "../etc/passwd", "", "asia/shanghai\n", 8],
        ),
        (
            register.RegisterCommunity,
            {"community": "garden", "name": "x"},
            "community",
            ["_", "1a"],
        ),
        (register.Units, {"community": "garden"}, "limit", [0, 1001, "5"]),
        (register.People, {"community": "garden"}, "limit", [0, 501]),
        (accounts.Grant, GRANT, "role", ["king", "", None, ["guard"]]),
        (accounts.Grant, GRANT, "community", ["_", "**", "x*"]),
        (accounts.Grant, GRANT, "buildings", [[], "garden.b", {}, [f"garden.{uuid4()}"] * 51]),
        (accounts.OpenAccount, ACCOUNT, "login", ["ab", "a b", "a\n", "x" * 65]),
        (accounts.OpenAccount, ACCOUNT, "password", ["1234567", "        ", "x" * 201, 12345678]),
        (accounts.Login, {"login": "x", "password": "y"}, "otp", ["1"]),
        (register.Me, {}, "person", [f"_.{uuid4()}"]),
    ],
)
def test_bad_input_is_named(
    schema: type[Schema], good: dict[str, Any], field: str, values: list[Any]
) -> None:
    load(schema, good)
    for value in values:
        with pytest.raises(Invalid) as caught:
            load(schema, {**good, field: value})
        (name,) = caught.value.fields
        assert name.split(".")[0] == field


@pytest.mark.parametrize("phone", ["110", "13800000000", "+86 138-0000-0000", None])
def test_phones_are_taken_as_people_write_them(phone: str | None) -> None:
    assert load(register.RegisterPerson, {**PERSON, "phone": phone})["phone"] == phone


def test_the_company_takes_people_and_every_community_takes_posts() -> None:
    assert load(register.RegisterPerson, {**PERSON, "community": "_"})["community"] == "_"
    assert load(accounts.Grant, {**GRANT, "community": "*"})["community"] == "*"


def test_ids_meet_when_the_thing_is_the_same() -> None:
    assert ids.building_id("garden", "a1") == ids.building_id("garden", " Ａ1 ")
    assert ids.building_id("garden", "1") != ids.building_id("river", "1")
    assert ids.building_id("garden", "1") != ids.unit_id("garden", "1", "")
    assert ids.derived("garden", "x", "a", "bc") != ids.derived("garden", "x", "ab", "c")
    assert ids.account_id("Wang") == ids.account_id("wang")
    assert ids.fresh("garden", "person", "me", "1") == ids.fresh("garden", "person", "me", "1")
    assert ids.fresh("garden", "person", "me", "1") != ids.fresh("garden", "person", "you", "1")
    for made in (ids.SIGNING_KEYS, ids.community_id("garden"), ids.account_id("x")):
        assert load(register.Person, {"person": made})["person"] == made
