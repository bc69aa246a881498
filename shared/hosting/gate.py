"""The gate before every RPC method: deadline, token, what the caller has seen, schema; and after
it, metrics.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import msgspec
from nameko.extensions import DependencyProvider

from shared.errors import Invalid, TimedOut, Unauthenticated, Unavailable, WuyeError
from shared.eventlog.decider import Context
from shared.eventlog.store import AWAY
from shared.following.reader import PATIENCE
from shared.hosting.parts import Parts
from shared.identity.caller import Caller
from shared.observability import logging as observed
from shared.observability import tracing
from shared.observability.traceparent import valid
from shared.request import Request
from shared.schemas import Query, load

PARTS = "wuye.parts"
NEW_KEY_PATIENCE = 2.0
# seconds left of a deadline for a query's answer, once it has waited for its view
_TO_ANSWER = 0.5
_UNSIGNED = ("command_id", "expected_version", "at_least")

logger = logging.getLogger(__name__)


class Gate(DependencyProvider):
    """``self.gate`` of every service class."""

    def get_dependency(self, worker_ctx: Any) -> Call:
        return Call(self.container.config[PARTS], worker_ctx.context_data)


class Call:
    """One call from outside."""

    def __init__(self, parts: Parts, context: Mapping[str, Any]) -> None:
        self.parts = parts
        self._context = context

    def handle(
        self,
        method: str,
        schema: type,
        payload: Any,
        call: Callable[[Request, dict[str, Any]], dict[str, Any]],
        *,
        public: bool = False,
    ) -> dict[str, Any]:
        """Run one method for one caller; raises typed errors alone (any other is a fault of
        ours).
        """
        started = time.perf_counter()
        code = "fault"
        span = self._span(method, schema)
        try:
            self._check_deadline()
            caller = Caller(person="anonymous") if public else self.caller()
            data = load(schema, {} if payload is None else payload)
            request = self._request(method, caller, payload, data, span.traceparent)
            with observed.bound(
                correlation_id=request.context.correlation_id,
                traceparent=request.context.traceparent,
                actor=caller.person,
            ):
                answer = call(request, data)
            code = "ok"
            return answer
        except WuyeError as error:
            code = error.code
            raise
        except AWAY as error:
            code = Unavailable.code
            logger.warning("%s: the database cannot be asked: %s", method, error)
            raise Unavailable("the database cannot be asked; try again", retry_after=1.0) from error
        finally:
            self.parts.metrics.answered(
                self.parts.name, method, code, time.perf_counter() - started
            )
            span.end(None if code == "ok" else code)

    def _span(self, method: str, schema: type) -> tracing.Span:
        """A query is traced for whoever traces; logs are asked for news all the time."""
        name = self.parts.name
        begin = tracing.below if issubclass(schema, Query) else tracing.begin
        attributes = {"rpc.system": "nameko", "rpc.service": name, "rpc.method": method}
        return begin(
            name,
            f"{name}.{method}",
            "server",
            _traceparent(self._context.get("traceparent")),
            attributes,
        )

    def caller(self) -> Caller:
        """Whoever the token names, once this service knows as much of ``security`` as the token
        does.
        """
        caller = self._verified(self._context.get("auth_token"))
        seen = {**caller.positions, **self._seen()}
        self._catch_up(seen)
        return msgspec.structs.replace(caller, positions=seen)

    def with_token(self, token: Any, traceparent: Any) -> Call:
        """The same call under another caller's token: an item of a batch."""
        context = {**self._context, "auth_token": token, "traceparent": traceparent}
        return Call(self.parts, context)

    def _verified(self, token: Any) -> Caller:
        until = time.monotonic() + NEW_KEY_PATIENCE
        while True:
            try:
                return self.parts.verifier.verify(token)
            except Unauthenticated as error:
                # A key just published may not have arrived here yet.
                if error.reason != "unknown_key" or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _catch_up(self, seen: Mapping[str, int]) -> None:
        reader = self.parts.reader
        for log, wanted in seen.items():
            if log == self.parts.name:
                continue
            for view in self.parts.definition.views:
                if view.follows != log or reader.has_reached(view, wanted):
                    continue
                if reader.wait(view, wanted):
                    raise Unavailable(
                        f"{self.parts.name} has not yet heard what {log} told you; try again",
                        retry_after=1.0,
                    )

    def _seen(self) -> dict[str, int]:
        raw = self._context.get("positions")
        if raw is None:
            return {}
        try:
            found = json.loads(raw) if isinstance(raw, str) else dict(raw)
            return {str(name): int(position) for name, position in found.items()}
        except (ValueError, TypeError, AttributeError):
            raise Invalid(
                "the context's positions are not an object of numbers",
                fields={"positions": ["must be an object of numbers"]},
            ) from None

    def _check_deadline(self) -> None:
        deadline = self._context.get("deadline")
        try:
            late = deadline is not None and float(deadline) < time.time()
        except (TypeError, ValueError):
            raise Invalid(
                "the context's deadline is not a number of Unix seconds",
                fields={"deadline": ["must be a number"]},
            ) from None
        if late:
            raise TimedOut("the caller has stopped waiting; the command was not carried out")

    def _request(
        self,
        method: str,
        caller: Caller,
        payload: Any,
        data: dict[str, Any],
        traceparent: str | None,
    ) -> Request:
        command_id = str(data.pop("command_id", None) or uuid4())
        content = {name: value for name, value in (payload or {}).items() if name not in _UNSIGNED}
        return Request(
            caller=caller,
            context=Context(
                actor=caller.person,
                command_id=command_id,
                command_digest=self.parts.digest([method, content]),
                correlation_id=str(self._context.get("correlation_id") or command_id)[:64],
                traceparent=traceparent,
                occurred_at=data.pop("occurred_at", None),
            ),
            at_least=data.pop("at_least", None),
            expected_version=data.pop("expected_version", None),
            patience=self._patience(),
        )

    def _patience(self) -> float:
        deadline = self._context.get("deadline")
        if deadline is None:
            return PATIENCE
        return min(PATIENCE, max(0.0, float(deadline) - time.time() - _TO_ANSWER))


def _traceparent(value: Any) -> str | None:
    return value if isinstance(value, str) and valid(value) else None
