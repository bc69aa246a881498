"""Reading posts."""

from __future__ import annotations

from services.workorders.register.views.posts.projection import VIEW, Row
from shared.following.reader import Reader
from shared.identity.caller import EVERY


def at_community(reader: Reader, community: str, role: str) -> list[Row]:
    """The posts of this role at the community or parts of it, in a fixed order."""
    found: list[Row] = reader.rows(
        VIEW,
        where="community IN (:community, :every) AND role = :role",
        params={"community": community, "every": EVERY, "role": role},
    )
    return found


def of(reader: Reader, person: str) -> list[Row]:
    """The posts a person holds, in a fixed order."""
    found: list[Row] = reader.rows(VIEW, where="person = :person", params={"person": person})
    return found
