"""What every service keeps of `security`'s log to check tokens by itself: keys, ended sessions.

Events: ``SigningKeyPublished {kid, public_key}`` (base64url of the raw key), ``SigningKeyRetired
{kid}``, ``SessionRevoked {session}``.
"""

from __future__ import annotations

import threading
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.clock import Clock
from shared.errors import Unavailable
from shared.following.view import View
from shared.identity.tokens import LONGEST_LIFETIME, SECURITY_LOG, SERVICE
from shared.messaging.envelope import Fact
from shared.renewals import Renewals

_SECONDS_FRESH = 1.0
_SECONDS_BETWEEN_SEARCHES = 0.05
# Tokens of a session revoked longer ago have expired; the slack is for clocks that differ.
_REMEMBERED = LONGEST_LIFETIME + timedelta(minutes=5)


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    community: str
    public_key: str
    retired: bool = False


class RevokedSession(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    community: str
    revoked_at: int


def _kid(fact: Fact) -> str | None:
    return str(fact.data["kid"])


def _signing_key(row: SigningKey | None, fact: Fact) -> SigningKey | None:
    if fact.type == "SigningKeyRetired":
        return None if row is None else msgspec.structs.replace(row, retired=True)
    return row or SigningKey(
        key=fact.data["kid"], community=fact.community, public_key=fact.data["public_key"]
    )


def _session(fact: Fact) -> str | None:
    return str(fact.data["session"])


def _revoked_session(row: RevokedSession | None, fact: Fact) -> RevokedSession:
    return row or RevokedSession(
        key=fact.data["session"],
        community=fact.community,
        revoked_at=int(fact.time.timestamp()),
    )


SIGNING_KEYS = View(
    name="signing_keys",
    build=1,
    follows=SECURITY_LOG,
    handles={"SigningKeyPublished": 1, "SigningKeyRetired": 1},
    row=SigningKey,
    key=_kid,
    evolve=_signing_key,
)
REVOKED_SESSIONS = View(
    name="revoked_sessions",
    build=1,
    follows=SECURITY_LOG,
    handles={"SessionRevoked": 1},
    row=RevokedSession,
    key=_session,
    evolve=_revoked_session,
    indexes=(("revoked_at",),),
)


class Rows(Protocol):
    """The part of ``shared.following.reader.Reader`` needed here."""

    def rows(
        self, view: View, *, where: str = "", params: Mapping[str, Any] | None = None
    ) -> list[Any]: ...


class _Known(NamedTuple):
    keys: dict[str, Ed25519PublicKey]
    revoked: frozenset[str]
    read_at: float


class AccessList:
    """The keys that are valid and the sessions that are not, as they were a second ago at most.

    Keys of services are given once; those of `security` come from its log. Safe between threads.
    """

    def __init__(
        self,
        reader: Rows,
        services: Mapping[str, Ed25519PublicKey],
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._services = {SERVICE + name: key for name, key in services.items()}
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._renewals = Renewals(_SECONDS_FRESH, monotonic=monotonic)
        self._known: _Known | None = None
        self._failed_at: float | None = None

    def key(self, kid: str) -> Ed25519PublicKey | None:
        """The public key behind ``kid``; ``None`` where it is unknown or retired."""
        if kid.startswith(SERVICE):
            return self._services.get(kid)
        found = self._read(_SECONDS_FRESH).keys.get(kid)
        if found is None:
            # It may have been published a moment ago.
            found = self._read(_SECONDS_BETWEEN_SEARCHES).keys.get(kid)
        return found

    def revoked(self, session: str) -> bool:
        return session in self._read(_SECONDS_FRESH).revoked

    def _read(self, fresh: float) -> _Known:
        known, asked = self._known, self._monotonic()
        if known is not None and (age := asked - known.read_at) < fresh:
            return self._renewals.renewed("", age, known, partial(self._again, known, asked))
        with self._lock:
            known = self._known
            now = self._monotonic()
            if known is not None and now - known.read_at < fresh:
                return known
            if self._failed_at is not None and self._failed_at >= asked:
                # one after the other they would wait as long as the first, each
                raise Unavailable("who may ask cannot be read just now; try again", retry_after=1.0)
            try:
                self._known = self._load(now)
            except Exception:
                self._failed_at = self._monotonic()
                raise
            return self._known

    def _again(self, known: _Known, now: float) -> _Known:
        """Before it is too old; where somebody else looked meanwhile, what they saw stays."""
        found = self._load(now)
        with self._lock:
            if self._known is None or self._known is known:
                self._known = found
            return self._known

    def _load(self, now: float) -> _Known:
        keys: list[SigningKey] = self._reader.rows(
            SIGNING_KEYS, where="retired = :retired", params={"retired": False}
        )
        since = self._clock.now() - _REMEMBERED
        sessions: list[RevokedSession] = self._reader.rows(
            REVOKED_SESSIONS,
            where="revoked_at >= :since",
            params={"since": int(since.timestamp())},
        )
        return _Known(
            {row.key: _public_key(row.public_key) for row in keys},
            frozenset(row.key for row in sessions),
            now,
        )


def _public_key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
