"""Access tokens are renewed shortly before their end, once a session, whoever asks.

A refresh token works once, while a browser may send several requests at the same moment: the first
renews, the others get what it got. No page waits long for it: an answer that is late is there for
the next request, since to ask again would spend the token twice.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict

import msgspec

from shared.errors import TimedOut
from shared.messaging.rpc_client import Reply, RpcClient

SECONDS = 5.0
# how long one request waits for that
_PATIENCE_SECONDS = 1.0
_LOOK_SECONDS = 0.01
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
        self.reply: Reply | None = None
        self.tokens: Tokens | None = None


class Renewals:
    """Safe between threads; what one process renewed, another does not know of."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc
        self._lock = threading.Lock()
        self._renewals: OrderedDict[bytes, _Renewal] = OrderedDict()

    def renewed(self, refresh_token: str) -> Tokens:
        """New tokens for an old refresh token; raises the errors of ``security.refresh``, and
        ``TimedOut`` where the answer is not there yet.
        """
        renewal = self._of(hashlib.sha256(refresh_token.encode()).digest())
        with renewal.lock:
            if renewal.tokens is None:
                reply = renewal.reply or self._rpc.call_async(
                    "security",
                    "refresh",
                    {"refresh_token": refresh_token},
                    timeout=SECONDS,
                )
                renewal.reply = reply if _still_awaited(reply) else None
                if renewal.reply is not None:
                    raise TimedOut("The session is being renewed; try again in a moment.")
                answer = reply.result()
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


def _still_awaited(reply: Reply) -> bool:
    """Whether there is no answer after as long as a page may wait, and there may yet be one."""
    until = time.monotonic() + min(_PATIENCE_SECONDS, reply.left())
    while not reply.done() and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    return not reply.done() and reply.left() > 0
