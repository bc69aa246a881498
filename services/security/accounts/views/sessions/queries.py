"""Reading sessions."""

from __future__ import annotations

from services.security.accounts.views.sessions.projection import VIEW
from shared.following.reader import Reader


def of_account(reader: Reader, account: str, *, before: int | None = None) -> list[str]:
    """The sessions of an account that were not revoked; ``before``: opened before that position."""
    row = reader.row(VIEW, account)
    if row is None:
        return []
    return [one.session for one in row.sessions if before is None or one.position < before]
