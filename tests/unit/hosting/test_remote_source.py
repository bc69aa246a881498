"""Reading another service's log, whatever release it is of."""

from __future__ import annotations

from typing import Any, cast

from shared.errors import Invalid
from shared.hosting.remote_source import RemoteSource
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient


class Log:
    """Answers as a service does; ``old``: of a release that does not know the word ``text``."""

    def __init__(self, *, old: bool) -> None:
        self._old = old
        self.asked: list[bool | None] = []

    def token(self) -> str:
        return ""

    def call(self, service: str, method: str, request: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.asked.append(request.get("text"))
        if self._old and "text" in request:
            raise Invalid("no", fields={"text": ["There is no such field."]})
        return {"events": [], "next": 0, "head": 0, "log_id": "x", "anchor": None}

    def source(self) -> RemoteSource:
        return RemoteSource("toys", cast(RpcClient, self), cast(ServiceIdentity, self))


def test_who_wants_no_text_says_so() -> None:
    log = Log(old=False)
    source = log.source()
    source.read(0, text=False)
    source.read(0)
    assert log.asked == [False, None]


def test_a_release_that_does_not_know_the_word_is_read_all_the_same() -> None:
    log = Log(old=True)
    source = log.source()
    assert source.read(0, text=False).log_id == "x"
    source.read(0, text=False)
    assert log.asked == [False, None, None]
