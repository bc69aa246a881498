"""Reading people."""

from __future__ import annotations

from services.workorders.register.views.people.projection import VIEW, Row
from shared.following.reader import Reader


def person(reader: Reader, person_id: str) -> Row | None:
    """As it was a second ago at most."""
    found: Row | None = reader.recent_row(VIEW, person_id)
    return found
