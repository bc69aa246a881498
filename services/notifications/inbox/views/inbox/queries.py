"""Reading an inbox, the newest first."""

from __future__ import annotations

from services.notifications.inbox.views.inbox.projection import INBOX, Row
from shared.following.reader import Reader


def page(
    reader: Reader, person: str, *, unread: bool, cursor: int | None, limit: int
) -> tuple[list[Row], int | None]:
    """One page, and where the next one begins, if there is more. ``unread``: those alone."""
    where = "person = :person"
    if unread:
        where += " AND read_at IS NULL"
    if cursor is not None:
        where += " AND position < :cursor"
    rows: list[Row] = reader.rows(
        INBOX,
        where=where,
        params={"person": person, "cursor": cursor},
        order="position DESC",
        limit=limit + 1,
    )
    return rows[:limit], rows[limit - 1].position if len(rows) > limit else None


def unread(reader: Reader, person: str) -> int:
    return reader.count(
        INBOX, where="person = :person AND read_at IS NULL", params={"person": person}
    )
