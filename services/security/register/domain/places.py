"""Communities, their buildings, and the units (homes, shops) in them: each registered once.

Here as in all of security, events of another kind leave a state as it is: whoever names a unit
where a person is meant is told that there is no such person.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from services.security.register.domain.events import (
    BuildingRegistered,
    CommunityRegistered,
    UnitRegistered,
)
from shared.errors import NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta


class AlreadyRegistered(Refused):
    """The code or name is taken."""


class Community(Struct, frozen=True, kw_only=True):
    community: str | None = None
    name: str = ""
    timezone: str = ""
    language: str = ""


class RegisterCommunity(Struct, frozen=True, kw_only=True):
    community: str
    name: str
    timezone: str
    language: str


class Building(Struct, frozen=True, kw_only=True):
    building: str | None = None
    community: str = ""
    code: str = ""
    name: str = ""


class RegisterBuilding(Struct, frozen=True, kw_only=True):
    """``known``: whether the community is registered."""

    building: str
    community: str
    code: str
    name: str
    known: bool


class Unit(Struct, frozen=True, kw_only=True):
    unit: str | None = None
    building: str = ""
    community: str = ""
    code: str = ""


class RegisterUnit(Struct, frozen=True, kw_only=True):
    """``building_code`` is ``None`` where the building is not registered."""

    unit: str
    building: str
    community: str
    code: str
    building_code: str | None
    building_name: str


def no_such(field: str, what: str) -> NotFound:
    return NotFound(
        f"There is no such {what}; register it first.",
        fields={field: [f"There is no such {what}."]},
    )


def decide_community(
    command: RegisterCommunity, state: Community, _meta: Meta
) -> list[CommunityRegistered]:
    if state.community is not None:
        raise AlreadyRegistered(f"The community {command.community} is registered already.")
    return [
        CommunityRegistered(
            community=command.community,
            name=command.name,
            timezone=command.timezone,
            language=command.language,
        )
    ]


def evolve_community(state: Community, event: Any, _meta: Meta) -> Community:
    if not isinstance(event, CommunityRegistered):
        return state
    return Community(
        community=event.community,
        name=event.name,
        timezone=event.timezone,
        language=event.language,
    )


def decide_building(
    command: RegisterBuilding, state: Building, _meta: Meta
) -> list[BuildingRegistered]:
    if state.building is not None:
        raise AlreadyRegistered(f"The community has a building {state.code} already.")
    if not command.known:
        raise no_such("community", "community")
    return [
        BuildingRegistered(
            building=command.building,
            community=command.community,
            code=command.code,
            name=command.name,
        )
    ]


def evolve_building(state: Building, event: Any, _meta: Meta) -> Building:
    if not isinstance(event, BuildingRegistered):
        return state
    return Building(
        building=event.building, community=event.community, code=event.code, name=event.name
    )


def decide_unit(command: RegisterUnit, state: Unit, _meta: Meta) -> list[UnitRegistered]:
    if state.unit is not None:
        raise AlreadyRegistered(f"The building has a unit {state.code} already.")
    if command.building_code is None:
        raise no_such("building", "building")
    return [
        UnitRegistered(
            unit=command.unit,
            building=command.building,
            community=command.community,
            code=command.code,
            building_code=command.building_code,
            building_name=command.building_name,
        )
    ]


def evolve_unit(state: Unit, event: Any, _meta: Meta) -> Unit:
    if not isinstance(event, UnitRegistered):
        return state
    return Unit(
        unit=event.unit, building=event.building, community=event.community, code=event.code
    )


COMMUNITY = Decider("community", Community, decide_community, evolve_community)
BUILDING = Decider("building", Building, decide_building, evolve_building)
UNIT = Decider("unit", Unit, decide_unit, evolve_unit)
