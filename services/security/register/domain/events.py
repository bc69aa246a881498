"""What the register records. Events repeat the keys of the place, so that each stands by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from msgspec import Struct

from shared.privacy.personal import Personal


class CommunityRegistered(Struct, frozen=True, kw_only=True):
    """``timezone``: an IANA name. ``language``: the one spoken to people who chose none."""

    community: str
    name: str
    timezone: str
    language: str


class BuildingRegistered(Struct, frozen=True, kw_only=True):
    building: str
    community: str
    code: str
    name: str


class UnitRegistered(Struct, frozen=True, kw_only=True):
    unit: str
    building: str
    community: str
    code: str
    building_code: str
    building_name: str


class PersonRegistered(Struct, frozen=True, kw_only=True):
    """``community`` is ``_`` for people of the company."""

    person: str
    community: str
    name: Annotated[str | None, Personal("person")]
    phone: Annotated[str | None, Personal("person")]
    language: str


class PersonForgotten(Struct, frozen=True, kw_only=True):
    """From here on the person's texts can be read by nobody."""

    person: str
    community: str


class TenancyStarted(Struct, frozen=True, kw_only=True):
    """``kind``: owner, tenant or occupant."""

    tenancy: str
    person: str
    unit: str
    building: str
    community: str
    kind: str
    since: datetime


class TenancyEnded(Struct, frozen=True, kw_only=True):
    """``reason``: moved_out or forgotten."""

    tenancy: str
    person: str
    unit: str
    building: str
    community: str
    kind: str
    until: datetime
    reason: str


EVENTS: dict[str, tuple[int, type]] = {
    "CommunityRegistered": (1, CommunityRegistered),
    "BuildingRegistered": (1, BuildingRegistered),
    "UnitRegistered": (1, UnitRegistered),
    "PersonRegistered": (1, PersonRegistered),
    "PersonForgotten": (1, PersonForgotten),
    "TenancyStarted": (1, TenancyStarted),
    "TenancyEnded": (1, TenancyEnded),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
