"""Access tokens are renewed shortly before their end, by whichever process a request comes to.

A refresh token works once, while a browser may send several requests at the same moment, to several
processes. So the token that follows is not made up but derived from the old one under the secret
that all of them share: they all ask for the same, and security gives each of them the same.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

import msgspec

from shared.messaging.rpc_client import RpcClient

# as long as a page may wait for it; asked again with the next request, it is the same renewal
SECONDS = 1.0


class Tokens(msgspec.Struct, frozen=True):
    access: str
    refresh: str


class Renewals:
    """``secret``: the one of the cookies, the same for all that serve one site."""

    def __init__(self, rpc: RpcClient, secret: bytes) -> None:
        self._rpc = rpc
        self._secret = secret

    def renewed(self, refresh_token: str) -> Tokens:
        """New tokens for an old refresh token; raises the errors of ``security.refresh``."""
        answer = self._rpc.call(
            "security",
            "refresh",
            {"refresh_token": refresh_token, "following": self._following(refresh_token)},
            timeout=SECONDS,
        )
        return Tokens(answer["access_token"], answer["refresh_token"])

    def _following(self, refresh_token: str) -> str:
        derived = hmac.digest(
            self._secret, b"refresh token after " + refresh_token.encode(), sha256
        )
        return urlsafe_b64encode(derived).rstrip(b"=").decode()
