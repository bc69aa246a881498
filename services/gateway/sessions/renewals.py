"""Access tokens are renewed shortly before their end, once a session, whoever asks.

A refresh token works once, while a browser may send several requests at the same moment: the first
renews, the others get what it got.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict

import msgspec

from shared.messaging.rpc_client import RpcClient

SECONDS = 5.0
# as long as an answer with the old cookie may still be on its way
_KEPT_SECONDS = 600.0
_MOST_KEPT = 10_000


class Tokens(msgspec.Struct, frozen=True):
    access: str
    refresh: str


class _Renewal:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = time.monotonic() + _KEPT_SECONDS
        self.tokens: Tokens | None = None


class Renewals:
    """Safe between threads; what one process renewed, another does not know of."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc
        self._lock = threading.Lock()
        self._renewals: OrderedDict[bytes, _Renewal] = OrderedDict()

    def renewed(self, refresh_token: str) -> Tokens:
        """New tokens for an old refresh token; raises the errors of ``security.refresh``."""
        renewal = self._of(hashlib.sha256(refresh_token.encode()).digest())
        with renewal.lock:
            if renewal.tokens is None:
                answer = self._rpc.call(
                    "security",
                    "refresh",
                    {"refresh_token": refresh_token},
                    timeout=SECONDS,
                )
                renewal.tokens = Tokens(answer["access_token"], answer["refresh_token"])
            return renewal.tokens

    def _of(self, digest: bytes) -> _Renewal:
        now = time.monotonic()
        with self._lock:
            while self._renewals:
                oldest = next(iter(self._renewals))
                if self._renewals[oldest].until > now and len(self._renewals) < _MOST_KEPT:
                    break
                del self._renewals[oldest]
            return self._renewals.setdefault(digest, _Renewal())
