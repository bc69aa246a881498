"""The register as callers meet it: who may, what is refused, what they then see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.security.register.domain.people import Forgotten
from services.security.register.domain.places import AlreadyRegistered
from services.security.register.domain.tenancies import (
    LivesThereAlready,
    MovedOutAlready,
    OfAnotherCommunity,
)
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from shared.identity.caller import Caller, Post
from tests.unit.security.estate import ADMIN, Estate

MANAGER = Caller(person="_.manager", posts=(Post("manager", "garden"),))


def test_a_community_with_everything_in_it(estate: Estate) -> None:
    estate.community()
    building = estate.building()
    unit = estate.unit(building)
    person = estate.person(phone="+86 138-0000-0000")
    moved = estate.call("move_in", person=person, unit=unit, kind="owner")
    assert moved["state"] == "running"
    estate.settle()

    me = estate.call("me", Caller(person=person), at_least=moved["position"])
    assert me["behind"] is False
    assert (me["name"], me["phone"]) == ("王芳", "+86 138-0000-0000")
    assert (me["community"], me["language"]) == ("garden", "zh-CN")
    (home,) = me["homes"]
    assert home["unit"] == unit
    assert (home["code"], home["building_code"], home["building_name"]) == ("101", "1", "1栋")
    assert (home["community_name"], home["kind"]) == ("garden 花园", "owner")

    assert estate.call("move_out", tenancy=moved["id"])["state"] == "ended"
    estate.settle()
    assert estate.call("me", Caller(person=person))["homes"] == []
    lived = estate.call("person", person=person)["tenancies"]
    assert [one["until"] is None for one in lived] == [False]


def test_codes_are_taken_once_however_they_are_written(estate: Estate) -> None:
    estate.community()
    building = estate.building(code="a1")
    estate.unit(building, "101")
    for code in ("a1", "A1", " a1 ", "\uff211"):
        with pytest.raises(AlreadyRegistered):
            estate.building(code=code)
    with pytest.raises(AlreadyRegistered):
        estate.unit(building, "１０１")
    with pytest.raises(AlreadyRegistered):
        estate.community()
    estate.community("river")
    estate.building("river", "a1")


def test_a_repeated_command_answers_as_the_first_time(estate: Estate) -> None:
    estate.community()
    same: dict[str, Any] = {"community": "garden", "name": "李雷", "command_id": str(uuid4())}
    first = estate.call("register_person", **same)
    assert estate.call("register_person", **same) == first
    with pytest.raises(Conflict):
        estate.call("register_person", **{**same, "name": "韩梅梅"})
    building = str(uuid4())
    made = estate.call(
        "register_building", community="garden", code="1", name="1栋", command_id=building
    )
    assert made == estate.call(
        "register_building", community="garden", code="1", name="1栋", command_id=building
    )


def test_a_repeated_move_in_answers_although_its_person_was_forgotten(estate: Estate) -> None:
    estate.community()
    person, unit = estate.person(), estate.unit(estate.building())
    same: dict[str, Any] = {
        "person": person,
        "unit": unit,
        "kind": "tenant",
        "command_id": str(uuid4()),
    }
    first = estate.call("move_in", **same)
    estate.call("forget_person", person=person)
    estate.settle()
    assert estate.call("move_in", **same) == first


def test_what_is_not_there_is_named(estate: Estate) -> None:
    estate.community()
    unit, person = estate.unit(estate.building()), estate.person()
    nowhere = f"garden.{uuid4()}"
    cases: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("community", "register_building", {"community": "river", "code": "1", "name": "1"}),
        ("community", "register_person", {"community": "river", "name": "x"}),
        ("building", "register_unit", {"building": nowhere, "code": "1"}),
        ("building", "register_unit", {"building": unit, "code": "1"}),
        ("unit", "move_in", {"person": person, "unit": nowhere, "kind": "owner"}),
        ("unit", "move_in", {"person": person, "unit": person, "kind": "owner"}),
        ("person", "move_in", {"person": nowhere, "unit": unit, "kind": "owner"}),
        ("person", "move_in", {"person": unit, "unit": unit, "kind": "owner"}),
        ("tenancy", "move_out", {"tenancy": nowhere}),
        ("person", "forget_person", {"person": nowhere}),
    )
    for field, method, data in cases:
        before = estate.log.head()
        with pytest.raises(NotFound) as caught:
            estate.call(method, **data)
        assert list(caught.value.fields) == [field]
        assert estate.log.head() == before


def test_tenancies_do_not_overlap_or_lie_in_the_future(estate: Estate) -> None:
    estate.community()
    person, unit = estate.person(), estate.unit(estate.building())
    home: dict[str, Any] = {"person": person, "unit": unit, "kind": "owner"}
    with pytest.raises(Invalid):
        estate.call("move_in", since="2026-03-03T00:00:00+08:00", **home)
    moved = estate.call("move_in", since="2026-02-01T00:00:00+08:00", **home)
    with pytest.raises(LivesThereAlready):
        estate.call("move_in", **home)
    with pytest.raises(Invalid):
        estate.call("move_out", tenancy=moved["id"], until="2026-01-31T00:00:00+08:00")
    estate.call("move_out", tenancy=moved["id"])
    with pytest.raises(MovedOutAlready):
        estate.call("move_out", tenancy=moved["id"])
    estate.wait(days=1)
    again = estate.call("move_in", **home)
    assert again["id"] == moved["id"]


def test_people_of_one_community_are_not_moved_into_another(estate: Estate) -> None:
    estate.community()
    unit = estate.unit(estate.building())
    estate.community("river")
    with pytest.raises(OfAnotherCommunity):
        estate.call("move_in", person=estate.person("river"), unit=unit, kind="owner")
    estate.call("move_in", person=estate.person("_"), unit=unit, kind="owner")


def test_managers_register_in_their_own_community_alone(estate: Estate) -> None:
    estate.community()
    estate.community("river")
    estate.call("register_building", MANAGER, community="garden", code="1", name="1")
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("register_building", {"community": "river", "code": "1", "name": "1"}),
        ("register_person", {"community": "river", "name": "x"}),
        ("register_person", {"community": "_", "name": "x"}),
        ("register_community", {"community": "lake", "name": "x"}),
        ("register_unit", {"building": f"river.{uuid4()}", "code": "1"}),
        ("move_in", {"person": f"_.{uuid4()}", "unit": f"river.{uuid4()}", "kind": "owner"}),
        ("move_out", {"tenancy": f"river.{uuid4()}"}),
        ("forget_person", {"person": estate.person()}),
    )
    for method, data in cases:
        with pytest.raises(Forbidden):
            estate.call(method, MANAGER, **data)


def test_staff_see_the_people_of_their_communities(estate: Estate) -> None:
    estate.community()
    estate.community("river")
    one, two = estate.building(code="1"), estate.building(code="2")
    here = estate.person(name="王芳", phone="13800000001")
    there = estate.person(name="李雷", phone="13900000002")
    afar = estate.person("river", name="赵六")
    estate.call("move_in", person=here, unit=estate.unit(one), kind="owner")
    estate.call("move_in", person=there, unit=estate.unit(two), kind="tenant")
    technician, _ = estate.staff("technician")
    everywhere, _ = estate.staff("auditor", "*")
    limited, _ = estate.staff("guard", buildings=[one])
    estate.settle()

    def seen(caller: Caller, **query: Any) -> set[str]:
        return {
            row["person"]
            for row in estate.call("people", caller, community="garden", **query)["people"]
        }

    staff = {technician.person, everywhere.person, limited.person}
    assert seen(technician) == seen(everywhere) == seen(ADMIN) == {here, there, *staff}
    assert seen(limited) == {here, *staff}
    assert seen(technician, search="王") == {here}
    assert seen(technician, search="1390000") == {there}
    assert seen(technician, search="1") == {here, there}
    assert seen(technician, search="王1") == set()
    for caller in (Caller(person=here), technician, limited):
        with pytest.raises(Forbidden):
            estate.call("people", caller, community="river")
        with pytest.raises(Forbidden):
            estate.call("person", caller, person=afar)
    with pytest.raises(Forbidden):
        estate.call("person", limited, person=there)
    with pytest.raises(Forbidden):
        estate.call("person", technician, person=f"river.{uuid4()}")
    with pytest.raises(NotFound):
        estate.call("person", technician, person=f"garden.{uuid4()}")
    assert estate.call("person", Caller(person=here), person=here)["name"] == "王芳"
    assert "accounts" not in estate.call("person", technician, person=here)
    assert estate.call("person", MANAGER, person=here)["accounts"] == []


def test_pages_of_people_and_units_meet_without_a_gap(estate: Estate) -> None:
    estate.community()
    building = estate.building()
    units = [estate.unit(building, f"{number:03}") for number in range(5)]
    people = {estate.person(name=f"p{number}") for number in range(5)}
    estate.settle()
    after, found = None, []
    for _ in range(4):
        page = estate.call("units", community="garden", limit=2, after=after)
        found += [unit["unit"] for unit in page["units"]]
        after = page["next"]
        if after is None:
            break
    assert found == units
    after, seen = None, []
    for _ in range(4):
        page = estate.call("people", community="garden", limit=2, after=after)
        seen += [row["person"] for row in page["people"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == 5
    assert set(seen) == people


def test_everybody_sees_the_communities_they_belong_to(estate: Estate) -> None:
    estate.community()
    estate.community("river")
    resident = estate.person("_")
    estate.call("move_in", person=resident, unit=estate.unit(estate.building()), kind="owner")
    estate.settle()

    def seen(caller: Caller) -> list[str]:
        return [row["community"] for row in estate.call("communities", caller)["communities"]]

    assert seen(ADMIN) == ["garden", "river"]
    assert seen(Caller(person=resident)) == ["garden"]
    assert seen(Caller(person=resident, posts=(Post("guard", "river"),))) == ["garden", "river"]
    assert seen(Caller(person="_.nobody")) == []


def test_units_are_shown_as_far_as_a_post_reaches(estate: Estate) -> None:
    estate.community()
    one, two = estate.building(code="1"), estate.building(code="2")
    mine, other = estate.unit(one), estate.unit(two)
    estate.settle()

    def seen(*posts: Post) -> list[str]:
        answer = estate.call("units", Caller(person="_.x", posts=posts), community="garden")
        return [unit["unit"] for unit in answer["units"]]

    assert seen(Post("committee", "garden")) == [mine, other]
    assert seen(Post("technician", "garden", (one,))) == [mine]
    with pytest.raises(Forbidden):
        seen(Post("resident", "garden"))


def test_somebody_unknown_to_the_register_is_told_so(estate: Estate) -> None:
    estate.settle()
    with pytest.raises(NotFound):
        estate.call("me", ADMIN)


def test_what_was_seen_and_is_not_here_yet_is_waited_for(estate: Estate) -> None:
    estate.settle()
    estate.community()
    estate.settle()
    person = estate.person()
    seen = {"security": estate.log.head()}
    with pytest.raises(Unavailable):
        estate.call("me", Caller(person=person, positions=seen))
    late = estate.call("communities", ADMIN, at_least=estate.log.head())
    assert late["behind"] is True
    assert [row["community"] for row in late["communities"]] == ["garden"]


def test_nothing_is_kept_about_the_forgotten(estate: Estate) -> None:
    estate.community()
    person, unit = estate.person(name="张三", phone="13700000000"), estate.unit(estate.building())
    tenancy = estate.call("move_in", person=person, unit=unit, kind="owner")["id"]
    account = estate.account(person, "zhangsan")
    estate.post(account, "resident")
    estate.settle()
    estate.call("forget_person", person=person)
    estate.settle()

    row = estate.call("person", person=person)
    assert (row["name"], row["phone"], row["forgotten"]) == (None, None, True)
    assert not row["homes"]
    assert not row["posts"]
    assert row["tenancies"][0]["until"] is not None
    assert row["accounts"] == [{"account": account, "login": None, "closed": True, "posts": []}]
    (registered, *_) = estate.log.history(person)
    assert (registered.data.name, registered.data.phone) == (None, None)
    assert estate.log.history(tenancy)[-1].data.reason == "forgotten"
    with pytest.raises(Forgotten):
        estate.call("move_in", person=person, unit=unit, kind="owner")
    with pytest.raises(Forgotten):
        estate.call("open_account", person=person, login="zhangsan2", password="long enough")
    before = estate.log.head()
    assert estate.call("forget_person", person=person)["state"] == "forgotten"
    assert estate.log.head() == before
