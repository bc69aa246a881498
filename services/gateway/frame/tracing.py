"""Each request as a span, and whatever is logged meanwhile with its correlation id and trace."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request

from services.gateway.frame.edge import NAME
from services.gateway.sessions import calls
from shared.observability import logging as observed
from shared.observability import tracing


def install(app: Flask) -> None:
    """Before whatever else is done for a request."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_unbind)


def _begin() -> None:
    if tracing.on() and request.blueprint != "health" and request.endpoint != "frame.static":
        route = request.url_rule.rule if request.url_rule else "none"
        g.span = tracing.begin(
            NAME,
            f"{request.method} {route}",
            "server",
            request.headers.get("traceparent"),
            {
                "http.request.method": request.method,
                "http.route": route,
                "wuye.correlation_id": calls.correlation_id(),
            },
        )
    g.bound = observed.bound(
        correlation_id=calls.correlation_id(), traceparent=calls.traceparent_of_request()
    )
    g.bound.__enter__()


def _end(response: Response) -> Response:
    if "span" in g:
        error = "fault" if response.status_code >= 500 else None
        g.span.end(error, **{"http.response.status_code": response.status_code})
    return response


def _unbind(error: BaseException | None) -> None:
    bound: Any = g.pop("bound", None)
    if bound is not None:
        bound.__exit__(None, None, None)
