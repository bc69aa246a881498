"""Signed tokens (JWT, RFC 7519; Ed25519, RFC 8037): who calls, with which posts."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple, NoReturn

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from shared.clock import Clock
from shared.errors import Unauthenticated
from shared.identity.caller import Caller, Post

ISSUER = "wuye"
LIFETIME = timedelta(minutes=10)
LONGEST_LIFETIME = timedelta(hours=1)
MOST_CHARACTERS = 8192
SERVICE = "service:"
SECURITY_LOG = "security"

_ALGORITHM = "EdDSA"
_MOST_CACHED = 10_000

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Buildings = Annotated[tuple[_Id, ...], msgspec.Meta(max_length=200)]
_Posts = Annotated[tuple[tuple[_Id, _Id, _Buildings | None], ...], msgspec.Meta(max_length=200)]


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says; all required. ``iat`` and ``exp`` in unix seconds, ``lang`` in BCP 47.

    ``sid`` is the session, ``null`` for services alone; ``pos`` the position in security's log that
    the posts were read at; ``posts`` ``[[role, community, [building, ...] | null], ...]``.
    """

    iss: Literal["wuye"]
    sub: _Id
    sid: _Id | None
    posts: _Posts
    lang: Annotated[str, msgspec.Meta(min_length=1, max_length=35)]
    pos: Annotated[int, msgspec.Meta(ge=0)]
    iat: int
    exp: int


def sign(claims: Mapping[str, Any], private_key: Ed25519PrivateKey, kid: str) -> str:
    """A token with these ``Claims`` (``iss`` may be left out).

    Raises ``ValueError`` for claims that no verifier would take.
    """
    checked = msgspec.convert({"iss": ISSUER, **claims}, Claims)
    wrong = _mismatch(checked, kid)
    if wrong:
        raise ValueError(wrong)
    return PyJWS().encode(
        msgspec.json.encode(checked), private_key, algorithm=_ALGORITHM, headers={"kid": kid}
    )


class _Verified(NamedTuple):
    caller: Caller
    expires: int
    kid: str
    key: Ed25519PublicKey


class TokenVerifier:
    """Turns tokens into callers. Safe between threads.

    ``keys`` gives the public key of a ``kid`` that is valid now, ``revoked`` tells of a session;
    both are asked each time. The costly check of a signature is remembered until the token expires.
    """

    def __init__(
        self,
        keys: Callable[[str], Ed25519PublicKey | None],
        revoked: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._revoked = revoked
        self._clock = clock
        self._jws = PyJWS(algorithms=[_ALGORITHM])
        self._cache: dict[bytes, _Verified] = {}
        self._lock = threading.Lock()

    def verify(self, token: str | None) -> Caller:
        """Raises ``Unauthenticated``.

        Its ``reason`` is ``missing_token``, ``broken_token``, ``unknown_key``, ``expired_token`` or
        ``revoked_token``.
        """
        if not token:
            raise Unauthenticated(
                "A token is needed: log in, and send it as auth_token.", reason="missing_token"
            )
        if not isinstance(token, str) or len(token) > MOST_CHARACTERS or not token.isascii():
            _broken()
        digest = hashlib.sha256(token.encode()).digest()
        found = known = self._cache.get(digest)
        # A retired key takes the tokens down with it that it signed.
        if found is None or self._keys(found.kid) != found.key:
            found = self._checked(token)
        self._refuse_expired(digest, found)
        session = found.caller.session
        if session is not None and self._revoked(session):
            raise Unauthenticated("The session was ended; log in again.", reason="revoked_token")
        if found is not known:
            self._remember(digest, found)
        return found.caller

    def _remember(self, digest: bytes, found: _Verified) -> None:
        """The longest known go first: most of them are the next to expire."""
        with self._lock:
            self._cache[digest] = found
            while len(self._cache) > _MOST_CACHED:
                del self._cache[next(iter(self._cache))]

    def _refuse_expired(self, digest: bytes, found: _Verified) -> None:
        if self._clock.now().timestamp() < found.expires:
            return
        with self._lock:
            self._cache.pop(digest, None)
        raise Unauthenticated(
            "The token has expired; refresh it, or log in again.", reason="expired_token"
        )

    def _checked(self, token: str) -> _Verified:
        try:
            kid = self._jws.get_unverified_header(token).get("kid")
        except (PyJWTError, ValueError):
            _broken()
        if not isinstance(kid, str) or not kid:
            _broken()
        key = self._keys(kid)
        if key is None:
            raise Unauthenticated(
                "The token's key is not known, or retired; log in again.", reason="unknown_key"
            )
        try:
            payload = self._jws.decode(token, key, algorithms=[_ALGORITHM])
            claims = msgspec.json.decode(payload, type=Claims)
        except (PyJWTError, ValueError):
            _broken()
        if _mismatch(claims, kid):
            _broken()
        return _Verified(_caller(claims), claims.exp, kid, key)


def _mismatch(claims: Claims, kid: str) -> str | None:
    """A service's key speaks for that service alone, and every person's token can be revoked."""
    if kid.startswith(SERVICE) or claims.sub.startswith(SERVICE):
        if kid != claims.sub:
            return f"the key {kid} may not sign for {claims.sub}"
    elif claims.sid is None:
        return "a person's token needs its session"
    if not 0 < claims.exp - claims.iat <= LONGEST_LIFETIME.total_seconds():
        return f"a token lives at most {LONGEST_LIFETIME}"
    return None


def _caller(claims: Claims) -> Caller:
    return Caller(
        person=claims.sub,
        posts=tuple(Post(*post) for post in claims.posts),
        session=claims.sid,
        language=claims.lang,
        positions={SECURITY_LOG: claims.pos} if claims.pos else {},
    )


def _broken() -> NoReturn:
    raise Unauthenticated(
        "The token is broken, or not signed by wuye; log in again.", reason="broken_token"
    )
