"""Given these events, when this is asked, then that: places, people and tenancies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.security.register.domain.events import (
    BuildingRegistered,
    CommunityRegistered,
    PersonForgotten,
    PersonRegistered,
    TenancyEnded,
    TenancyStarted,
    UnitRegistered,
)
from services.security.register.domain.people import (
    PERSON,
    ForgetPerson,
    Forgotten,
    RegisterPerson,
)
from services.security.register.domain.places import (
    BUILDING,
    COMMUNITY,
    UNIT,
    AlreadyRegistered,
    RegisterBuilding,
    RegisterCommunity,
    RegisterUnit,
)
from services.security.register.domain.tenancies import (
    TENANCY,
    LivesThereAlready,
    MovedOutAlready,
    MoveIn,
    MoveOut,
    OfAnotherCommunity,
)
from shared.errors import Invalid, NotFound
from shared.eventlog.decider import Decider
from shared.testing.scenario import NOON, at, given

DAY = timedelta(days=1)
COMMUNITY_EVENT = CommunityRegistered(
    community="garden", name="花园", timezone="Asia/Shanghai", language="zh-CN"
)
BUILDING_EVENT = BuildingRegistered(building="garden.b", community="garden", code="1", name="1栋")
UNIT_EVENT = UnitRegistered(
    unit="garden.u",
    building="garden.b",
    community="garden",
    code="101",
    building_code="1",
    building_name="1栋",
)
PERSON_EVENT = PersonRegistered(
    person="garden.p", community="garden", name="王芳", phone=None, language="en"
)
FORGOTTEN_EVENT = PersonForgotten(person="garden.p", community="garden")
PLACE = {"tenancy": "garden.t", "person": "garden.p", "unit": "garden.u", "community": "garden"}
STARTED = TenancyStarted(**PLACE, building="garden.b", kind="owner", since=NOON)
ENDED = TenancyEnded(
    **PLACE, building="garden.b", kind="owner", until=NOON + DAY, reason="moved_out"
)
REGISTER_COMMUNITY = RegisterCommunity(
    community="garden", name="花园", timezone="Asia/Shanghai", language="zh-CN"
)
REGISTER_BUILDING = RegisterBuilding(
    building="garden.b", community="garden", code="1", name="1栋", known=True
)
REGISTER_UNIT = RegisterUnit(
    unit="garden.u",
    building="garden.b",
    community="garden",
    code="101",
    building_code="1",
    building_name="1栋",
)
REGISTER_PERSON = RegisterPerson(
    person="garden.p", community="garden", name="王芳", phone=None, language="en", known=True
)
MOVE_IN = MoveIn(**PLACE, standing="known", building="garden.b", kind="owner", since=None)


@pytest.mark.parametrize(
    ("decider", "command", "event"),
    [
        (COMMUNITY, REGISTER_COMMUNITY, COMMUNITY_EVENT),
        (BUILDING, REGISTER_BUILDING, BUILDING_EVENT),
        (UNIT, REGISTER_UNIT, UNIT_EVENT),
        (PERSON, REGISTER_PERSON, PERSON_EVENT),
    ],
)
def test_a_thing_is_registered_once(decider: Decider, command: Any, event: Any) -> None:
    given(decider).when(command).then(event)
    given(decider, event).when(command).refused(AlreadyRegistered)


@pytest.mark.parametrize(
    ("decider", "command", "field"),
    [
        (BUILDING, replace(REGISTER_BUILDING, known=False), "community"),
        (UNIT, replace(REGISTER_UNIT, building_code=None), "building"),
        (PERSON, replace(REGISTER_PERSON, known=False), "community"),
        (PERSON, ForgetPerson(), "person"),
        (TENANCY, replace(MOVE_IN, building=None), "unit"),
        (TENANCY, replace(MOVE_IN, standing="unknown"), "person"),
        (TENANCY, MoveOut(until=None), "tenancy"),
    ],
)
def test_what_it_needs_has_to_be_there(decider: Decider, command: Any, field: str) -> None:
    given(decider).when(command).refused(NotFound, fields=[field])


@pytest.mark.parametrize("decider", [COMMUNITY, BUILDING, UNIT, PERSON, TENANCY])
def test_a_stream_of_another_kind_is_as_good_as_none(decider: Decider) -> None:
    events = [COMMUNITY_EVENT, BUILDING_EVENT, UNIT_EVENT, PERSON_EVENT, STARTED]
    own = {COMMUNITY: 0, BUILDING: 1, UNIT: 2, PERSON: 3, TENANCY: 4}
    initial = decider.initial()
    for number, event in enumerate(events):
        after = given(decider, event)
        state = decider.evolve(initial, after.events[0], None)  # type: ignore[arg-type]
        assert (state == initial) is (number != own[decider])


def test_whoever_is_forgotten_stays_so() -> None:
    state = given(PERSON, PERSON_EVENT).when(ForgetPerson()).then(FORGOTTEN_EVENT)
    assert (state.name, state.phone, state.standing) == (None, None, "forgotten")
    given(PERSON, PERSON_EVENT, FORGOTTEN_EVENT).when(ForgetPerson()).then()
    given(PERSON, PERSON_EVENT, FORGOTTEN_EVENT).when(REGISTER_PERSON).refused(AlreadyRegistered)


def test_moving_in_and_out() -> None:
    given(TENANCY).when(MOVE_IN).then(STARTED)
    given(TENANCY, STARTED).when(MoveOut(until=None), at=NOON + DAY).then(ENDED)
    given(TENANCY, STARTED).when(MoveOut(until=NOON), at=NOON + DAY).then(
        replace(ENDED, until=NOON)
    )
    later = NOON + 2 * DAY
    given(TENANCY, STARTED, ENDED).when(MOVE_IN, at=later).then(replace(STARTED, since=later))


def test_a_tenancy_begins_when_it_is_said_to_have() -> None:
    given(TENANCY).when(MOVE_IN, at=NOON, occurred_at=NOON - DAY).then(
        replace(STARTED, since=NOON - DAY)
    )
    given(TENANCY).when(replace(MOVE_IN, since=NOON - 2 * DAY), at=NOON).then(
        replace(STARTED, since=NOON - 2 * DAY)
    )


def test_what_is_refused_of_tenancies() -> None:
    given(TENANCY).when(replace(MOVE_IN, standing="forgotten")).refused(Forgotten)
    given(TENANCY).when(replace(MOVE_IN, person="river.p")).refused(OfAnotherCommunity)
    given(TENANCY, STARTED).when(MOVE_IN).refused(LivesThereAlready, allowed=["move_out"])
    given(TENANCY, STARTED, at(NOON + DAY, ENDED)).when(MoveOut(until=None)).refused(
        MovedOutAlready, allowed=["move_in"]
    )
    future = NOON + DAY
    given(TENANCY).when(replace(MOVE_IN, since=future)).refused(Invalid, fields=["since"])
    given(TENANCY).when(MOVE_IN, occurred_at=future).refused(Invalid, fields=["since"])
    given(TENANCY, STARTED).when(MoveOut(until=future)).refused(Invalid, fields=["until"])
    given(TENANCY, STARTED).when(MoveOut(until=NOON - DAY)).refused(Invalid, fields=["until"])
    given(TENANCY, STARTED, at(NOON + DAY, ENDED)).when(replace(MOVE_IN, since=NOON)).refused(
        Invalid, fields=["since"]
    )


def test_people_of_the_company_live_anywhere() -> None:
    given(TENANCY).when(replace(MOVE_IN, person="_.p")).then(replace(STARTED, person="_.p"))
