"""Access tokens, and the keys that sign them."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from services.security import ids
from services.security.accounts.domain.accounts import Account
from services.security.accounts.domain.signing import SIGNING_KEYS, PublishKey, SigningKeys
from services.security.permissions import require
from shared.errors import Unavailable
from shared.eventlog.answering import answered
from shared.eventlog.decider import Answer, Context
from shared.eventlog.executor import EventLog
from shared.identity.caller import EVERY
from shared.identity.tokens import LIFETIME, sign
from shared.request import Request


class Signing:
    def __init__(self, log: EventLog) -> None:
        self._log = log

    def ensure_key(self) -> None:
        """Publish a first key where there is none: once a platform's life."""
        command_id = str(uuid4())
        context = Context(
            actor=f"service:{self._log.name}",
            command_id=command_id,
            command_digest="",
            correlation_id=command_id,
        )
        self._publish(context, first=True)

    def rotate_key(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        require("rotate_key", request.caller, EVERY)
        answer = self._publish(
            request.context, first=False, expected_version=request.expected_version
        )
        return {**answered(self._log, answer, state="published"), "kid": answer.state.newer}

    def token(self, account: Account, session: str, language: str) -> str:
        """A signed access token for ten minutes; its ``pos`` is this log's head.

        Claims are those of ``shared.identity.tokens``.
        """
        now = self._log.clock.now()
        signer = self._keys().signer(now)
        if signer is None:
            self.ensure_key()
            signer = self._keys().signer(now)
        if signer is None:
            raise Unavailable("The keys that sign tokens cannot be opened.")
        kid, private = signer
        issued = int(now.timestamp())
        claims = {
            "sub": account.person,
            "sid": session,
            "posts": [(post.role, post.community, post.buildings) for post in account.posts],
            "lang": language,
            "pos": self._log.head(),
            "iat": issued,
            "exp": issued + int(LIFETIME.total_seconds()),
        }
        return sign(claims, Ed25519PrivateKey.from_private_bytes(_raw(private)), kid)

    def _keys(self) -> SigningKeys:
        found: SigningKeys = self._log.load(SIGNING_KEYS, ids.SIGNING_KEYS)[0]
        return found

    def _publish(
        self, context: Context, *, first: bool, expected_version: int | None = None
    ) -> Answer:
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        command = PublishKey(
            kid=hashlib.sha256(public).hexdigest()[:16],
            public_key=_text(public),
            private_key=_text(private.private_bytes_raw()),
            first=first,
        )
        return self._log.execute(
            SIGNING_KEYS,
            ids.SIGNING_KEYS,
            command,
            replace(context, occurred_at=None),
            expected_version=expected_version,
        )


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
