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
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import msgspec
from nameko.constants import AMQP_URI_CONFIG_KEY
from nameko.messaging import QueueConsumer
from nameko.rpc import Rpc, RpcConsumer

from shared.errors import Invalid, WuyeError
from shared.hosting.answering import Answers
from shared.hosting.gate import Gate
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.transport import tune
from shared.schemas import Done, Schema

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
F = TypeVar("F", bound=Callable[..., Any])


class _AnsweringQueueConsumer(QueueConsumer):
    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        # kombu's own pauses grow to half a minute; the broker may be back long before.
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.5, interval_step=0.5, interval_max=2
            )
            tune(connection)
            yield connection

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        consumers = super().get_consumers(consumer_cls, channel)
        for provider, consumer in self._consumers.items():
            consumer.on_message = functools.partial(self._received, provider)
        return consumers

    def _received(self, provider: Any, message: Any) -> None:
        try:
            body = _decoded(message)
        except Exception as error:  # as kombu, which has many ways not to read a body
            self.on_decode_error(message, error)
        else:
            self.handle_message(provider, body, message)

    def handle_message(self, provider: Any, body: Any, message: Any) -> None:
        # Stock nameko spawns a thread to spawn the worker's; only as many messages come as there
        # are workers, so that this does not wait.
        provider.handle_message(body, message)

    def ack_message(self, message: Any) -> None:
        # A broker that was lost gives the message to somebody else by itself; nameko looks for the
        # errors of its protocol alone, and would end the container for those of the socket.
        with suppress(OSError):
            super().ack_message(message)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        for provider in list(self._providers):
            answer = getattr(provider, "answer_undecodable", None)
            if answer is not None and message.delivery_info.get("consumer_tag") in _tags(
                self._consumers.get(provider)
            ):
                answer(message, exc)
                return
        self.ack_message(message)


def _decoded(message: Any) -> Any:
    """The body, by the quick reader where that can; what it does not take is kombu's to judge."""
    if (message.content_type, message.content_encoding) == (CONTENT_TYPE, "utf-8"):
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(message.body)
    return message.decode()


def _tags(consumer: Any) -> set[str]:
    return set(getattr(consumer, "_active_tags", {}).values()) if consumer is not None else set()


class _BoundedRpcConsumer(RpcConsumer):
    queue_consumer = _AnsweringQueueConsumer()

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.container.config[AMQP_URI_CONFIG_KEY])

    def stop(self) -> None:
        # The container stops this after its last worker.
        super().stop()
        self._close_answers()

    def kill(self) -> None:
        super().kill()
        self._close_answers()

    def _close_answers(self) -> None:
        if "answers" in self.__dict__:
            self.answers.close()

    @cached_property
    def _by_key(self) -> dict[str, Any]:
        service = self.container.service_name
        return {f"{service}.{one.method_name}": one for one in self._providers}

    def get_provider_for_method(self, routing_key: str) -> Any:
        # Stock nameko goes through all of them, for every message.
        found = self._by_key.get(routing_key)
        return found or super().get_provider_for_method(routing_key)

    def answer_undecodable(self, message: Any, exc: Exception) -> None:
        self._refuse(message, Invalid("the body is not JSON", fields={"body": [str(exc)[:200]]}))

    def handle_message(self, body: Any, message: Any) -> None:
        fault = _fault(body, message)
        if fault is not None:
            self._refuse(message, fault)
        else:
            super().handle_message(body, message)

    def _refuse(self, message: Any, error: WuyeError) -> None:
        self.handle_result(message, None, (type(error), error, None))

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        reply_to = message.properties.get("reply_to")
        if reply_to:
            call = message.properties.get("correlation_id", "")
            self.answers.send(reply_to, call, result, exc_info[1] if exc_info else None)
        self.queue_consumer.ack_message(message)
        return result, exc_info


class BoundedRpc(Rpc):
    rpc_consumer = _BoundedRpcConsumer()

    def check_signature(self, args: Any, kwargs: Any) -> None:
        """Seen to already: one object at most, and nothing else."""


_entrypoint = BoundedRpc.decorator


class Described(NamedTuple):
    """What a service's class says of one of its methods. ``call`` is the method behind the gate."""

    name: str
    schema: type[Schema]
    answer: type[Schema]
    call: Callable[..., dict[str, Any]]
    public: bool
    batchable: bool


@functools.cache
def described(service: type) -> dict[str, Described]:
    """The methods of a service's class and of its features', by their names."""
    written = (one for base in reversed(service.__mro__) for one in vars(base).values())
    found = (getattr(one, "wuye_method", None) for one in written)
    return {one.name: one for one in found if one is not None}


class Methods:
    """The methods of one feature, which the service's class inherits; the gate is the service's.

    No two features of a service may use one name: the one would hide the other's method.
    """

    gate: Gate

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        owners: dict[str, type] = {}
        for base in cls.__mro__[:-1]:
            for name in (each for each in vars(base) if not each.startswith("__")):
                owner = owners.setdefault(name, base)
                if owner is not base:
                    raise TypeError(f"{owner.__name__} and {base.__name__} both have {name}")


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


def method(
    schema: type[Schema],
    answer: type[Schema] = Done,
    *,
    public: bool = False,
    batchable: bool = False,
) -> Callable[[F], F]:
    """An RPC method ``(self, request: Request, data: dict) -> dict`` behind the service's ``gate``.

    The gate checks deadline, token and ``schema`` before the method runs. ``answer`` is what it
    promises to give, for its contract. ``public`` methods take no token.
    """

    def decorate(call: F) -> F:
        name = call.__name__

        @functools.wraps(call)
        def entry(self: Any, payload: Any = None) -> Any:
            return self.gate.handle(
                name, schema, payload, functools.partial(call, self), public=public
            )

        entry.wuye_method = Described(  # type: ignore[attr-defined]
            name, schema, answer, call, public, batchable
        )
        del entry.__wrapped__  # nameko checks the signature of what it calls
        return _entrypoint(expected_exceptions=(WuyeError,))(entry)  # type: ignore[no-any-return]

    return decorate
