"""nameko's RPC entrypoint, bounded and answering every message, and the decorators services use.

Differences to the stock one: a body that is no JSON, is too large, too deep or holds NaN gets its
``Invalid`` answer (nameko would drop it unanswered); answers are neither persistent nor confirmed
one by one, since a command is retried by its id; expected errors are not logged as faults.
"""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from kombu.exceptions import OperationalError
from nameko.amqp.publish import Publisher
from nameko.constants import AMQP_URI_CONFIG_KEY, NON_PERSISTENT
from nameko.messaging import QueueConsumer
from nameko.rpc import Responder, Rpc, RpcConsumer, get_rpc_exchange

from shared.errors import Invalid, WuyeError

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
F = TypeVar("F", bound=Callable[..., Any])


class _QuickPublisher(Publisher):
    use_confirms = False
    delivery_mode = NON_PERSISTENT


class _QuickResponder(Responder):
    publisher_cls = _QuickPublisher

    def send_response(self, result: Any, exc_info: Any) -> Any:
        # The answer is JSON whatever the request claimed to be.
        self.message.properties["content_type"] = "application/json"
        return super().send_response(result, exc_info)


class _AnsweringQueueConsumer(QueueConsumer):
    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        # kombu's own pauses grow to half a minute; the broker may be back long before.
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.5, interval_step=0.5, interval_max=2
            )
            yield connection

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        for provider in list(self._providers):
            answer = getattr(provider, "answer_undecodable", None)
            if answer is not None and message.delivery_info.get("consumer_tag") in _tags(
                self._consumers.get(provider)
            ):
                answer(message, exc)
                return
        self.ack_message(message)


def _tags(consumer: Any) -> set[str]:
    return set(getattr(consumer, "_active_tags", {}).values()) if consumer is not None else set()


class _BoundedRpcConsumer(RpcConsumer):
    queue_consumer = _AnsweringQueueConsumer()

    def answer_undecodable(self, message: Any, exc: Exception) -> None:
        self._refuse(message, Invalid("the body is not JSON", fields={"body": [str(exc)[:200]]}))

    def handle_message(self, body: Any, message: Any) -> None:
        fault = _fault(body, message)
        if fault is not None:
            self._refuse(message, fault)
        else:
            super().handle_message(body, message)

    def _refuse(self, message: Any, error: WuyeError) -> None:
        if message.properties.get("reply_to"):
            self.handle_result(message, None, (type(error), error, None))
        else:
            self.queue_consumer.ack_message(message)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        config = self.container.config
        responder = _QuickResponder(
            config[AMQP_URI_CONFIG_KEY], get_rpc_exchange(config), "json", message
        )
        try:
            result, exc_info = responder.send_response(result, exc_info)
        except (OperationalError, OSError) as error:
            # The broker is away, and the caller with it: it asks again with the same command id.
            logger.warning("an answer could not be sent: %s", error)
        self.queue_consumer.ack_message(message)
        return result, exc_info


class BoundedRpc(Rpc):
    rpc_consumer = _BoundedRpcConsumer()


_entrypoint = BoundedRpc.decorator


def _fault(body: Any, message: Any) -> Invalid | None:
    raw = message.body
    if len(raw) > MOST_BYTES:
        return Invalid(
            f"the request is larger than {MOST_BYTES} bytes", fields={"body": ["is too large"]}
        )
    if not isinstance(body, dict) or not isinstance(body.get("args"), list):
        return Invalid("the request has no args", fields={"args": ["must be a list of one object"]})
    if not isinstance(body.get("kwargs"), dict) or body["kwargs"] or len(body["args"]) > 1:
        return Invalid(
            "a method takes one object", fields={"args": ["must be a list of one object"]}
        )
    return _too_odd(body["args"], 0)


def _too_odd(value: Any, depth: int) -> Invalid | None:
    if depth > MOST_DEPTH:
        return Invalid(
            f"the request is nested deeper than {MOST_DEPTH}",
            fields={"body": ["is nested too deep"]},
        )
    if isinstance(value, float) and not math.isfinite(value):
        return Invalid(
            "NaN and Infinity are no JSON numbers", fields={"body": ["holds NaN or Infinity"]}
        )
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        fault = _too_odd(one, depth + 1)
        if fault is not None:
            return fault
    return None


def method(schema: type, *, public: bool = False, batchable: bool = False) -> Callable[[F], F]:
    """An RPC method ``(self, request: Request, data: dict) -> dict`` behind the service's ``gate``.

    The gate checks deadline, token and schema before the method runs. ``public`` methods take no
    token.
    """

    def decorate(call: F) -> F:
        name = call.__name__

        @functools.wraps(call)
        def entry(self: Any, payload: Any = None) -> Any:
            return self.gate.handle(
                name, schema, payload, functools.partial(call, self), public=public
            )

        entry.wuye_batch = (schema, call) if batchable else None  # type: ignore[attr-defined]
        del entry.__wrapped__  # nameko checks the signature of what it calls
        return _entrypoint(expected_exceptions=(WuyeError,))(entry)  # type: ignore[no-any-return]

    return decorate
