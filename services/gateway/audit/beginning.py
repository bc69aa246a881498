"""What an order began with, where that is a stream of its own."""

from __future__ import annotations

from collections.abc import Sequence

from shared.audit.chain import Event


def inquiry_of(own: Sequence[Event]) -> str | None:
    """The inquiry that an order was made of, by the order's own events."""
    origin = own[0]["data"].get("origin")
    return origin["id"] if origin is not None and origin["relation"] == "inquiry" else None
