"""Reading accounts."""

from __future__ import annotations

from services.security.accounts.views.accounts.projection import VIEW, Row
from shared.following.reader import Reader


def account(reader: Reader, account_id: str) -> Row | None:
    found: Row | None = reader.row(VIEW, account_id)
    return found


def of_person(reader: Reader, person: str) -> list[Row]:
    found: list[Row] = reader.rows(VIEW, where="person = :person", params={"person": person})
    return found
