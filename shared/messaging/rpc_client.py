"""Calling a service: one client, with a time limit on every call, on RabbitMQ and in process.

It speaks nameko 2.14.1's wire format (``nameko/rpc.py``): body ``{"args": [request], "kwargs":
{}}``, exchange ``nameko-rpc``, routing key ``<service>.<method>``, context as headers
``nameko.<key>``. Calls are neither persistent nor confirmed one by one: a command is repeated by
its id, so it need not outlive the broker.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec

from shared.errors import Invalid, NotFound, TimedOut, Unavailable, WuyeError, from_string
from shared.messaging.connections import pauses
from shared.messaging.rpc_session import Session
from shared.observability import tracing
from shared.observability.tracing import Span

SECONDS = 10.0
"""How long a call may take where its caller does not say."""

# seconds after which a call with no answer asks whether the broker sent it back
_RETURN_SECONDS = 0.1
# seconds a call waits for a connection that is being made
_CONNECTION_SECONDS = 2.0
_CLOSE_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Reply:
    """The answer to one call, when it comes."""

    def __init__(
        self, client: RpcClient, service: str, method: str, seconds: float, span: Span
    ) -> None:
        self.id = uuid4().hex
        self.name = f"{service}.{method}"
        self.service = service
        self.seconds = seconds
        self.until = time.monotonic() + seconds
        self.session: Session | None = None
        self._client = client
        self._span = span
        self._settled = threading.Event()
        self._result: Any = None
        self._error: WuyeError | None = None

    def done(self) -> bool:
        return self._settled.is_set()

    def result(self) -> dict[str, Any]:
        """Wait for the answer, within the call's own time limit; raises the call's typed error."""
        if not self._settled.wait(min(_RETURN_SECONDS, self.left())):
            self._client.look_for_returns(self)
            if not self._settled.wait(self.left()):
                self._client.give_up(self)
                # were it not given up, its answer is being filled in this very moment
                self._settled.wait()
        if self._error is not None:
            raise self._error
        result: dict[str, Any] = self._result
        return result

    def left(self) -> float:
        return max(0.0, self.until - time.monotonic())

    def settle(self, result: Any = None, error: WuyeError | None = None) -> None:
        self._result = result
        self._error = error
        self._span.end(error.code if error is not None else None)
        self._settled.set()


class RpcClient:
    """For any number of threads or greenlets at once; ``source`` names the caller in queues and
    logs.

    It connects by itself, and again when the broker was away. ``close`` it in the end.
    """

    def __init__(self, url: str, source: str = "gateway") -> None:
        self._url = url
        self._source = source
        self._calls: dict[str, Reply] = {}
        self._changed = threading.Condition()
        self._session: Session | None = None
        self._fault: str | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"rpc-{source}", daemon=True)
        self._thread.start()

    @property
    def connected(self) -> bool:
        return self._session is not None

    def call(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        *,
        auth_token: str | None = None,
        timeout: float = SECONDS,
        context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call and wait at most ``timeout`` seconds; the answer, or one of `shared.errors`.

        ``context``: what travels beside the request (correlation_id, traceparent, positions,
        language, ...), JSON values; None is left out. ``TimedOut`` and ``Unavailable`` leave open
        whether it was done.
        """
        return self.call_async(
            service, method, request, auth_token=auth_token, timeout=timeout, context=context
        ).result()

    def call_async(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        *,
        auth_token: str | None = None,
        timeout: float = SECONDS,
        context: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Send the call and return at once; the answer is in ``result()`` of what comes back."""
        body = _body(request)
        context = context or {}
        span = tracing.below(
            self._source,
            f"{service}.{method}",
            "client",
            context.get("traceparent"),
            {"rpc.system": "nameko", "rpc.service": service, "rpc.method": method},
        )
        reply = Reply(self, service, method, timeout, span)
        headers = {
            f"nameko.{key}": value
            for key, value in {
                "call_id_stack": [f"{self._source}.call.{reply.id}"],
                **context,
                "traceparent": span.traceparent,
                "auth_token": auth_token,
                "deadline": time.time() + timeout,
            }.items()
            if value is not None
        }
        try:
            session = reply.session = self._connected(reply)
            self._calls[reply.id] = reply
            session.send(
                reply.id, service, method, body=body, headers=headers, seconds=reply.left()
            )
        except BaseException:
            self._calls.pop(reply.id, None)
            span.end("unavailable")
            raise
        return reply

    def close(self) -> None:
        """Calls under way fail with ``Unavailable``; returns within a few seconds in any case."""
        self._closing.set()
        with self._changed:
            self._session, self._fault = None, "This client was closed."
            self._changed.notify_all()
        self._fail_calls(None, "This client was closed.")
        self._thread.join(_CLOSE_SECONDS)

    def look_for_returns(self, reply: Reply) -> None:
        """Of a call without an answer: ask whether the broker sent it back as undeliverable."""
        if reply.session is not None and not reply.session.broken:
            try:
                reply.session.look_for_returns()
            except Exception as error:  # the receiving thread sees to a broken session
                _log.debug("rpc session broke: %s", error)

    def give_up(self, reply: Reply) -> None:
        if self._calls.pop(reply.id, None) is not None:
            reply.settle(error=_too_late(reply))

    def _connected(self, reply: Reply) -> Session:
        with self._changed:
            self._changed.wait_for(
                lambda: self._session or self._fault, min(_CONNECTION_SECONDS, reply.left())
            )
            if self._session is None:
                raise Unavailable(
                    f"The message broker cannot be reached: {self._fault or 'no answer from it'}",
                    retry_after=2,
                )
            return self._session

    def _run(self) -> None:
        attempts = pauses()
        while not self._closing.is_set():
            try:
                session = Session(
                    self._url,
                    self._source,
                    on_reply=self._answered,
                    on_return=self._returned,
                    on_tick=self._expire,
                )
            except Exception as error:  # there are many ways not to reach a broker
                with self._changed:
                    self._fault = str(error) or type(error).__name__
                    self._changed.notify_all()
                self._closing.wait(next(attempts))
                continue
            attempts = pauses()
            self._serve(session)

    def _serve(self, session: Session) -> None:
        with self._changed:
            self._session, self._fault = session, None
            self._changed.notify_all()
        try:
            while not self._closing.is_set():
                session.receive()
        except Exception as error:  # as above; the session is replaced
            _log.warning("lost the broker: %s", error)
            session.abandon()
            with self._changed:
                self._session = None
            self._fail_calls(session, "The connection to the broker was lost during the call.")
        else:
            session.close()

    def _answered(self, call: str, body: bytes | str) -> None:
        reply = self._calls.pop(call, None)
        if reply is None:
            return
        try:
            answer = msgspec.json.decode(body)
            error = answer["error"]
            reply.settle(answer["result"], _revive(reply, error) if error else None)
        except (msgspec.DecodeError, TypeError, KeyError):
            reply.settle(error=Unavailable(f"{reply.name} sent an answer that cannot be read."))

    def _returned(self, call: str) -> None:
        reply = self._calls.pop(call, None)
        if reply is not None:
            reply.settle(
                error=Unavailable(f"The service {reply.service} is not running.", retry_after=2)
            )

    def _expire(self) -> None:
        now = time.monotonic()
        for reply in [reply for reply in list(self._calls.values()) if reply.until < now]:
            self.give_up(reply)

    def _fail_calls(self, session: Session | None, why: str) -> None:
        for reply in list(self._calls.values()):
            if session is None or reply.session is session:
                self._calls.pop(reply.id, None)
                reply.settle(error=Unavailable(why, retry_after=1))


def _body(request: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode({"args": [request], "kwargs": {}})
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(f"The request cannot be written as JSON: {error}") from None


def _revive(reply: Reply, error: Mapping[str, Any]) -> WuyeError:
    """The typed error out of nameko's ``{exc_type, exc_path, exc_args, value}``."""
    kind, value = str(error.get("exc_type")), str(error.get("value"))
    ours = from_string(value)
    if ours is not None:
        return ours
    if kind == "MethodNotFound":
        return NotFound(f"The service {reply.service} has no method {reply.name}.")
    if kind in ("IncorrectSignature", "MalformedRequest"):
        return Invalid(f"{reply.name} does not take this request: {value}")
    # what it said stays in its own log: it may hold what a caller must not see
    return Unavailable(f"{reply.name} failed with {kind}.", reason="remote_failure")


def _too_late(reply: Reply) -> TimedOut:
    return TimedOut(f"{reply.name} did not answer within {reply.seconds:g} seconds.")
