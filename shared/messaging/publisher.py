"""Publishing events for the relay, and saying how many of them the broker has."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

import kombu

from shared.errors import Unavailable
from shared.messaging import embedded, topology
from shared.messaging.confirming import ConfirmingPublisher
from shared.messaging.connections import abandon, connect
from shared.messaging.envelope import CONTENT_TYPE, Fact, encode

# in process, other greenlets get their turn after so many events
_TURN = 50


class EventPublisher(Protocol):
    """Publishes to ``<service>.events``; an event no queue is bound for vanishes, by design."""

    def publish(self, batch: Sequence[Fact]) -> int:
        """How many events, counted from the first, the broker surely has: 0 to all of them.

        Raises `Unavailable` where the broker cannot be reached. Events behind the count may have
        gone out too: whoever publishes them again makes duplicates, never gaps.
        """
        ...

    def close(self) -> None:
        """Returns within a few seconds; a `publish` under way returns too."""
        ...


def publisher_for(url: str, service: str) -> EventPublisher:
    """The publisher for the events of a service on the broker at ``url``."""
    if url.startswith(f"{embedded.SCHEME}:"):
        return EmbeddedPublisher(url, service)
    return ConfirmingPublisher(url, service)


class EmbeddedPublisher:
    """In process: a message is in its queues when `publish` returns."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._exchange = topology.events(service)
        self._connection: kombu.Connection | None = None
        self._channel: Any = None

    def publish(self, batch: Sequence[Fact]) -> int:
        if self._connection is None:
            self._connection = connect(self._url)
            self._channel = self._connection.channel()
            self._exchange.for_kombu()(self._channel).declare()
        channel = self._channel
        try:
            for count, fact in enumerate(batch, start=1):
                message = channel.prepare_message(
                    encode(fact),
                    content_type=CONTENT_TYPE,
                    content_encoding="utf-8",
                    properties={
                        "message_id": fact.id,
                        "type": fact.type,
                        "delivery_mode": topology.PERSISTENT,
                    },
                )
                channel.basic_publish(message, exchange=self._exchange.name, routing_key=fact.type)
                if count % _TURN == 0:
                    time.sleep(0)
        except self._connection.connection_errors as error:
            self.close()
            raise Unavailable(f"The in-process broker is gone: {error}") from error
        return len(batch)

    def close(self) -> None:
        if self._connection is not None:
            abandon(self._connection)
            self._connection = None
