"""Reading communities."""

from __future__ import annotations

from services.workorders.register.views.communities.projection import VIEW, Row
from shared.following.reader import Reader


def community(reader: Reader, slug: str) -> Row | None:
    found: Row | None = reader.row(VIEW, slug)
    return found
