"""Finding people by their number."""

from __future__ import annotations

from services.security.register.views.phones.projection import VIEW, plain
from shared.following.reader import Reader
from shared.privacy.seal import Sealer

MOST = 50


def people_with(reader: Reader, sealer: Sealer, phone: str) -> list[str]:
    """The ids of those who have this number; a family may share one."""
    mark = sealer.mark("phone", plain(phone))
    rows = reader.rows(VIEW, where="phone = :mark", params={"mark": mark}, limit=MOST)
    return [row.key for row in rows]
