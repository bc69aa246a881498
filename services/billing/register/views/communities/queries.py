"""Reading communities."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from services.billing.register.views.communities.projection import VIEW, Row
from shared.following.reader import Reader


def timezone(reader: Reader, community: str) -> ZoneInfo:
    """The community's time zone; UTC where it has not been heard of yet."""
    found: Row | None = reader.row(VIEW, community)
    return ZoneInfo(found.timezone if found is not None else "UTC")
