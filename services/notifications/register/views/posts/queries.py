"""Reading posts."""

from __future__ import annotations

from services.notifications.register.views.posts.projection import VIEW, Row
from shared.following.reader import Reader
from shared.identity.caller import EVERY, Post


def holders(
    reader: Reader, roles: tuple[str, ...], community: str, building: str | None
) -> list[str]:
    """The people who hold one of these roles at the place, each once, in a fixed order."""
    marks = {f"role_{number}": role for number, role in enumerate(roles)}
    rows: list[Row] = reader.rows(
        VIEW,
        where="community IN (:community, :every) "
        f"AND role IN ({', '.join(f':{mark}' for mark in marks)})",
        params={**marks, "community": community, "every": EVERY},
        order="key",
    )
    here = [
        row.person
        for row in rows
        if Post(row.role, row.community, row.buildings).covers(community, building)
    ]
    return list(dict.fromkeys(here))
