"""Log-in and sessions. Each log-in and refresh is its own: a secret of ours is told once.

A refresh whose answer was lost has spent its token; the session ends when it is used again, unless
whoever asks names the token that follows: then it is the same refresh.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from services.security import ids
from services.security.accounts.domain.accounts import ACCOUNT, Account
from services.security.accounts.domain.sessions import (
    SESSION,
    OpenSession,
    RefreshSession,
    RevokeSession,
    Session,
    SessionOver,
    WrongRefreshToken,
)
from services.security.accounts.passwords import Hasher
from services.security.accounts.signing import Signing
from services.security.accounts.throttle import Throttle
from services.security.answers import Registered, moment
from services.security.permissions import require
from services.security.register.domain.people import Person
from shared.errors import Refused, Unauthenticated
from shared.eventlog.answering import answered
from shared.eventlog.decider import Answer, Context
from shared.eventlog.executor import EventLog
from shared.identity.tokens import LIFETIME
from shared.request import Request


class Login:
    """``log`` of security; ``signing`` gives the access tokens."""

    def __init__(self, log: EventLog, hasher: Hasher, throttle: Throttle, signing: Signing) -> None:
        self._log = log
        self._hasher = hasher
        self._throttle = throttle
        self._signing = signing
        self._registered = Registered(log)
        self._decoy = ""

    def login(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Tokens for a log-in name and its password; answers as ``_tokens`` says.

        An unknown name and a wrong password are told apart neither by the answer nor by its time.
        """
        stream = ids.account_id(data["login"])
        with self._throttle.attempt(stream) as tries:
            account = self._account(stream)
            person = self._registered.person(account.person)
            hash = account.hash if account.open and person.standing == "known" else None
            decoy = self._decoy_hash()
            right = self._hasher.verify(hash or decoy, data["password"])
            tries.came_out(right and hash is not None)
        if hash is None or not right:
            raise Unauthenticated(
                "The log-in name or the password is wrong.", reason="wrong_credentials"
            )
        session, token = self._new_token(str(uuid4()))
        command = OpenSession(
            session=session,
            account=stream,
            person=account.person,
            refresh_digest=_digest(token),
        )
        answer = self._log.execute(SESSION, session, command, _own(request, account.person))
        return self._tokens(answer, account, person, token)

    def refresh(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """New tokens for a refresh token, which is spent by it; a spent one ends the session,
        unless the same token is to follow it as did.
        """
        presented = data["refresh_token"]
        stream = _session_of(presented)
        state = self._session(stream)
        account = self._account(state.account)
        person = self._registered.person(state.person)
        if state.session is not None and not (account.open and person.standing == "known"):
            raise SessionOver("This session is over; log in again.")
        session, token = self._new_token(stream.partition(".")[2], data["following"])
        command = RefreshSession(presented=_digest(presented), following=_digest(token))
        context = _own(request, state.person)
        try:
            answer = self._log.execute(SESSION, session, command, context)
        except WrongRefreshToken:
            if self._spent(stream, command.presented):
                self._revoke(_own(request, state.person), stream, "reused")
            raise
        return self._tokens(answer, account, person, token)

    def logout(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        if request.caller.session is None:
            raise Refused("There is no session to end: this token is not a person's.")
        answer = self._revoke(request.context, request.caller.session, "logout")
        return answered(self._log, answer, state="revoked")

    def revoke_session(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        stream = data["session"]
        if self._session(stream).person != request.caller.person:
            require("revoke_session", request.caller, ids.COMPANY)
        answer = self._revoke(request.context, stream, "revoked")
        return answered(self._log, answer, state="revoked")

    def _tokens(
        self, answer: Answer, account: Account, person: Person, refresh_token: str
    ) -> dict[str, Any]:
        """``{access_token, token_type, expires_in, refresh_token, refresh_expires_at, session,
        person, language, posts}`` beside what every command answers; seconds, ISO 8601.
        """
        access = self._signing.token(account, answer.stream, person.language)
        return {
            **answered(self._log, answer, state="open"),
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "refresh_token": refresh_token,
            "refresh_expires_at": moment(answer.state.expires_at),
            "session": answer.stream,
            "person": account.person,
            "language": person.language,
            "posts": [
                {"role": post.role, "community": post.community, "buildings": post.buildings}
                for post in account.posts
            ],
        }

    def _revoke(self, context: Context, stream: str, reason: str) -> Answer:
        return self._log.execute(SESSION, stream, RevokeSession(reason=reason), context)

    def _spent(self, stream: str, digest: str) -> bool:
        """Whether it was this session's token before. A made-up one must not end the session."""
        return any(
            getattr(event.data, "refresh_digest", None) == digest
            for event in self._log.history(stream)
        )

    def _account(self, stream: str) -> Account:
        found: Account = self._log.load(ACCOUNT, stream)[0]
        return found

    def _session(self, stream: str) -> Session:
        found: Session = self._log.load(SESSION, stream)[0]
        return found

    def _decoy_hash(self) -> str:
        if not self._decoy:
            self._decoy = self._hasher.hash(secrets.token_urlsafe(16))
        return self._decoy

    @staticmethod
    def _new_token(session: str, secret: str | None = None) -> tuple[str, str]:
        """The session's stream and a new refresh token of it, of this secret or one of its own."""
        return f"{ids.COMPANY}.{session}", f"{session}.{secret or secrets.token_urlsafe(32)}"


def _session_of(refresh_token: str) -> str:
    return f"{ids.COMPANY}.{refresh_token.partition('.')[0]}"


def _digest(token: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()


def _own(request: Request, person: str) -> Context:
    """The person's own doing, under an id of its own: its secrets can be told only once."""
    return replace(
        request.context,
        actor=person or request.context.actor,
        command_id=str(uuid4()),
        command_digest="",
        occurred_at=None,
    )
