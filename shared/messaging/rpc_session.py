"""The two connections of an RPC client: one the answers come in on, one the calls go out on.

Two, because RabbitMQ stops reading from connections that publish when it is short of memory;
answers must still come in then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import Any
from uuid import uuid4

import kombu

from shared.errors import TimedOut, Unavailable
from shared.messaging import topology
from shared.messaging.connections import abandon, connect
from shared.messaging.envelope import CONTENT_TYPE

# seconds: how often heartbeats, returned calls and expired ones are looked after
TICK = 0.5
# seconds a single write may take before the connection counts as broken
_WRITE_SECONDS = 5.0


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
        self.broken = False
        self._key = uuid4().hex
        self._on_reply = on_reply
        self._on_return = on_return
        self._on_tick = on_tick
        self._sending_lock = threading.Lock()
        self._next_tick = 0.0
        with ExitStack() as undo:
            self._receiving = connect(url)
            undo.callback(abandon, self._receiving)
            self._consume(source)
            self._sending = connect(url)
            undo.callback(abandon, self._sending)
            self._channel = self._sending.channel()
            self._channel.events["basic_return"].add(self._returned)
            undo.pop_all()

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
        """Publish one call; after ``seconds`` the broker may drop it.

        Raises ``TimedOut`` when others hold the connection that long, ``Unavailable`` when it
        broke: it is then unknown whether the call went out.
        """
        if not self._sending_lock.acquire(timeout=seconds):
            raise TimedOut("The broker does not take messages fast enough.")
        try:
            if self.broken:
                raise Unavailable("The connection to the broker was lost.", retry_after=1)
            self._publish(call, topology.rpc_key(service, method), body, headers, seconds)
        except Unavailable:
            raise
        except BaseException as error:
            # killed or failed half way through a frame: nothing after it could be understood
            self.broken = True
            if isinstance(error, Exception):
                raise Unavailable("The broker cannot be reached.", retry_after=1) from error
            raise
        finally:
            self._sending_lock.release()

    def look_for_returns(self) -> None:
        """Take in what the broker sent back on the sending connection, if nobody else is at it."""
        if not self._sending_lock.acquire(blocking=False):
            return
        try:
            while not self.broken:
                self._sending.drain_events(timeout=0)
        except TimeoutError:
            pass
        except BaseException:
            self.broken = True
            raise
        finally:
            self._sending_lock.release()

    def receive(self) -> None:
        """Wait for an answer, at most one tick; raises what kombu raises with the broker gone."""
        with suppress(TimeoutError):
            self._receiving.drain_events(timeout=TICK)
        now = time.monotonic()
        if now >= self._next_tick:
            self._next_tick = now + TICK
            self._receiving.heartbeat_check()
            self.look_for_returns()
            if self.broken:
                raise Unavailable("The connection that sends was lost.")
            self._sending.heartbeat_check()
            self._on_tick()

    def abandon(self) -> None:
        """Drop both connections at once; calls that still try to send fail."""
        self.broken = True
        abandon(self._receiving)
        abandon(self._sending)

    def close(self) -> None:
        """Part from the broker in order."""
        self.broken = True
        self._receiving.release()
        self._sending.release()

    def _consume(self, source: str) -> None:
        consumer = kombu.Consumer(
            self._receiving.channel(),
            queues=[topology.replies(source, self._key).for_kombu()],
            no_ack=True,
            on_message=self._answered,
        )
        consumer.consume()

    def _publish(
        self, call: str, key: str, body: bytes, headers: Mapping[str, Any], seconds: float
    ) -> None:
        message = self._channel.prepare_message(
            body,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            headers=dict(headers),
            properties={
                "reply_to": self._key,
                "correlation_id": call,
                "delivery_mode": topology.TRANSIENT,
                "expiration": str(max(1, int(seconds * 1000))),
            },
        )
        self._channel.basic_publish(
            message,
            exchange=topology.RPC.name,
            routing_key=key,
            mandatory=True,
            timeout=_WRITE_SECONDS,
        )

    def _answered(self, message: Any) -> None:
        self._on_reply(message.properties.get("correlation_id", ""), message.body)

    def _returned(self, _error: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._on_return(message.properties.get("correlation_id", ""))
