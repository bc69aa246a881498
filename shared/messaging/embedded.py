"""kombu on a broker in this process: ``wuye-embedded://<name>/`` for the embedded way and for
tests.

nameko's containers run on it unchanged. Every name is a broker of its own, so several platforms in
one process do not see each other; `drop` ends one. Importing this module makes kombu know the
scheme.

As with RabbitMQ a ``mandatory`` message that no queue takes comes back: to the channel's
``basic_return`` handlers where there are any, else as the ``NO_ROUTE`` channel error that nameko
turns into `UnknownService`.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

from amqp.exceptions import (
    ChannelError,
    NotFound,
    PreconditionFailed,
    RecoverableConnectionError,
    ResourceLocked,
)
from amqp.exceptions import (
    ConnectionError as AmqpConnectionError,
)
from amqp.protocol import queue_declare_ok_t
from kombu.transport import TRANSPORT_ALIASES, base

from shared.messaging.inprocess import (
    Broker,
    BrokerGone,
    Consumer,
    Letter,
    Locked,
    Mismatch,
    NoSuchThing,
    Queue,
)

SCHEME = "wuye-embedded"

_brokers: dict[str, Broker] = {}
_brokers_lock = threading.Lock()


def broker(name: str) -> Broker:
    with _brokers_lock:
        return _brokers.setdefault(name, Broker())


def drop(name: str) -> None:
    """End the broker of that name; whoever is still connected gets a connection error."""
    with _brokers_lock:
        found = _brokers.pop(name, None)
    if found is not None:
        found.shut_down()


@contextmanager
def _amqp_errors() -> Iterator[None]:
    try:
        yield
    except BrokerGone:
        raise RecoverableConnectionError("the in-process broker is gone") from None
    except NoSuchThing as error:
        raise NotFound(f"NOT_FOUND - {error}") from None
    except Mismatch as error:
        raise PreconditionFailed(f"PRECONDITION_FAILED - {error}") from None
    except Locked as error:
        raise ResourceLocked(f"RESOURCE_LOCKED - {error}") from None


class Message(base.Message):
    """``properties`` as with RabbitMQ: nameko's responder reads ``content_type`` there."""

    def __init__(
        self, channel: Channel, letter: Letter, delivery_tag: int, consumer_tag: str | None
    ) -> None:
        payload = letter.payload
        super().__init__(
            body=payload["body"],
            channel=channel,
            delivery_tag=delivery_tag,
            content_type=payload["properties"].get("content_type"),
            content_encoding=payload["properties"].get("content_encoding"),
            delivery_info={
                "consumer_tag": consumer_tag,
                "exchange": letter.exchange,
                "routing_key": letter.routing_key,
                "redelivered": letter.redelivered,
            },
            properties=dict(payload["properties"]),
            headers=dict(payload["headers"]),
        )


