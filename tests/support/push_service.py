"""A push service on loopback with a browser behind it, which reads what is pushed to it.

with PushService() as service:
    browser = service.subscribed()
    person.call("notifications", "subscribe_push", **browser.subscription)
    ...
    browser.read[0]["text"]

Decrypting (RFC 8188, RFC 8291) and checking the signature (RFC 8292) are done here step by step as
the standards have it, with nothing of what the sender uses but the primitives.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
SECRET = "cHVzaGVzIGFyZSBzaWduZWQgd2l0aCB0aGlzIGtleSE"
SETTINGS = {"WUYE_PUSH_KEY": SECRET, "WUYE_PUSH_HOSTS": "127.0.0.1"}
OPTIONS = {
    "push_key": SECRET,
    "push_hosts": ("127.0.0.1",),
    "push_contact": "mailto:it@example.org",
}


@dataclass
class Subscribed:
    """``says``: the statuses its push service answers with, the last one for ever."""

    endpoint: str
    says: list[int] = field(default_factory=lambda: [201])
    read: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.private = ec.generate_private_key(CURVE)
        self.auth = os.urandom(16)

    @property
    def subscription(self) -> dict[str, str]:
        return {
            "endpoint": self.endpoint,
            "key": text(point(self.private.public_key())),
            "auth": text(self.auth),
        }

    def taken(self, headers: dict[str, str], body: bytes) -> int:
        assert headers["content-encoding"] == "aes128gcm"
        assert int(headers["ttl"]) > 0
        scheme, _, rest = headers["authorization"].partition(" ")
        given = dict(each.strip().split("=", 1) for each in rest.split(","))
        assert scheme == "vapid"
        self.claims.append(verified(given["t"], raw(given["k"])))
        self.keys.append(given["k"])
        self.bodies.append(body)
        self.read.append(json.loads(decrypted(body, self.private, self.auth)))
        return self.says.pop(0) if len(self.says) > 1 else self.says[0]


class PushService:
    def __init__(self) -> None:
        self._browsers: dict[str, Subscribed] = {}
        self.failures: list[BaseException] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    status = service._browsers[self.path].taken(headers, body)
                except BaseException as error:
                    service.failures.append(error)
                    status = 400
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> PushService:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        assert not self.failures, self.failures

    def subscribed(self, *says: int) -> Subscribed:
        path = f"/push/{uuid4().hex}"
        browser = Subscribed(f"{self.url}{path}", list(says) or [201])
        self._browsers[path] = browser
        return browser


def decrypted(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """RFC 8188, section 2.1: salt, record size, key id; RFC 8291, section 3.4: the keys."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    other = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
    shared = private.exchange(ec.ECDH(), other)
    info = b"WebPush: info\0" + point(private.public_key()) + sender
    material = _expanded(_extracted(auth, shared), info, 32)
    secret = _extracted(salt, material)
    key = _expanded(secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _expanded(secret, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(key).decrypt(nonce, record, None)
    plain, mark = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1:]
    assert mark == b"\2", "the last record ends with 2"
    return plain


def verified(token: str, public: bytes) -> dict[str, Any]:
    """The claims of an ES256 token (RFC 7515, RFC 7518)."""
    head, claims, signature = token.split(".")
    assert json.loads(raw(head))["alg"] == "ES256"
    pair = raw(signature)
    halves = int.from_bytes(pair[:32]), int.from_bytes(pair[32:])
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public).verify(
        encode_dss_signature(*halves), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256())
    )
    found: dict[str, Any] = json.loads(raw(claims))
    return found


def _extracted(salt: bytes, material: bytes) -> bytes:
    return hmac.new(salt, material, hashlib.sha256).digest()


def _expanded(key: bytes, info: bytes, length: int) -> bytes:
    return hmac.new(key, info + b"\1", hashlib.sha256).digest()[:length]


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def raw(content: str) -> bytes:
    return urlsafe_b64decode(content + "=" * (-len(content) % 4))
