"""The orders a technician has starred: a few, remembered by this browser alone."""

from __future__ import annotations

from flask import Response, request

from services.gateway.sessions.cookie import on_loopback

COOKIE = "wuye_starred"
MOST = 40
_SECONDS = 30 * 24 * 3600


def starred() -> list[str]:
    """Order names, ``<community>/<number>``."""
    return [one for one in request.cookies.get(COOKIE, "").split("&")[:MOST] if one]


def keep(response: Response, names: list[str]) -> None:
    response.set_cookie(
        COOKIE,
        "&".join(names[-MOST:]),
        max_age=_SECONDS,
        secure=not on_loopback(request.host),
        httponly=True,
        samesite="Lax",
    )
