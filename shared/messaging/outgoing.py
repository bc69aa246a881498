"""A connection that messages go out on: transient, and none confirmed by itself.

For calls and answers, which are repeated by their id and so need not outlive the broker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import kombu

from shared.errors import TimedOut, Unavailable
from shared.messaging import topology
from shared.messaging.connections import abandon, connect
from shared.messaging.envelope import CONTENT_TYPE

# seconds a single write may take before the connection counts as broken
_WRITE_SECONDS = 5.0


class Outgoing:
    """Safe between threads. A ``broken`` one stays so; whoever uses it opens another.

    ``on_return(correlation id)``: of a message that no queue was there for.
    """

    def __init__(self, url: str, on_return: Callable[[str], None] = lambda call: None) -> None:
        self.broken = False
        self._on_return = on_return
        self._lock = threading.Lock()
        self._connection = connect(url)
        try:
            self._channel = self._connection.channel()
            self._channel.events["basic_return"].add(self._returned)
            _spare_looks(self._connection)
        except BaseException:
            abandon(self._connection)
            raise

    def send(
        self,
        key: str,
        body: bytes,
        *,
        headers: Mapping[str, Any],
        properties: Mapping[str, Any],
        seconds: float,
        mandatory: bool,
    ) -> None:
        """Publish to the RPC exchange, waiting at most ``seconds`` for others that publish.

        Raises ``TimedOut`` when they take longer, ``Unavailable`` when the connection broke: it is
        then unknown whether the message went out.
        """
        if not self._lock.acquire(timeout=seconds):
            raise TimedOut("The broker does not take messages fast enough.")
        try:
            if self.broken:
                raise Unavailable("The connection to the broker was lost.", retry_after=1)
            self._publish(key, body, headers, properties, mandatory)
        except Unavailable:
            raise
        except BaseException as error:
            # killed or failed half way through a frame: nothing after it could be understood
            self.broken = True
            if isinstance(error, Exception):
                raise Unavailable("The broker cannot be reached.", retry_after=1) from error
            raise
        finally:
            self._lock.release()

    def look_for_returns(self) -> None:
        """Take in what the broker sent back, if nobody is sending just now."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            while not self.broken:
                self._connection.drain_events(timeout=0)
        except TimeoutError:
            pass
        except BaseException:
            self.broken = True
            raise
        finally:
            self._lock.release()

    def tick(self) -> None:
        """To be called about once a second; raises when the broker was lost."""
        self.look_for_returns()
        if self.broken:
            raise Unavailable("The connection that sends was lost.")
        self._connection.heartbeat_check()

    def abandon(self) -> None:
        """Drop the connection at once; who still tries to send fails."""
        self.broken = True
        abandon(self._connection)

    def close(self) -> None:
        """Part from the broker in order."""
        self.broken = True
        self._connection.release()

    def _publish(
        self,
        key: str,
        body: bytes,
        headers: Mapping[str, Any],
        properties: Mapping[str, Any],
        mandatory: bool,
    ) -> None:
        message = self._channel.prepare_message(
            body,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            headers=dict(headers),
            properties={"delivery_mode": topology.TRANSIENT, **properties},
        )
        self._channel.basic_publish(
            message,
            exchange=topology.RPC.name,
            routing_key=key,
            mandatory=mandatory,
            timeout=_WRITE_SECONDS,
        )

    def _returned(self, _error: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._on_return(message.properties.get("correlation_id", ""))


def _spare_looks(connection: kombu.Connection) -> None:
    """amqp looks before every message for what the broker may have to say; ``tick`` does it too."""
    known = getattr(connection.connection, "client_properties", {})
    known.get("capabilities", {}).pop("connection.blocked", None)
