"""A push on its way: encrypted for one browser (RFC 8291), signed as ours (RFC 8292)."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.identity.keys import decode_secret

CURVE = ec.SECP256R1()
TOKEN_LIFETIME = timedelta(hours=12)
# how long a push service keeps it for a device that is off
TTL = timedelta(days=1)


class Sender(msgspec.Struct, frozen=True, dict=True):
    """``secret``: base64url of a P-256 private key. ``contact``: whom a push service may write to.

    Raises ``ValueError`` for a secret that is none.
    """

    secret: str
    contact: str

    @cached_property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(decode_secret(self.secret)), CURVE)

    @cached_property
    def public(self) -> str:
        """What browsers subscribe with: the uncompressed point in base64url."""
        return _text(_point(self._private.public_key()))

    def headers(self, endpoint: str, now: datetime) -> dict[str, str]:
        split = urlsplit(endpoint)
        claims = {
            "aud": f"{split.scheme}://{split.netloc}",
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "sub": self.contact,
        }
        token = jwt.encode(claims, self._private, algorithm="ES256")
        return {
            "Authorization": f"vapid t={token}, k={self.public}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(TTL.total_seconds())),
            "Urgency": "normal",
        }


def encrypted(content: Mapping[str, Any], key: bytes, auth: bytes) -> bytes:
    """For the browser with this public ``key`` and ``auth`` alone. Raises ``ValueError`` where
    ``key`` is no point of the curve.
    """
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    body: bytes = http_ece.encrypt(
        msgspec.json.encode(content),
        salt=os.urandom(16),
        private_key=ec.generate_private_key(CURVE),
        dh=key,
        auth_secret=auth,
        version="aes128gcm",
    )
    return body


def new_secret() -> str:
    """A new private key, as settings take it."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return _text(number.to_bytes(32))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
