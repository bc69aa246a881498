"""Hearing that a service's log has grown, so that a follower need not ask.

A hint says "there is more" and nothing else. It may be lost, doubled or late: followers ask by
themselves every few seconds anyway. Of a burst of events RabbitMQ keeps the newest, and one is on
its way to us.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

import kombu

from shared.messaging import topology
from shared.messaging.connections import abandon, connect, pauses

# seconds a hint is kept unacknowledged: its service's next one waits, and bursts become one. While
# followers gather behind a page they need no hint.
_GATHER = 0.01
_TICK = 0.5
_CLOSE_SECONDS = 5.0

_log = logging.getLogger(__name__)


class HintListener:
    """Calls ``on_hint(service)`` from its own thread, also once a service whenever it has
    (re)connected.

    ``on_hint`` must return at once. ``close`` it in the end.
    """

    def __init__(
        self, url: str, service_names: Sequence[str], on_hint: Callable[[str], None]
    ) -> None:
        self._url = url
        self._services = tuple(service_names)
        self._on_hint = on_hint
        self._held: list[Any] = []
        self._held_since = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        attempts = pauses()
        while not self._closing.is_set():
            try:
                connection = connect(self._url)
            except Exception as error:  # there are many ways not to reach a broker
                _log.debug("no broker for hints: %s", error)
                self._closing.wait(next(attempts))
                continue
            attempts = pauses()
            try:
                self._listen(connection)
                connection.release()
            except Exception as error:  # as above; the next round connects again
                _log.warning("hints stopped: %s", error)
                abandon(connection)
                self._closing.wait(next(attempts))

    def _listen(self, connection: kombu.Connection) -> None:
        self._held.clear()
        channel = connection.channel()
        for service in self._services:
            consumer = kombu.Consumer(
                channel,
                queues=[topology.hints(service, uuid4().hex).for_kombu()],
                prefetch_count=1,
                on_message=partial(self._hinted, service),
            )
            consumer.consume()
        # what was told while nobody listened
        for service in self._services:
            self._on_hint(service)
        next_tick = time.monotonic() + _TICK
        while not self._closing.is_set():
            with suppress(TimeoutError):
                connection.drain_events(timeout=_GATHER if self._held else _TICK)
            now = time.monotonic()
            if self._held and now - self._held_since >= _GATHER:
                self._release()
            if now >= next_tick:
                next_tick = now + _TICK
                connection.heartbeat_check()

    def _hinted(self, service: str, message: Any) -> None:
        if not self._held:
            self._held_since = time.monotonic()
        self._held.append(message)
        self._on_hint(service)

    def _release(self) -> None:
        for message in self._held:
            message.ack()
        self._held.clear()
