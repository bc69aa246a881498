"""RPC as bytes on the wire, for what no client would let through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pika

SILENCE = 0.3


class Wire:
    """One connection with a reply queue. Use it as a context manager."""

    def __init__(self, url: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        self._channel = self._connection.channel()
        self._key = uuid4().hex
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(self._queue, "nameko-rpc", self._key)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def send(
        self,
        service: str,
        method: str,
        body: bytes,
        headers: Mapping[str, Any] | None = None,
        **properties: Any,
    ) -> str:
        """Publish one call; the id its answer will carry."""
        call = uuid4().hex
        given = {
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "reply_to": self._key,
            "correlation_id": call,
            **properties,
        }
        self._channel.basic_publish(
            "nameko-rpc",
            f"{service}.{method}",
            body,
            pika.BasicProperties(headers=dict(headers or {}), **given),
        )
        return call

    def call(
        self,
        service: str,
        method: str,
        body: bytes,
        headers: Mapping[str, Any] | None = None,
        **properties: Any,
    ) -> dict[str, Any]:
        """Nameko's answer: ``{"result", "error": {"exc_type", "value", ...} | None}``."""
        wanted = self.send(service, method, body, headers, **properties)
        found = self.answer(15.0)
        assert found is not None, "no answer at all"
        call, answer = found
        assert call == wanted
        return answer

    def answer(self, seconds: float = SILENCE) -> tuple[str, dict[str, Any]] | None:
        """The next answer, or None where there is none for so long."""
        for method, properties, body in self._channel.consume(
            self._queue, auto_ack=True, inactivity_timeout=seconds
        ):
            if method is None:
                return None
            answer: dict[str, Any] = json.loads(body)
            return properties.correlation_id, answer
        return None


def error_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The typed error in an answer: ``{code, message, fields, ...}``."""
    assert answer["result"] is None
    found: dict[str, Any] = json.loads(answer["error"]["value"])
    return found
