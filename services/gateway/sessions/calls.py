"""Calls to services as the person who looks, with a time limit and what they have already seen."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from flask import g, request
from flask_babel import get_locale

from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.sessions import seen
from services.gateway.sessions.visitor import visitor
from shared.errors import Busy, NotFound, TimedOut, Unavailable
from shared.messaging.rpc_client import Reply
from shared.observability import traceparent

# what all queries of a page may take together: it comes within two seconds, with what can be had
PAGE_SECONDS = 1.3
# what a query gets where those before it took all of that
_LEAST_SECONDS = 0.2
COMMAND_SECONDS = 10.0


def query(service: str, method: str, ask: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a query, as far as the person has already seen. Raises typed errors."""
    begun: Reply | None = g.get("asked_ahead", {}).pop(_key(service, method, ask), None)
    if begun is not None:
        found: dict[str, Any] = begun.result()
        return found
    position = seen.positions().get(service)
    asked = dict(ask) if position is None else {**ask, "at_least": position}
    return _call(service, method, asked, _seconds_left())


def ahead(service: str, method: str, request_: Mapping[str, Any]) -> None:
    """Let this query be under way already when ``query`` comes to it, so that the questions of a
    page do not wait for one another. Asked in vain, it costs the service the answer.
    """
    with contextlib.suppress(Busy, TimedOut, Unavailable):
        reply = ask(service, method, request_)
        g.setdefault("asked_ahead", {})[_key(service, method, request_)] = reply


def _key(service: str, method: str, request_: Mapping[str, Any]) -> str:
    return json.dumps([service, method, request_], sort_keys=True)


def ask(service: str, method: str, request_: Mapping[str, Any]) -> Reply:
    """A query whose ``result()`` is waited for later, so that several are under way at once."""
    who = visitor()
    position = seen.positions().get(service)
    asked = dict(request_) if position is None else {**request_, "at_least": position}
    return edge().rpc.call_async(
        service,
        method,
        asked,
        auth_token=who.token if who is not None else None,
        timeout=_seconds_left(),
        context=context(),
    )


def queries(
    service: str, method: str, asks: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any] | None]:
    """The answers to several queries asked at once; None for those that did not come in time."""
    replies = [ask(service, method, one) for one in asks]
    return [_answer(reply) for reply in replies]


def _answer(reply: Reply) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = reply.result()
        return found
    except (Busy, NotFound, TimedOut, Unavailable):
        return None


def command(service: str, method: str, order: Mapping[str, Any]) -> dict[str, Any]:
    """Carry a command out. Refuses with ``StaleForm`` what came from no form of ours."""
    forms.check()
    try:
        answer = _call(service, method, order, COMMAND_SECONDS)
    finally:
        # the page that tells of it has its own time
        g.pop("queries_until", None)
        # nor is what was asked before it good for that page
        g.pop("asked_ahead", None)
    seen.remember(answer)
    return answer


def as_edge(
    service: str, method: str, request_: Mapping[str, Any], seconds: float = PAGE_SECONDS
) -> dict[str, Any]:
    """As the edge itself, for whoever has no log-in. A command's answer is for the caller to
    remember.
    """
    found: dict[str, Any] = ask_as_edge(service, method, request_, seconds).result()
    return found


def ask_as_edge(
    service: str, method: str, request_: Mapping[str, Any], seconds: float = PAGE_SECONDS
) -> Reply:
    """As ``as_edge``, waited for later."""
    position = None if forms.COMMAND in request_ else seen.positions().get(service)
    asked = dict(request_) if position is None else {**request_, "at_least": position}
    return edge().rpc.call_async(
        service,
        method,
        asked,
        auth_token=edge().identity.token(),
        timeout=seconds,
        context=context(),
    )


def context() -> dict[str, Any]:
    """What travels beside every call of this request."""
    if "calls_context" not in g:
        security = seen.positions().get("security")
        g.calls_context = {
            "correlation_id": correlation_id(),
            "traceparent": traceparent_of_request(),
            "language": str(get_locale()).replace("_Hans", "").replace("_", "-"),
            "positions": None if security is None else json.dumps({"security": security}),
        }
    found: dict[str, Any] = g.calls_context
    return found


def traceparent_of_request() -> str:
    """Of its span where traces are sent; else of one that nobody keeps, so that events have it."""
    if "traceparent" not in g:
        span = g.get("span")
        g.traceparent = (
            traceparent.child(request.headers.get("traceparent"))
            if span is None
            else span.traceparent
        )
    return str(g.traceparent)


def correlation_id() -> str:
    """One a request: it is in the logs, in the events, and on the pages that tell of a fault."""
    if "correlation_id" not in g:
        g.correlation_id = str(uuid4())
    return str(g.correlation_id)


def _seconds_left() -> float:
    now = time.monotonic()
    until: float = g.setdefault("queries_until", now + PAGE_SECONDS)
    return max(_LEAST_SECONDS, until - now)


def _call(service: str, method: str, ask: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    who = visitor()
    return edge().rpc.call(
        service,
        method,
        ask,
        auth_token=who.token if who is not None else None,
        timeout=seconds,
        context=context(),
    )
