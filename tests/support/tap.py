"""A plain AMQP client on every events exchange: all that is told to anybody, as bytes.

Nothing of the project is in it but the names of the services: it is what somebody writes who knows
the contract alone.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pika
from pika.exceptions import AMQPError


class Tap:
    """Listens from its making until ``close``; ``messages`` are (exchange, routing key, body)."""

    def __init__(self, url: str, services: Sequence[str]) -> None:
        self.messages: list[tuple[str, str, bytes]] = []
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        self._channel = self._connection.channel()
        queue = self._channel.queue_declare("", exclusive=True).method.queue
        for service in services:
            exchange = f"{service}.events"
            self._channel.exchange_declare(exchange, "topic", durable=True)
            self._channel.queue_bind(queue, exchange, "#")
        self._channel.basic_consume(queue, self._heard, auto_ack=True)
        self._lost: AMQPError | None = None
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def events(self, wanted: Callable[[dict[str, Any]], bool] = lambda event: True) -> list[Any]:
        """What was told so far; fails where the broker was lost, since it may have missed some."""
        assert self._lost is None, self._lost
        found = [json.loads(body) for _, _, body in list(self.messages)]
        return [event for event in found if wanted(event)]

    def close(self) -> None:
        if self._lost is not None:
            return
        self._connection.add_callback_threadsafe(self._channel.stop_consuming)
        self._thread.join(10)
        self._connection.close()

    def _listen(self) -> None:
        # Tests of other files in the same session kill the broker.
        try:
            self._channel.start_consuming()
        except AMQPError as error:
            self._lost = error

    def _heard(self, _: Any, method: Any, properties: Any, body: bytes) -> None:
        assert properties.content_type == "application/json"
        self.messages.append((method.exchange, method.routing_key, body))
