"""Who is looking at the pages, by the tokens in their cookie."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
from flask import g, request, session

from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.sessions.renewals import Tokens
from shared.errors import TimedOut, Unauthenticated, Unavailable
from shared.identity.caller import Caller, Post
from shared.identity.tokens import Claims

# a token is renewed when this much of its ten minutes is left
NEAR_END = 120
STAFF = frozenset(
    {
        "technician",
        "dispatcher",
        "supervisor",
        "manager",
        "guard",
        "accountant",
        "auditor",
        "admin",
        "service",
    }
)
LEADERS = frozenset({"dispatcher", "supervisor", "manager"})
REPORTERS = (STAFF - {"accountant", "auditor", "admin"}) | {"resident", "committee"}
# what is the same for everybody
_NOBODYS = (
    "frame.static",
    "frame.worker",
    "frame.manifest",
    "frame.no_connection",
    "health.healthz",
    "health.readyz",
    "health.metrics",
    "rpc.call",
)


class Visitor(msgspec.Struct, frozen=True):
    """``token`` goes with every call for them; what it allows is for the services to say."""

    caller: Caller
    token: str

    @property
    def person(self) -> str:
        return self.caller.person

    @property
    def is_staff(self) -> bool:
        """Whether they work anywhere here, so are shown the staff's words."""
        return any(post.role in STAFF for post in self.caller.posts)

    def reports(self) -> bool:
        """Whether any of their posts may report something."""
        return any(post.role in REPORTERS for post in self.caller.posts)

    def lives_here(self) -> bool:
        """Whether they are shown what residents have: their bills."""
        return not self.is_staff and any(post.role == "resident" for post in self.caller.posts)

    def roles(self) -> list[str]:
        """Every role held anywhere, each once."""
        return list(dict.fromkeys(post.role for post in self.caller.posts))

    def leads(self) -> bool:
        """Whether they look after the orders of others, by the board."""
        return any(post.role in LEADERS for post in self.caller.posts)

    def works_in(self) -> list[str]:
        """The communities where they hold a post of the staff; ``*`` is every one."""
        return sorted({post.community for post in self.caller.posts if post.role in STAFF})


def visitor() -> Visitor | None:
    found: Visitor | None = g.get("visitor")
    return found


def the_visitor() -> Visitor:
    """Raises ``Unauthenticated`` where nobody is logged in."""
    found = visitor()
    if found is None:
        raise Unauthenticated("Log in first.", reason="missing_token")
    return found


def begin(tokens: Tokens) -> None:
    """Somebody has logged in: a session of their own, with a CSRF token of its own."""
    session.clear()
    forms.token()
    _keep(tokens)
    g.visitor = _of(tokens.access)


def end() -> None:
    session.clear()
    g.visitor = None


def recognise() -> None:
    """Before every request: who it is, their token renewed where its end is near."""
    g.visitor = None
    access, refresh = session.get("access"), session.get("refresh")
    if not access or not refresh or request.endpoint in _NOBODYS:
        return
    if request.blueprint == "api" and "Authorization" in request.headers:
        return
    left = _claims(access).exp - edge().clock.now().timestamp()
    if left < NEAR_END:
        try:
            tokens = edge().renewals.renewed(refresh)
        except Unauthenticated:
            end()
            g.session_over = True
            return
        except (TimedOut, Unavailable):
            if left <= 0:
                raise
        else:
            _keep(tokens)
            access = tokens.access
    g.visitor = _of(access)


def _keep(tokens: Tokens) -> None:
    session["access"], session["refresh"] = tokens.access, tokens.refresh


def _of(token: str) -> Visitor:
    claims = _claims(token)
    caller = Caller(
        person=claims.sub,
        posts=tuple(Post(*post) for post in claims.posts),
        session=claims.sid,
        language=claims.lang,
    )
    return Visitor(caller, token)


def _claims(token: str) -> Claims:
    """What the token says. It came from security and has been under our own signature since."""
    payload: Any = token.split(".")[1]
    return msgspec.json.decode(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=Claims
    )
