"""Another service's log, read over RPC and woken by hints."""

from __future__ import annotations

from typing import Any

from shared.errors import Invalid
from shared.eventlog.store import Signal
from shared.following.source import PAGE, Page
from shared.identity.keys import ServiceIdentity
from shared.messaging import envelope
from shared.messaging.rpc_client import RpcClient

SECONDS = 10.0


class RemoteSource:
    def __init__(self, log: str, rpc: RpcClient, identity: ServiceIdentity) -> None:
        self.log = log
        self._rpc = rpc
        self._identity = identity
        self._hints = Signal()
        self._count = 0
        self._read_at = 0
        self._may_want_no_text = True

    def hint(self) -> None:
        """There may be more: an event was published, or the connection was lost for a while."""
        self._count += 1
        self._hints.raise_to(self._count)

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        seen = self._count
        asked = {"log": self.log, "after": after, "limit": limit}
        found = self._asked(asked) if text else self._without_text(asked)
        self._read_at = seen
        return Page(
            events=[envelope.decode(one) for one in found["events"]],
            next=found["next"],
            head=found["head"],
            log_id=found["log_id"],
            anchor=found["anchor"],
        )

    def _without_text(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A release that does not know the word yet refuses it, and gives the text."""
        if self._may_want_no_text:
            try:
                return self._asked({**asked, "text": False})
            except Invalid as error:
                if "text" not in error.fields:
                    raise
                self._may_want_no_text = False
        return self._asked(asked)

    def _asked(self, asked: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._rpc.call(
            f"{self.log}.log",
            "read",
            asked,
            auth_token=self._identity.token(),
            timeout=SECONDS,
        )
        return found

    def wait(self, after: int, timeout: float) -> bool:
        """True when a hint came since the last read began."""
        return self._hints.wait(self._read_at, timeout)

    def close(self) -> None:
        self._hints.close()