class Channel(base.StdChannel):
    def __init__(self, connection: Connection) -> None:
        self.connection: Connection | None = connection
        self.events: defaultdict[str, set[Callable[..., None]]] = defaultdict(set)
        self.no_ack_consumers: set[str] = set()
        self._broker = connection.broker
        self._inbox = connection.inbox
        self._prefetch = 0
        self._consumers: dict[str, Consumer] = {}
        self._unsettled: dict[int, tuple[Letter, Queue, Consumer | None]] = {}
        self._tags = count(1)

    def exchange_declare(
        self,
        exchange: str,
        type: str = "direct",
        durable: bool = False,
        auto_delete: bool = False,
        passive: bool = False,
        **_: Any,
    ) -> None:
        with _amqp_errors():
            if not passive:
                self._broker.declare_exchange(exchange, type, bool(durable), bool(auto_delete))
            elif not self._broker.has_exchange(exchange):
                raise NoSuchThing(f"no exchange {exchange!r}")

    def exchange_delete(self, exchange: str, **_: Any) -> None:
        self._broker.delete_exchange(exchange)

    def queue_declare(
        self,
        queue: str = "",
        passive: bool = False,
        exclusive: bool = False,
        auto_delete: bool = False,
        arguments: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> queue_declare_ok_t:
        arguments = arguments or {}
        with _amqp_errors():
            if passive:
                found = self._broker.queue(queue, self._inbox)
            else:
                found = self._broker.declare_queue(
                    queue or f"amq.gen-{id(self):x}-{next(self._tags)}",
                    owner=self._inbox if exclusive else None,
                    auto_delete=bool(auto_delete),
                    max_length=arguments.get("x-max-length"),
                    expires=arguments.get("x-expires", 0) / 1000 or None,
                )
        return queue_declare_ok_t(found.name, len(found.letters), len(found.consumers))

    def queue_delete(self, queue: str, **_: Any) -> None:
        self._broker.delete_queue(queue)

    def queue_purge(self, queue: str, **_: Any) -> int:
        with _amqp_errors():
            return self._broker.purge(self._broker.queue(queue, self._inbox))

    def queue_bind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        with _amqp_errors():
            self._broker.bind(self._broker.queue(queue, self._inbox), exchange, routing_key)

    def queue_unbind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        with _amqp_errors():
            self._broker.unbind(self._broker.queue(queue, self._inbox), exchange, routing_key)

    def prepare_queue_arguments(self, arguments: Mapping[str, Any], **options: Any) -> Any:
        return base.to_rabbitmq_queue_arguments(arguments, **options)

    def prepare_message(
        self,
        body: Any,
        priority: int | None = None,
        content_type: str | None = None,
        content_encoding: str | None = None,
        headers: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        headers = dict(headers or {})
        return {
            "body": body,
            "headers": headers,
            "properties": {
                **(properties or {}),
                "priority": priority,
                "content_type": content_type,
                "content_encoding": content_encoding,
                "application_headers": headers,
            },
        }

    def message_to_python(self, message: Message) -> Message:
        return message

    def basic_publish(
        self,
        message: dict[str, Any],
        exchange: str = "",
        routing_key: str = "",
        mandatory: bool = False,
        **_: Any,
    ) -> None:
        if self.connection is None or self._inbox.closed:
            raise RecoverableConnectionError("the in-process broker is gone")
        with _amqp_errors():
            routed = self._broker.publish(exchange, routing_key, message)
        if routed or not mandatory:
            return
        error = ChannelError("NO_ROUTE", (60, 50), "Basic.return", 312)
        handlers = self.events.get("basic_return")
        if not handlers:
            raise error
        for handler in handlers:
            handler(error, exchange, routing_key, self._returned(message, exchange, routing_key))

    def basic_qos(
        self, prefetch_size: int, prefetch_count: int, apply_global: bool = False
    ) -> None:
        """As RabbitMQ has it: for each consumer that starts on the channel from now on."""
        self._prefetch = prefetch_count

    def basic_consume(
        self,
        queue: str,
        no_ack: bool = False,
        consumer_tag: str = "",
        callback: Callable[[Message], None] | None = None,
        **_: Any,
    ) -> str:
        tag = consumer_tag or f"ctag-{id(self):x}-{next(self._tags)}"
        with _amqp_errors():
            consumer = Consumer(
                queue=self._broker.queue(queue, self._inbox),
                inbox=self._inbox,
                prefetch=self._prefetch,
                settles=not no_ack,
                target=(self, tag, callback),
            )
            self._consumers[tag] = consumer
            if no_ack:
                self.no_ack_consumers.add(tag)
            self._broker.consume(consumer)
        return tag

    def basic_cancel(self, consumer_tag: str, **_: Any) -> None:
        consumer = self._consumers.pop(consumer_tag, None)
        if consumer is not None:
            self._broker.cancel(consumer)

    def basic_get(self, queue: str, no_ack: bool = False, **_: Any) -> Message | None:
        with _amqp_errors():
            found = self._broker.queue(queue, self._inbox)
        letter = self._broker.take(found)
        if letter is None:
            return None
        return self._message(letter, found, None, None, no_ack)

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        tags = [delivery_tag]
        if multiple:
            tags = [tag for tag in self._unsettled if tag <= delivery_tag]
        for tag in tags:
            self._settle(tag)

    def basic_reject(self, delivery_tag: int, requeue: bool = False) -> None:
        found = self._unsettled.get(delivery_tag)
        if requeue and found is not None:
            self._broker.put_back(found[1], [found[0]])
        self._settle(delivery_tag)

    def basic_recover(self, requeue: bool = True) -> None:
        back: dict[Queue, list[Letter]] = {}
        for tag in sorted(self._unsettled):
            letter, queue, _ = self._unsettled[tag]
            back.setdefault(queue, []).append(letter)
            self._settle(tag)
        for queue, letters in back.items():
            self._broker.put_back(queue, letters)

    def deliver(self, consumer: Consumer, letter: Letter) -> None:
        _, tag, callback = consumer.target
        callback(self._message(letter, consumer.queue, consumer, tag, not consumer.settles))

    def close(self) -> None:
        if self.connection is None:
            return
        connection, self.connection = self.connection, None
        for tag in list(self._consumers):
            self.basic_cancel(tag)
        self.basic_recover()
        connection.channels.discard(self)

    def _message(
        self, letter: Letter, queue: Queue, consumer: Consumer | None, tag: str | None, no_ack: bool
    ) -> Message:
        delivery_tag = next(self._tags)
        if not no_ack:
            self._unsettled[delivery_tag] = (letter, queue, consumer)
        return Message(self, letter, delivery_tag, tag)

    def _returned(self, message: dict[str, Any], exchange: str, routing_key: str) -> Message:
        return Message(self, Letter(message, exchange, routing_key), 0, None)

    def _settle(self, delivery_tag: int) -> None:
        found = self._unsettled.pop(delivery_tag, None)
        if found is not None and found[2] is not None:
            self._broker.settle(found[2])


class Connection:
    """One connection: an inbox, and the channels that share it."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.broker = broker(name)
        self.inbox = self.broker.connect()
        self.channels: set[Channel] = set()

    @property
    def connected(self) -> bool:
        return not self.inbox.closed

    def channel(self) -> Channel:
        channel = Channel(self)
        self.channels.add(channel)
        return channel

    def drain(self, timeout: float | None) -> None:
        with _amqp_errors():
            taken = self.inbox.take(timeout)
        if taken is None:
            raise TimeoutError("nothing arrived in time")
        consumer, letter = taken
        consumer.target[0].deliver(consumer, letter)

    def close(self) -> None:
        for channel in list(self.channels):
            channel.close()
        self.broker.disconnect(self.inbox)


class Transport(base.Transport):
    driver_type = SCHEME
    driver_name = SCHEME
    connection_errors = (AmqpConnectionError, OSError)
    channel_errors = (ChannelError,)
    recoverable_connection_errors = (RecoverableConnectionError, OSError)
    recoverable_channel_errors: tuple[type[Exception], ...] = ()

    implements = base.Transport.implements.extend(
        asynchronous=False, heartbeats=False, exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def establish_connection(self) -> Connection:
        return Connection(self.client, self.client.hostname or "")

    def create_channel(self, connection: Connection) -> Channel:
        return connection.channel()

    def close_connection(self, connection: Connection) -> None:
        connection.close()

    def verify_connection(self, connection: Connection) -> bool:
        return connection.connected

    def drain_events(self, connection: Connection, timeout: float | None = None, **_: Any) -> None:
        connection.drain(timeout)

    def driver_version(self) -> str:
        return "1"


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
