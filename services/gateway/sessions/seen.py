"""How far this browser's person has seen each service's log, so that they read their own writes."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from services.gateway.sessions.cookie import on_loopback
from shared.schemas import LARGEST

COOKIE = "wuye_seen"
# every view has long caught up by then, or its service says itself that it is late
_SECONDS = 600
_MOST_LOGS = 10


def positions() -> dict[str, int]:
    """Log name to position."""
    if "seen" not in g:
        g.seen = _read(request.cookies.get(COOKIE, ""))
    found: dict[str, int] = g.seen
    return found


def remember(answer: dict[str, Any]) -> None:
    """Keep the position in a command's answer."""
    log, position = answer.get("log"), answer.get("position")
    if isinstance(log, str) and isinstance(position, int):
        seen = positions()
        seen[log] = max(position, seen.get(log, 0))
        g.seen_more = True


def save(response: Response) -> Response:
    if g.get("seen_more"):
        response.set_cookie(
            COOKIE,
            "&".join(f"{log}:{position}" for log, position in sorted(positions().items())),
            max_age=_SECONDS,
            secure=not on_loopback(request.host),
            httponly=True,
            samesite="Lax",
        )
    return response


def _read(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for pair in text.split("&")[:_MOST_LOGS]:
        log, _, position = pair.partition(":")
        if log.isidentifier() and position.isascii() and position.isdigit():
            number = int(position[:17])
            if number <= LARGEST:
                found[log] = number
    return found
