"""Which language a page is in, and the switch."""

from __future__ import annotations

from flask import Response, g, request

from services.gateway.frame.edge import edge
from services.gateway.sessions.cookie import on_loopback

COOKIE = "wuye_language"
# what the switch shows, each in its own language
NAMES = {"zh-CN": "中文", "en": "English"}
LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}
_YEAR = 365 * 24 * 3600


def language() -> str:
    """The one chosen here, else the account's, else the browser's, else the platform's."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in NAMES:
        return chosen
    visitor = g.get("visitor")
    if visitor is not None and visitor.caller.language in NAMES:
        return str(visitor.caller.language)
    accepted = request.accept_languages.best_match([*NAMES, "zh", "zh-Hans", "zh-Hans-CN"])
    if accepted is None:
        return edge().language
    return "zh-CN" if accepted.startswith("zh") else accepted


def locale() -> str:
    """As Babel names it."""
    return LOCALES[language()]


def keep(response: Response, chosen: str) -> None:
    response.set_cookie(
        COOKIE,
        chosen,
        max_age=_YEAR,
        secure=not on_loopback(request.host),
        httponly=True,
        samesite="Lax",
    )
