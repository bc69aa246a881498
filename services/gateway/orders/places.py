"""Where something is: a unit, a building, or the community's common ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from services.gateway.frame.directory import Directory, Unit
from shared.errors import Invalid


class Choice(NamedTuple):
    """``value``, what the form sends: ``unit:<id>``, ``building:<id>``, ``common:<community>``."""

    value: str
    label: str


class Place(NamedTuple):
    community: str
    building: str | None
    unit: str | None

    @classmethod
    def read(cls, value: str) -> Place:
        """Out of a ``Choice``'s value; raises ``Invalid``. The service says whether it exists."""
        kind, _colon, id_ = value.partition(":")
        community = id_.partition(".")[0]
        if kind == "unit" and community:
            return cls(community, None, id_)
        if kind == "building" and community:
            return cls(community, id_, None)
        if kind == "common" and community == id_ != "":
            return cls(community, None, None)
        raise Invalid("No place was chosen.", fields={"place": ["This field is required."]})

    def request(self) -> dict[str, str]:
        found = {"community": self.community, "building": self.building, "unit": self.unit}
        return {name: value for name, value in found.items() if value is not None}


def unit_label(building_name: str, code: str) -> str:
    return f"{building_name} {code}"


def label(directory: Directory, order: Mapping[str, Any]) -> str:
    """The place of an order in words."""
    community = order["id"].partition(".")[0]
    if order["unit"]:
        unit = directory.unit(community, order["unit"])
        return unit_label(unit.building_name, unit.code) if unit else _("A home")
    if order["building"]:
        name = directory.building(community, order["building"])
        return shared_label(name) if name else _("Shared parts of a building")
    return _("Common ground")


def shared_label(building_name: str) -> str:
    return _("%(building)s, shared parts", building=building_name)


def of_homes(homes: list[Mapping[str, Any]]) -> list[Choice]:
    """What a resident can report about: their homes, their buildings, the grounds."""
    known = [home for home in homes if "unit" in home]
    units = [
        Choice(f"unit:{home['unit']}", unit_label(home["building_name"], home["code"]))
        for home in known
    ]
    buildings = [
        Choice(f"building:{home['building']}", shared_label(home["building_name"]))
        for home in known
    ]
    grounds = [
        Choice(f"common:{home['community']}", common_label(home["community_name"]))
        for home in known
    ]
    return list(dict.fromkeys([*units, *buildings, *grounds]))


def common_label(community_name: str) -> str:
    return _("%(community)s, common ground", community=community_name)


def of_community(name: str, community: str, units: Mapping[str, Unit]) -> dict[str, list[Choice]]:
    """What staff can report about, by building."""
    found: dict[str, list[Choice]] = {name: [Choice(f"common:{community}", common_label(name))]}
    for unit in units.values():
        group = found.setdefault(
            unit.building_name,
            [Choice(f"building:{unit.building}", shared_label(unit.building_name))],
        )
        group.append(Choice(f"unit:{unit.id}", unit_label(unit.building_name, unit.code)))
    return found
