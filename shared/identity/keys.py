"""The key files of a platform: a signing key a service, the master key, the edge's cookie secret.

``<keys_dir>/<service>.key`` (PEM, PKCS 8, mode 600) is read by that service alone;
``services.json`` holds everybody's public keys, ``{name: base64url of the raw 32 bytes}``.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.clock import Clock
from shared.identity.caller import EVERY, Post
from shared.identity.tokens import LIFETIME, SERVICE, sign

SECRET_BYTES = 32
_PUBLIC = "services.json"
_MASTER = "master.key"
_COOKIE = "cookie.key"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_RENEW_BELOW = LIFETIME / 2
_EVERYWHERE = (Post("service", EVERY),)


class BadKey(Exception):
    """A key file is missing or holds something else."""


def ensure(keys_dir: Path, names: Iterable[str]) -> None:
    """Make what is missing of the keys of these services; what is there stays as it is.

    Safe to call again, and from two processes at once; a crash leaves no half file.
    """
    keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (keys_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for secret in (_MASTER, _COOKIE):
            _make(keys_dir / secret, lambda: _encoded(os.urandom(SECRET_BYTES)).encode())
        public = _read_public(keys_dir) if (keys_dir / _PUBLIC).exists() else {}
        for name in names:
            _make(_private_path(keys_dir, name), _new_private_key)
            public[name] = _encoded(load_private(keys_dir, name).public_key().public_bytes_raw())
        _write(keys_dir / _PUBLIC, msgspec.json.encode(public, order="sorted"), 0o644)


def load_private(keys_dir: Path, name: str) -> Ed25519PrivateKey:
    """Raises ``BadKey``."""
    path = _private_path(keys_dir, name)
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError):
        raise BadKey(f"{path} is no private key in PEM without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} is not an Ed25519 key")
    return key


def public_keys(keys_dir: Path) -> dict[str, Ed25519PublicKey]:
    """Service name to its key. Raises ``BadKey``."""
    path = keys_dir / _PUBLIC
    try:
        return {
            name: Ed25519PublicKey.from_public_bytes(_decoded(text))
            for name, text in _read_public(keys_dir).items()
        }
    except ValueError:
        raise BadKey(f"{path} should hold {{name: base64url of an Ed25519 public key}}") from None


def master_key(keys_dir: Path, given: str | None) -> bytes:
    """What wraps the keys of people: the one ``given`` (base64url), else that in its file."""
    return _secret(keys_dir / _MASTER, given)


def cookie_secret(keys_dir: Path, given: str | None) -> bytes:
    """What the edge signs cookies with: the one ``given`` (base64url), else that in its file."""
    return _secret(keys_dir / _COOKIE, given)


def decode_secret(text: str) -> bytes:
    """Raises ``ValueError`` unless ``text`` is base64url of 32 bytes."""
    found = _decoded(text.strip())
    if len(found) != SECRET_BYTES:
        raise ValueError(f"must be base64url of {SECRET_BYTES} bytes, holds {len(found)}")
    return found


class ServiceIdentity:
    """Who a service is to the others: gives its token, the same until half its life is over."""

    def __init__(
        self,
        name: str,
        private_key: Ed25519PrivateKey,
        clock: Clock,
        posts: tuple[Post, ...] = _EVERYWHERE,
    ) -> None:
        self.person = SERVICE + name
        self._key = private_key
        self._clock = clock
        self._posts = posts
        self._lock = threading.Lock()
        self._narrowed: dict[str, ServiceIdentity] = {}
        self._token = ""
        self._renew_at = float("-inf")

    def at(self, community: str) -> ServiceIdentity:
        """The same one, with its role in this community alone."""
        with self._lock:
            if community not in self._narrowed:
                posts = (Post("service", community),)
                self._narrowed[community] = ServiceIdentity(
                    self.person.removeprefix(SERVICE), self._key, self._clock, posts
                )
            return self._narrowed[community]

    def token(self) -> str:
        now = self._clock.now().timestamp()
        with self._lock:
            if now >= self._renew_at:
                self._token = self._signed(int(now))
                self._renew_at = now + _RENEW_BELOW.total_seconds()
            return self._token

    def _signed(self, now: int) -> str:
        claims = {
            "sub": self.person,
            "sid": None,
            "posts": [[post.role, post.community, post.buildings] for post in self._posts],
            "lang": "zh-CN",
            "pos": 0,
            "iat": now,
            "exp": now + int(LIFETIME.total_seconds()),
        }
        return sign(claims, self._key, self.person)


def _private_path(keys_dir: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no service name")
    return keys_dir / f"{name}.key"


def _new_private_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _make(path: Path, content: Callable[[], bytes]) -> None:
    if not path.exists():
        _write(path, content(), 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Written beside and moved into place; called under the lock alone."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(file, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadKey(f"the key file {path} cannot be read ({error.strerror})") from None


def _read_public(keys_dir: Path) -> dict[str, str]:
    path = keys_dir / _PUBLIC
    try:
        return msgspec.json.decode(_read(path), type=dict[str, str])
    except msgspec.DecodeError:
        raise BadKey(f"{path} should hold {{name: base64url of a public key}}") from None


def _secret(path: Path, given: str | None) -> bytes:
    try:
        return decode_secret(_read(path).decode() if given is None else given)
    except ValueError as error:
        where = "the given secret" if given is not None else str(path)
        raise BadKey(f"{where} {error}") from None


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Raises ``ValueError`` for what is not base64url; padding may be left out."""
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
