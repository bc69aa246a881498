"""Sending the answers of one container: on a connection of its own, none confirmed.

Where the connection was lost, an answer goes out on a new one; a caller takes the first that comes.
Nothing is said to a caller whose broker is away: it asks again, with the same command id.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import Any

import msgspec
from nameko.exceptions import UnserializableValueError, serialize

from shared.errors import TimedOut
from shared.messaging.outgoing import Outgoing

logger = logging.getLogger(__name__)

_TICK = 0.5
_SECONDS = 5.0
_ATTEMPTS = 2


class Answers:
    """Safe between threads; connects at the first answer, and again when the broker was away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._outgoing: Outgoing | None = None
        self._connecting = threading.Lock()
        self._closing = threading.Event()
        self._ticker: threading.Thread | None = None

    def send(self, reply_to: str, call: str, result: Any, error: Exception | None) -> None:
        """``{"result", "error"}`` to whoever asked, in nameko's wire format."""
        try:
            body = _body(result, error)
        except (TypeError, ValueError, RecursionError):
            logger.exception("an answer cannot be written as JSON")
            body = _body(None, UnserializableValueError(result))
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._connected().send(
                    reply_to,
                    body,
                    headers={},
                    properties={"correlation_id": call} if call else {},
                    seconds=_SECONDS,
                    mandatory=False,
                )
                return
            except TimedOut as fault:
                logger.warning("an answer was not taken in time: %s", fault)
                return
            except Exception as fault:  # there are many ways not to reach a broker
                logger.warning("an answer could not be sent, attempt %s: %s", attempt, fault)

    def close(self) -> None:
        self._closing.set()
        if self._ticker is not None:
            self._ticker.join(_TICK * 2)
        if self._outgoing is not None:
            with suppress(Exception):
                self._outgoing.close()

    def _connected(self) -> Outgoing:
        found = self._outgoing
        if found is not None and not found.broken:
            return found
        with self._connecting:
            if self._outgoing is None or self._outgoing.broken:
                if self._outgoing is not None:
                    self._outgoing.abandon()
                self._outgoing = Outgoing(self._url)
            if self._ticker is None:
                self._ticker = threading.Thread(target=self._tick, name="answers", daemon=True)
                self._ticker.start()
            return self._outgoing

    def _tick(self) -> None:
        while not self._closing.wait(_TICK):
            outgoing = self._outgoing
            if outgoing is not None and not outgoing.broken:
                try:
                    outgoing.tick()
                except Exception as error:  # as above; the next answer connects again
                    logger.debug("the connection for answers broke: %s", error)
                    outgoing.abandon()


def _body(result: Any, error: Exception | None) -> bytes:
    return msgspec.json.encode(
        {"result": result, "error": None if error is None else serialize(error)}
    )
