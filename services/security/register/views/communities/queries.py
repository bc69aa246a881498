"""Reading communities."""

from __future__ import annotations

from collections.abc import Iterable

from services.security.register.views.communities.projection import VIEW, Row
from shared.following.reader import Reader


def every(reader: Reader) -> list[Row]:
    found: list[Row] = reader.rows(VIEW)
    return found


def some(reader: Reader, communities: Iterable[str]) -> list[Row]:
    """Those of the given communities that are registered, in order of their keys."""
    found = (reader.row(VIEW, community) for community in sorted(communities))
    return [row for row in found if row is not None]


def name(reader: Reader, community: str) -> str:
    """The name of a community; empty where there is none."""
    row = reader.row(VIEW, community)
    return "" if row is None else str(row.name)
