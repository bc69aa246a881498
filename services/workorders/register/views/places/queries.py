"""Reading places."""

from __future__ import annotations

from services.workorders.register.views.places.projection import VIEW, Row
from shared.following.reader import Reader


def unit(reader: Reader, unit_id: str) -> Row | None:
    found: Row | None = reader.row(VIEW, unit_id)
    return found
