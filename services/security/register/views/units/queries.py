"""Reading units."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services.security.register.views.units.projection import VIEW, Row
from shared.following.reader import Reader


def unit(reader: Reader, unit_id: str) -> Row | None:
    found: Row | None = reader.row(VIEW, unit_id)
    return found


def page(
    reader: Reader,
    community: str,
    *,
    buildings: Collection[str] | None,
    after: str | None,
    limit: int,
) -> list[Row]:
    """Units by building and code, behind the unit ``after``; ``buildings`` narrows them down."""
    where = ["community = :community"]
    params: dict[str, Any] = {"community": community}
    if buildings is not None:
        marks = {f"b{number}": building for number, building in enumerate(sorted(buildings))}
        where.append(f"building IN ({', '.join(f':{mark}' for mark in marks)})")
        params.update(marks)
    last = unit(reader, after) if after is not None else None
    if last is not None:
        where.append("(building_code, code, key) > (:building_code, :code, :key)")
        params.update(building_code=last.building_code, code=last.code, key=last.key)
    found: list[Row] = reader.rows(
        VIEW,
        where=" AND ".join(where),
        params=params,
        order="building_code, code, key",
        limit=limit,
    )
    return found
