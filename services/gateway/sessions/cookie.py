"""The signed cookie with a session's tokens; what is too long for one cookie goes into several.

Written at log-in, renewal and log-out alone, so that no slow answer brings spent tokens back.
"""

from __future__ import annotations

import ipaddress

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

# browsers take 4096 characters of name, value and attributes together
_PART = 3600
_MOST_PARTS = 8


class CookieSessions(SecureCookieSessionInterface):
    """Keeps ``name``, ``name.1``, ``name.2``... and reads them back as one."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return not on_loopback(request.host)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        found = [
            part for name in self._names(app) if (part := request.cookies.get(name)) is not None
        ]
        serializer = self.get_signing_serializer(app)
        if not found or serializer is None:
            return self.session_class()
        oldest = int(app.permanent_session_lifetime.total_seconds())
        try:
            return self.session_class(serializer.loads("".join(found), max_age=oldest))
        except BadSignature:
            return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        response.vary.add("Cookie")
        serializer = self.get_signing_serializer(app)
        if not session.modified or serializer is None:
            return
        value = serializer.dumps(dict(session)) if session else ""
        text = value.decode() if isinstance(value, bytes) else value
        parts = [text[at : at + _PART] for at in range(0, len(text), _PART)]
        names = self._names(app)
        if len(parts) > len(names):
            raise ValueError(f"a session of {len(text)} characters is more than cookies can hold")
        for name, part in zip(names, parts, strict=False):
            response.set_cookie(
                name,
                part,
                max_age=app.permanent_session_lifetime,
                secure=self.get_cookie_secure(app),
                httponly=True,
                samesite="Lax",
            )
        for name in names[len(parts) :]:
            if name in request.cookies:
                response.delete_cookie(
                    name, secure=self.get_cookie_secure(app), httponly=True, samesite="Lax"
                )

    def _names(self, app: Flask) -> list[str]:
        name = self.get_cookie_name(app)
        return [name, *(f"{name}.{number}" for number in range(1, _MOST_PARTS))]


def on_loopback(host: str) -> bool:
    """Whether the ``Host`` header names this machine, where no TLS is needed."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    name = name.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
