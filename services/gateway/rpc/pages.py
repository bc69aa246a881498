"""``POST /rpc/<service>/<method>``: a JSON object in, a JSON object out, with a bearer token.

For this machine alone: elsewhere a service is called over the broker.
"""

from __future__ import annotations

import re

import msgspec
from flask import Blueprint, Response, abort, request

from services.gateway.frame.edge import edge
from services.gateway.rpc.incoming import bearer_token, json_object
from services.gateway.rpc.problems import problem
from services.gateway.sessions.cookie import on_loopback
from shared.errors import NotFound, WuyeError

SECONDS = 30.0
SERVICES = ("workorders", "billing", "notifications", "security", "analytics")
_SERVICE = re.compile(rf"(?:{'|'.join(SERVICES)})(?:\.log|\.ops)?")
_METHOD = re.compile(r"[a-z_]{1,64}")
# context keys of a call, and the headers that carry them
_CONTEXT = {
    "correlation_id": "Wuye-Correlation-Id",
    "positions": "Wuye-Positions",
    "traceparent": "Traceparent",
}

blueprint = Blueprint("rpc", __name__)


@blueprint.post("/rpc/<service>/<method>")
def call(service: str, method: str) -> Response:
    if not on_loopback(request.remote_addr or ""):
        abort(404)
    try:
        answer = edge().rpc.call(
            *_named(service, method),
            json_object(),
            auth_token=bearer_token(),
            timeout=SECONDS,
            context={key: request.headers.get(name) for key, name in _CONTEXT.items()},
        )
    except WuyeError as error:
        return problem(error)
    return Response(msgspec.json.encode(answer), content_type="application/json")


def _named(service: str, method: str) -> tuple[str, str]:
    if not _SERVICE.fullmatch(service) or not _METHOD.fullmatch(method):
        raise NotFound("There is no such service or method.")
    return service, method
