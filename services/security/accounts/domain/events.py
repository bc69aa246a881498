"""What accounts record. Secrets are sealed, and leave this service for nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from msgspec import Struct

from shared.privacy.personal import Personal


class AccountOpened(Struct, frozen=True, kw_only=True):
    account: str
    person: str
    login: Annotated[str | None, Personal("person")]


class AccountClosed(Struct, frozen=True, kw_only=True):
    """``reason``: forgotten."""

    account: str
    person: str
    reason: str


class PasswordSet(Struct, frozen=True, kw_only=True):
    """``hash``: argon2id, encoded. ``session``: the one it was set from, which goes on."""

    account: str
    person: str
    hash: Annotated[str | None, Personal("person", secret=True)]
    session: str | None


class PostGranted(Struct, frozen=True, kw_only=True):
    """``community``: ``*`` is every one. ``buildings``: ``None`` is all. ``superior``: a person."""

    post: str
    account: str
    person: str
    role: str
    community: str
    buildings: tuple[str, ...] | None
    team: str | None
    superior: str | None


class PostWithdrawn(Struct, frozen=True, kw_only=True):
    post: str
    account: str
    person: str
    role: str
    community: str
    buildings: tuple[str, ...] | None


class SessionOpened(Struct, frozen=True, kw_only=True):
    """``refresh_digest``: SHA-256 of the refresh token, base64url."""

    session: str
    account: str
    person: str
    refresh_digest: Annotated[str | None, Personal("person", secret=True)]
    expires_at: datetime


class SessionRefreshed(Struct, frozen=True, kw_only=True):
    session: str
    account: str
    person: str
    refresh_digest: Annotated[str | None, Personal("person", secret=True)]
    expires_at: datetime


class SessionRevoked(Struct, frozen=True, kw_only=True):
    """``reason``: logout, revoked, reused, password_set or account_closed."""

    session: str
    account: str
    person: str
    reason: str


class SigningKeyPublished(Struct, frozen=True, kw_only=True):
    """Ed25519 keys (RFC 8032), base64url of 32 raw bytes; the private one sealed for ``owner``."""

    kid: str
    public_key: str
    owner: str
    private_key: Annotated[str | None, Personal("owner", secret=True)]


class SigningKeyRetired(Struct, frozen=True, kw_only=True):
    kid: str


EVENTS: dict[str, tuple[int, type]] = {
    "AccountOpened": (1, AccountOpened),
    "AccountClosed": (1, AccountClosed),
    "PasswordSet": (1, PasswordSet),
    "PostGranted": (1, PostGranted),
    "PostWithdrawn": (1, PostWithdrawn),
    "SessionOpened": (1, SessionOpened),
    "SessionRefreshed": (1, SessionRefreshed),
    "SessionRevoked": (1, SessionRevoked),
    "SigningKeyPublished": (1, SigningKeyPublished),
    "SigningKeyRetired": (1, SigningKeyRetired),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
