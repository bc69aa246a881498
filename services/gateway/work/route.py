"""In which order a technician goes: building by building, door by door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_PARTS = re.compile(r"(\d+)")


class Stop(NamedTuple):
    """``where``: the building's name, or the community's for its grounds."""

    where: str
    orders: list[Mapping[str, Any]]


def by_building(orders: Iterable[Mapping[str, Any]]) -> list[Stop]:
    """Stops in the order of community and building, a stop's orders in that of their doors.

    Each order says ``community_name``, ``building_name`` and ``door`` (both empty where it has
    none) and ``submitted_at``.
    """
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for order in sorted(orders, key=_way):
        place = (order["community_name"], order["building_name"])
        found.setdefault(place, []).append(order)
    return [Stop(building or community, there) for (community, building), there in found.items()]


def _way(order: Mapping[str, Any]) -> tuple[Any, ...]:
    names = (order["community_name"], order["building_name"], order["door"])
    return (*map(_natural, names), order["submitted_at"])


def _natural(name: str) -> list[tuple[int, str]]:
    """``10号楼`` after ``9号楼``."""
    parts = _PARTS.split(name)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts if part]
