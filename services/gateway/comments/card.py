"""What was said about an order, for its page."""

from __future__ import annotations

from typing import Any, NamedTuple

from services.gateway.frame import formats
from services.gateway.orders.reader import Reader
from services.gateway.sessions.calls import query
from shared.errors import WuyeError

Data = dict[str, Any]


class Said(NamedTuple):
    """``text`` None: the words are not kept any more. ``side``: of whoever said it."""

    who: str
    own: bool
    side: str
    internal: bool
    at: Any
    text: str | None


def of(order: Data) -> Data | None:
    """None where they cannot be had now."""
    try:
        return query("workorders", "comments", {"id": order["id"]})
    except WuyeError:
        return None


def people(found: Data | None) -> set[str]:
    return {one["by"] for one in (found or {}).get("comments", ())}


def said(reader: Reader, found: Data | None) -> list[Said]:
    return [
        Said(
            who=reader.who(one["by"]),
            own=one["by"] == reader.person,
            side=one["side"],
            internal=one["internal"],
            at=formats.when(one["at"]),
            text=one["text"],
        )
        for one in (found or {}).get("comments", ())
    ]
