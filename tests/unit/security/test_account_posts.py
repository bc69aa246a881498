"""Accounts and their posts: who opens and gives them, to whom and where."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.security.accounts.domain.accounts import AlreadyGranted, TooManyPosts
from shared.errors import Forbidden, Invalid, NotFound
from shared.identity.caller import Caller, Post
from tests.unit.security.estate import NEW_PASSWORD, PASSWORD, Estate


def test_managers_give_what_stands_below_them_in_their_community(garden: Estate) -> None:
    garden.community("river")
    manager, own = garden.staff("manager")
    account = garden.account(garden.person("_"), "worker")
    post = garden.call("grant", manager, account=account, role="technician", community="garden")
    cases: tuple[tuple[str, str], ...] = (
        ("manager", "garden"),
        ("admin", "garden"),
        ("auditor", "garden"),
        ("service", "garden"),
        ("technician", "river"),
        ("technician", "*"),
    )
    for role, community in cases:
        with pytest.raises(Forbidden):
            garden.call("grant", manager, account=account, role=role, community=community)
    with pytest.raises(Forbidden):
        garden.call("withdraw_grant", manager, account=own, post=garden.post(own, "auditor"))
    garden.call("withdraw_grant", manager, account=account, post=post["post"])
    with pytest.raises(NotFound):
        garden.call("withdraw_grant", manager, account=account, post=post["post"])


def test_accounts_are_opened_by_who_manages_the_person(garden: Estate) -> None:
    garden.community("river")
    manager, _ = garden.staff("manager")
    here, there, staff = garden.person(), garden.person("river"), garden.person("_")
    for who, person in ((manager, there), (manager, staff), (Caller(person=here), here)):
        with pytest.raises(Forbidden):
            garden.call("open_account", who, person=person, login="new", password=PASSWORD)
    garden.call("open_account", manager, person=here, login="new", password=PASSWORD)
    elsewhere, _ = garden.staff("manager", "river")
    account = garden.account(garden.person(), "bare")
    with pytest.raises(Forbidden):
        garden.call("set_password", elsewhere, account=account, password=NEW_PASSWORD)


def test_posts_name_places_and_people_that_exist(garden: Estate) -> None:
    garden.community("river")
    building, other = garden.building(), garden.building("river")
    person, account = garden.resident()
    chief = garden.person("_")
    common: dict[str, Any] = {"account": account, "role": "guard", "community": "garden"}
    for field, data in (
        ("community", {"community": "lake"}),
        ("buildings", {"buildings": [other]}),
        ("superior", {"superior": f"_.{uuid4()}"}),
    ):
        with pytest.raises(NotFound) as caught:
            garden.call("grant", **{**common, **data})
        assert list(caught.value.fields) == [field]
    with pytest.raises(Invalid):
        garden.call("grant", **common, superior=person)
    with pytest.raises(Invalid):
        garden.call("grant", **{**common, "buildings": []})
    with pytest.raises(NotFound):
        garden.call("grant", **{**common, "account": f"_.{uuid4()}"})
    garden.call("grant", **common, buildings=[building], superior=chief, team="night")
    with pytest.raises(AlreadyGranted):
        garden.call("grant", **common, buildings=[building, building], team="night")
    garden.settle()
    held = garden.call("me", Caller(person=person))["posts"][1]
    assert held["team"] == "night"
    assert held["superior"] == chief
    token = garden.log_in("wangfang")["access_token"]
    garden.settle()
    assert garden.caller(token).posts[1] == Post("guard", "garden", (building,))


def test_a_token_always_has_room_for_its_posts(garden: Estate) -> None:
    buildings = [garden.building(code=str(number)) for number in range(50)]
    _, account = garden.resident()
    garden.post(account, "guard", buildings=buildings)
    with pytest.raises(TooManyPosts):
        for number in range(30):
            garden.post(account, "guard", buildings=buildings[number : number + 2])
            garden.post(account, "technician", buildings=buildings[number : number + 30])
    token = garden.log_in("wangfang")["access_token"]
    garden.settle()
    assert len(garden.caller(token).posts) > 1
