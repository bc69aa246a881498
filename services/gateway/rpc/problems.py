"""Typed errors as problem details (RFC 9457)."""

from __future__ import annotations

import math
from typing import Any

import msgspec
from flask import Response

from shared.errors import WuyeError

# by code, and where the reason has one of its own, by that
STATUS = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "refused": 409,
    "conflict": 409,
    "stale_version": 412,
    "busy": 429,
    "unavailable": 503,
    "timed_out": 504,
}
_TITLES = {
    "invalid": "The request has faults",
    "unauthenticated": "A valid token is needed",
    "forbidden": "Not allowed",
    "not_found": "Not found",
    "refused": "Not possible now",
    "conflict": "Changed by somebody else",
    "busy": "Too much at once",
    "unavailable": "Not reachable",
    "timed_out": "No answer in time",
}


def problem(error: WuyeError) -> Response:
    """``{title, status, detail, code, message, reason?, fields?, allowed?, retry_after?}``"""
    status = STATUS.get(error.reason) or STATUS.get(error.code, 500)
    body: dict[str, Any] = {
        "title": _TITLES.get(error.code, "Something went wrong"),
        "status": status,
        "detail": error.message,
        **error.to_dict(),
    }
    response = _response(body)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(math.ceil(error.retry_after))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def other_problem(status: int, title: str, detail: str) -> Response:
    """What is wrong with the HTTP request itself."""
    return _response({"title": title, "status": status, "detail": detail})


def _response(body: dict[str, Any]) -> Response:
    return Response(
        msgspec.json.encode(body), body["status"], content_type="application/problem+json"
    )
