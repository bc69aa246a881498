"""The names and kinds of every exchange and queue: the one place that knows them.

What a stock nameko 2.14.1 declares is declared alike here (``nameko/events.py``,
``nameko/rpc.py``): with any other argument RabbitMQ answers 406 PRECONDITION_FAILED to whoever
comes second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import kombu

TRANSIENT = 1
PERSISTENT = 2
EVERYTHING = "#"

# long enough to gather a burst, short enough that nobody sees it
HINT_LENGTH = 1


@dataclass(frozen=True)
class ExchangeSpec:
    """An exchange: always topic, durable, never deleted by itself."""

    name: str

    def for_kombu(self) -> kombu.Exchange:
        return kombu.Exchange(self.name, type="topic", durable=True, auto_delete=False)

    def for_pika(self) -> dict[str, Any]:
        """Arguments of ``pika.channel.Channel.exchange_declare``."""
        return {
            "exchange": self.name,
            "exchange_type": "topic",
            "durable": True,
            "auto_delete": False,
        }


@dataclass(frozen=True)
class QueueSpec:
    """A queue that lives and dies with the one connection that declared it."""

    name: str
    exchange: ExchangeSpec
    routing_key: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def for_kombu(self) -> kombu.Queue:
        return kombu.Queue(
            self.name,
            exchange=self.exchange.for_kombu(),
            routing_key=self.routing_key,
            durable=False,
            exclusive=True,
            auto_delete=True,
            queue_arguments=dict(self.arguments),
        )


RPC = ExchangeSpec("nameko-rpc")


def events(service: str) -> ExchangeSpec:
    """Where the events of a service are told; the routing key is the event's type."""
    return ExchangeSpec(f"{service}.events")


def rpc_queue(service: str) -> str:
    """The queue the service's own nameko container declares."""
    return f"rpc-{service}"


def rpc_key(service: str, method: str) -> str:
    return f"{service}.{method}"


def replies(source: str, key: str) -> QueueSpec:
    """Where the answers to one client connection go; ``key`` is the ``reply_to`` of its calls."""
    return QueueSpec(f"rpc.reply-{source}-{key}", RPC, key)


def hints(service: str, key: str) -> QueueSpec:
    """Says that there is more in the service's log; of many events it keeps the newest."""
    return QueueSpec(
        f"hint-{service}-{key}", events(service), EVERYTHING, {"x-max-length": HINT_LENGTH}
    )
