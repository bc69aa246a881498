"""Reading tenancies."""

from __future__ import annotations

from services.security.register.views.tenancies.projection import VIEW, Row
from shared.following.reader import Reader


def of_person(reader: Reader, person: str) -> list[Row]:
    """Where somebody lives and lived, oldest first."""
    found: list[Row] = reader.rows(
        VIEW, where="person = :person", params={"person": person}, order="since, key"
    )
    return found


def running(reader: Reader, person: str) -> list[Row]:
    """Where somebody lives."""
    return [row for row in of_person(reader, person) if row.until is None]
