"""Publishing to RabbitMQ with confirms awaited a batch at a time.

One confirm awaited a message is some 1,200 events/s; a page sent in one go and its confirms counted
as they come, in any order and several at once, is limited by the processor. That needs pika's
asynchronous side, which runs in a thread (or greenlet) of its own and so answers heartbeats while
nothing is published.

Source: RabbitMQ, "Consumer Acknowledgements and Publisher Confirms".
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pika
from pika import spec

from shared.errors import Unavailable
from shared.messaging import topology
from shared.messaging.connections import CONNECT_SECONDS, HEARTBEAT, pauses
from shared.messaging.envelope import CONTENT_TYPE, Fact, encode

# seconds the broker may take to confirm a whole batch
CONFIRM_SECONDS = 10.0
# seconds a batch waits for a connection that is being made
_READY_SECONDS = 5.0
# seconds a broker may take to agree that we part
_PART_SECONDS = 1.0
_CLOSE_SECONDS = 5.0

_OPEN, _CONFIRMED, _FAILED = 0, 1, 2

_log = logging.getLogger(__name__)


class Batch:
    """Messages under way on one channel, and what became of each."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.messages = [(fact.type, encode(fact), _properties(fact)) for fact in facts]
        self.finished = threading.Event()
        self.confirmed = 0
        self._first_tag: int | None = None
        self._states = bytearray(len(facts))
        self._unsettled = len(facts)

    def start(self, first_tag: int) -> None:
        """``first_tag``: the delivery tag of the first message."""
        self._first_tag = first_tag

    def settle(self, tag: int, *, multiple: bool, confirmed: bool) -> None:
        """A confirm or a refusal (nack) of this delivery tag, or of all up to it."""
        if self._first_tag is None:
            return
        last = tag - self._first_tag
        for place in range(self.confirmed if multiple else last, last + 1):
            if self._states[place] == _OPEN:
                self._states[place] = _CONFIRMED if confirmed else _FAILED
                self._unsettled -= 1
        self.confirmed = _leading(self._states, self.confirmed)
        if self._unsettled == 0:
            self.finished.set()


class _Corked(pika.SelectConnection):
    """Sends what one pass of the loop has to send in one write; stock pika makes three writes of
    every message.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._gathered: list[bytes] = []
        self._gathering = False
        super().__init__(*arguments, **options)

    @contextmanager
    def corked(self) -> Iterator[None]:
        """Until the end of the block nothing is sent; then all of it at once."""
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
            gathered, self._gathered = self._gathered, []
            if gathered:
                super()._adapter_emit_data(b"".join(gathered))

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._gathering:
            self._gathered.append(data)
        else:
            super()._adapter_emit_data(data)


class ConfirmingPublisher:
    """Connects by itself, and again when the broker was away; for one thread that publishes."""

    def __init__(self, url: str, service: str) -> None:
        self._exchange = topology.events(service)
        self._parameters = _parameters(url)
        self._changed = threading.Condition()
        self._connection: Any = None
        self._channel: Any = None
        self._next_tag = 1
        self._batch: Batch | None = None
        self._fault: str | None = None
        self._attempts = pauses()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"publish-{service}", daemon=True)
        self._thread.start()

    def publish(self, batch: Sequence[Fact]) -> int:
        """See `EventPublisher.publish`; takes at most some 15 seconds."""
        if not batch:
            return 0
        under_way = Batch(batch)
        with self._changed:
            self._changed.wait_for(lambda: self._channel or self._fault, _READY_SECONDS)
            if self._channel is None:
                raise Unavailable(
                    f"The message broker cannot be reached: {self._fault or 'no answer from it'}",
                    retry_after=2,
                )
            self._batch = under_way
            self._in_loop(self._send, under_way)
        if not under_way.finished.wait(CONFIRM_SECONDS):
            # late confirms must not be taken for those of the next batch
            with self._changed:
                self._in_loop(self._part)
        self._batch = None
        return under_way.confirmed

    def close(self) -> None:
        self._closing.set()
        with self._changed:
            self._in_loop(self._part)
        self._thread.join(_CLOSE_SECONDS)

    # all below runs in the thread of the connection

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._live()
            except Exception as error:  # a new connection, not a dead relay
                _log.exception("publishing connection failed")
                self._lost(str(error))
            self._closing.wait(next(self._attempts))
        self._lost("This publisher was closed.")

    def _live(self) -> None:
        """One connection, from the attempt to its end."""
        connection = _Corked(
            self._parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._ended,
            on_close_callback=self._ended,
        )
        with self._changed:
            self._connection = connection
        try:
            if not self._closing.is_set():
                connection.ioloop.start()
        finally:
            with self._changed:
                self._connection = None
            connection.ioloop.close()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        channel.add_on_close_callback(self._channel_closed)
        channel.exchange_declare(
            **self._exchange.for_pika(), callback=lambda _: self._declared(channel)
        )

    def _declared(self, channel: Any) -> None:
        channel.confirm_delivery(self._settled, callback=lambda _: self._ready(channel))

    def _ready(self, channel: Any) -> None:
        with self._changed:
            self._channel, self._fault, self._next_tag = channel, None, 1
            self._attempts = pauses()
            self._changed.notify_all()

    def _send(self, batch: Batch) -> None:
        if self._channel is None:
            return
        batch.start(self._next_tag)
        with self._connection.corked():
            for key, body, properties in batch.messages:
                self._channel.basic_publish(self._exchange.name, key, body, properties)
        self._next_tag += len(batch.messages)

    def _settled(self, frame: Any) -> None:
        if self._channel is not None and self._batch is not None:
            self._batch.settle(
                frame.method.delivery_tag,
                multiple=frame.method.multiple,
                confirmed=isinstance(frame.method, spec.Basic.Ack),
            )

    def _channel_closed(self, channel: Any, reason: BaseException) -> None:
        self._lost(str(reason))
        if channel.connection.is_open:
            channel.connection.close()

    def _ended(self, connection: Any, reason: BaseException) -> None:
        # where we ended it ourselves, the cause is known already
        if not isinstance(reason, pika.exceptions.ConnectionClosedByClient):
            self._lost(str(reason) or type(reason).__name__)
        connection.ioloop.stop()

    def _part(self) -> None:
        connection = self._connection
        connection.ioloop.call_later(_PART_SECONDS, connection.ioloop.stop)
        if connection.is_open:
            connection.close()
        self._lost("The connection to the broker was given up.")

    def _lost(self, why: str) -> None:
        with self._changed:
            if self._channel is not None and not self._closing.is_set():
                _log.warning("lost the broker: %s", why)
            self._channel, self._fault = None, why
            batch = self._batch
            self._changed.notify_all()
        if batch is not None:
            batch.finished.set()

    def _in_loop(self, work: Any, *arguments: Any) -> None:
        if self._connection is not None:
            self._connection.ioloop.add_callback_threadsafe(lambda: work(*arguments))


def _properties(fact: Fact) -> pika.BasicProperties:
    return pika.BasicProperties(
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        delivery_mode=topology.PERSISTENT,
        message_id=fact.id,
        type=fact.type,
    )


def _parameters(url: str) -> pika.connection.Parameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = HEARTBEAT
    parameters.connection_attempts = 1
    parameters.socket_timeout = CONNECT_SECONDS
    parameters.stack_timeout = CONNECT_SECONDS + 1
    return parameters


def _leading(states: bytearray, start: int) -> int:
    """How many states from the first on are confirmed, known that ``start`` of them are."""
    place = start
    while place < len(states) and states[place] == _CONFIRMED:
        place += 1
    return place
