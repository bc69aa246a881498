"""Reading who lives where."""

from __future__ import annotations

from services.workorders.register.views.occupants.projection import VIEW, Row
from shared.following.reader import Reader


def occupants(reader: Reader, unit_id: str) -> list[Row]:
    """Who lives in a unit, in order of the tenancies' ids."""
    found: list[Row] = reader.rows(VIEW, where="unit = :unit", params={"unit": unit_id})
    return found
