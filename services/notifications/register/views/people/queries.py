"""Reading people."""

from __future__ import annotations

from services.notifications.register.views.people.projection import VIEW, Row
from shared.following.reader import Reader


def person(reader: Reader, person_id: str) -> Row | None:
    found: Row | None = reader.row(VIEW, person_id)
    return found
