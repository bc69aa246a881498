"""A session: from log-in to log-out, kept alive by refresh tokens that each work once.

Rotation after RFC 9700, section 4.14.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from services.security.accounts.domain.events import (
    SessionOpened,
    SessionRefreshed,
    SessionRevoked,
)
from services.security.register.domain.places import no_such
from shared.errors import Unauthenticated
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.privacy.personal import Personal

LIFETIME = timedelta(days=30)


class SessionOver(Unauthenticated):
    """Revoked, logged out, or not refreshed for 30 days."""


class WrongRefreshToken(Unauthenticated):
    """Not this session's refresh token, or not any more."""


class Session(Struct, frozen=True, kw_only=True):
    """``spent_digest``: of the token that the present one was given for."""

    session: str | None = None
    account: str = ""
    person: str = ""
    refresh_digest: Annotated[str | None, Personal("person", secret=True)] = None
    spent_digest: Annotated[str | None, Personal("person", secret=True)] = None
    expires_at: datetime | None = None
    revoked: bool = False


class OpenSession(Struct, frozen=True, kw_only=True):
    session: str
    account: str
    person: str
    refresh_digest: str


class RefreshSession(Struct, frozen=True, kw_only=True):
    """``presented``: the digest of the token shown; ``following``: of the one given for it."""

    presented: str
    following: str


class RevokeSession(Struct, frozen=True, kw_only=True):
    reason: str


def decide(command: Any, state: Session, meta: Meta) -> Sequence[Any]:
    match command:
        case OpenSession():
            return [
                SessionOpened(
                    session=command.session,
                    account=command.account,
                    person=command.person,
                    refresh_digest=command.refresh_digest,
                    expires_at=meta.time + LIFETIME,
                )
            ]
        case RefreshSession():
            return _refresh(command, state, meta)
        case RevokeSession():
            if state.session is None:
                raise no_such("session", "session")
            if state.revoked:
                return []
            return [
                SessionRevoked(
                    session=state.session,
                    account=state.account,
                    person=state.person,
                    reason=command.reason,
                )
            ]
    raise TypeError(f"no session knows the command {type(command).__name__}")


def _refresh(command: RefreshSession, state: Session, meta: Meta) -> list[SessionRefreshed]:
    if state.session is None or state.expires_at is None:
        raise WrongRefreshToken("This refresh token is not valid; log in again.")
    if state.revoked or meta.time >= state.expires_at:
        raise SessionOver("This session is over; log in again.")
    # no digest is left of somebody who was forgotten
    if not compare_digest(command.presented, state.refresh_digest or ""):
        if _repeats(command, state):
            return []
        raise WrongRefreshToken("This refresh token is not valid; log in again.")
    return [
        SessionRefreshed(
            session=state.session,
            account=state.account,
            person=state.person,
            refresh_digest=command.following,
            expires_at=meta.time + LIFETIME,
        )
    ]


def _repeats(command: RefreshSession, state: Session) -> bool:
    """Whether just this was done last. Whoever stole the spent token cannot name the one that
    follows it.
    """
    return compare_digest(command.presented, state.spent_digest or "") and compare_digest(
        command.following, state.refresh_digest or ""
    )


def evolve(state: Session, event: Any, _meta: Meta) -> Session:
    match event:
        case SessionOpened():
            return Session(
                session=event.session,
                account=event.account,
                person=event.person,
                refresh_digest=event.refresh_digest,
                expires_at=event.expires_at,
            )
        case SessionRefreshed():
            return replace(
                state,
                refresh_digest=event.refresh_digest,
                spent_digest=state.refresh_digest,
                expires_at=event.expires_at,
            )
        case SessionRevoked():
            return replace(state, refresh_digest=None, spent_digest=None, revoked=True)
    return state


SESSION = Decider("session", Session, decide, evolve)
