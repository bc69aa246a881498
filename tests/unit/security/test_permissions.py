"""The table of who may do what, and what follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from services.security.accounts import schemas as account_schemas
from services.security.calendars import schemas as calendar_schemas
from services.security.permissions import (
    BELOW_MANAGER,
    ROLES,
    STAFF,
    TABLE,
    reach,
    reads,
    require,
    require_grant,
)
from services.security.register import schemas as register_schemas
from shared.errors import Forbidden
from shared.identity.caller import Caller, Post
from tests.unit.security.estate import Estate

# every method that needs a role, tried at this place
NEEDING = sorted(method for method, rule in TABLE.items() if rule.roles)


def caller(role: str, community: str = "garden", *buildings: str) -> Caller:
    return Caller(person="_.x", posts=(Post(role, community, buildings or None),))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", NEEDING)
def test_just_the_roles_of_the_table_may(method: str, role: str) -> None:
    if role in TABLE[method].roles:
        require(method, caller(role), "garden")
        require(method, caller(role, "*"), "garden")
        with pytest.raises(Forbidden):
            require(method, caller(role, "garden", "garden.b"), "garden")
    else:
        with pytest.raises(Forbidden):
            require(method, caller(role, "*"), "garden")
    with pytest.raises(Forbidden):
        require(method, caller(role), "river")


def test_the_table_has_every_method_and_a_schema_for_it(estate: Estate) -> None:
    schemas = (account_schemas, register_schemas, calendar_schemas)
    for method in TABLE:
        schema = "".join(word.capitalize() for word in method.split("_"))
        found = [m for m in schemas if hasattr(m, schema)]
        assert len(found) == 1
        assert len([made for made, _ in estate.applications if hasattr(made, method)]) == 1
    assert all(set(rule.roles) <= set(ROLES) for rule in TABLE.values())
    assert all(rule.roles or rule.own for rule in TABLE.values())


@pytest.mark.parametrize("role", ROLES)
def test_who_gives_which_post(role: str) -> None:
    require_grant(caller("admin", "*"), role, "*")
    require_grant(caller("admin"), role, "garden")
    cases: list[tuple[Caller, str, bool]] = [
        (caller("manager"), "garden", role in BELOW_MANAGER),
        (caller("manager"), "river", False),
        (caller("manager"), "*", False),
        (caller("manager", "garden", "garden.b"), "garden", False),
        (caller("supervisor", "*"), "garden", False),
        (caller("admin"), "*", False),
    ]
    for who, community, allowed in cases:
        if allowed:
            require_grant(who, role, community)
        else:
            with pytest.raises(Forbidden):
                require_grant(who, role, community)


def test_nothing_below_a_manager_is_above_one() -> None:
    assert BELOW_MANAGER.isdisjoint({"manager", "auditor", "admin", "service"})
    assert set(STAFF) - {"manager"} <= BELOW_MANAGER


@pytest.mark.parametrize(
    ("posts", "found"),
    [
        ((Post("guard", "garden"),), None),
        ((Post("guard", "*"),), None),
        ((Post("guard", "garden", ("b",)), Post("technician", "garden", ("c",))), {"b", "c"}),
        ((Post("guard", "garden", ("b",)), Post("technician", "garden")), None),
    ],
)
def test_how_far_a_post_reaches(posts: tuple[Post, ...], found: Any) -> None:
    assert reach("people", Caller(person="_.x", posts=posts), "garden") == found


def test_reading_without_a_post_is_forbidden() -> None:
    for posts in ((), (Post("resident", "garden"),), (Post("guard", "river"),)):
        who = Caller(person="_.x", posts=posts)
        with pytest.raises(Forbidden):
            reach("people", who, "garden")
        assert not reads("people", who, "garden")
    limited = caller("guard", "garden", "b")
    assert reads("people", limited, "garden")
    assert reads("people", limited, "garden", "b")
    assert not reads("people", limited, "garden", "c")
    assert reads("people", limited, "*")
