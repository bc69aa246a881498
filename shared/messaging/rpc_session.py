"""The two connections of an RPC client: one the answers come in on, one the calls go out on.

Two, because RabbitMQ stops reading from connections that publish when it is short of memory;
answers must still come in then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import Any
from uuid import uuid4

import kombu

from shared.messaging import topology
from shared.messaging.connections import abandon, connect
from shared.messaging.outgoing import Outgoing

# seconds: how often heartbeats, returned calls and expired ones are looked after
TICK = 0.5


class Session:
    """One life of the connection to the broker; a lost one is replaced, never mended.

    ``on_reply(call id, body)``, ``on_return(call id)`` and ``on_tick()`` are called from the thread
    that calls `receive`; ``on_return`` from sending ones too.
    """

    def __init__(
        self,
        url: str,
        source: str,
        *,
        on_reply: Callable[[str, bytes | str], None],
        on_return: Callable[[str], None],
        on_tick: Callable[[], None],
    ) -> None:
        self._key = uuid4().hex
        self._on_reply = on_reply
        self._on_tick = on_tick
        self._next_tick = 0.0
        with ExitStack() as undo:
            self._receiving = connect(url)
            undo.callback(abandon, self._receiving)
            self._consume(source)
            self._sending = Outgoing(url, on_return)
            undo.pop_all()

    @property
    def broken(self) -> bool:
        return self._sending.broken

    def send(
        self,
        call: str,
        service: str,
        method: str,
        *,
        body: bytes,
        headers: Mapping[str, Any],
        seconds: float,
    ) -> None:
        """Publish one call; after ``seconds`` the broker may drop it. Raises as `Outgoing.send`."""
        self._sending.send(
            topology.rpc_key(service, method),
            body,
            headers=headers,
            properties={
                "reply_to": self._key,
                "correlation_id": call,
                "expiration": str(max(1, int(seconds * 1000))),
            },
            seconds=seconds,
            mandatory=True,
        )

    def look_for_returns(self) -> None:
        self._sending.look_for_returns()

    def receive(self) -> None:
        """Wait for an answer, at most one tick; raises what kombu raises with the broker gone."""
        with suppress(TimeoutError):
            self._receiving.drain_events(timeout=TICK)
        now = time.monotonic()
        if now >= self._next_tick:
            self._next_tick = now + TICK
            self._receiving.heartbeat_check()
            self._sending.tick()
            self._on_tick()

    def abandon(self) -> None:
        """Drop both connections at once; calls that still try to send fail."""
        self._sending.abandon()
        abandon(self._receiving)

    def close(self) -> None:
        """Part from the broker in order."""
        self._receiving.release()
        self._sending.close()

    def _consume(self, source: str) -> None:
        consumer = kombu.Consumer(
            self._receiving.channel(),
            queues=[topology.replies(source, self._key).for_kombu()],
            no_ack=True,
            on_message=self._answered,
        )
        consumer.consume()

    def _answered(self, message: Any) -> None:
        self._on_reply(message.properties.get("correlation_id", ""), message.body)
