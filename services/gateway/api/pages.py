"""The ways of ``/api/v1``, its OpenAPI document, and a page to browse it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from services.gateway.api.asking import asked
from services.gateway.api.document import document
from services.gateway.api.route import Route
from services.gateway.api.routes import ROUTES
from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.rpc.incoming import bearer_token
from services.gateway.sessions import seen
from services.gateway.sessions.calls import context
from services.gateway.sessions.visitor import the_visitor, visitor
from shared.errors import Unauthenticated

PREFIX = "/api/v1"
SECONDS = 10.0

blueprint = Blueprint("api", __name__, url_prefix=PREFIX, template_folder="templates")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return _json(document(ROUTES, PREFIX))


def _call(route: Route, **in_path: str) -> Response:
    edge().rates.check(_who())
    by_cookie = not route.contract.public and "Authorization" not in request.headers
    token = None if route.contract.public else _token(route, by_cookie)
    ask = asked(route, in_path)
    if by_cookie and route.verb == "GET":
        ask = {**_position(route), **ask}
    answer = edge().rpc.call(
        *route.method.split("."), ask, auth_token=token, timeout=SECONDS, context=context()
    )
    if by_cookie and route.verb == "POST":
        seen.remember(answer)
    return _answered(route, answer)


def _token(route: Route, by_cookie: bool) -> str:
    if not by_cookie:
        return bearer_token()
    try:
        token = the_visitor().token
    except Unauthenticated:
        return bearer_token()
    if route.verb == "POST":
        forms.check_header()
    return token


def _who() -> str:
    """Whose calls are counted together."""
    token, by_cookie = request.headers.get("Authorization"), visitor()
    if token is not None:
        return hashlib.sha256(token.encode()).hexdigest()
    return by_cookie.person if by_cookie is not None else str(request.remote_addr)


def _position(route: Route) -> dict[str, int]:
    """What the person of this browser has already seen of the service's log."""
    position = seen.positions().get(route.service)
    return {} if position is None else {"at_least": position}


def _answered(route: Route, answer: dict[str, Any]) -> Response:
    response = _json(answer)
    version = answer.get("version")
    if isinstance(version, int):
        response.headers["ETag"] = f'"{version}"'
    if route.creates is not None:
        response.status_code = 201
        response.headers["Location"] = PREFIX + route.creates.format(**answer)
    return response


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), content_type="application/json")


for _route in ROUTES:
    blueprint.add_url_rule(
        _route.path.replace("{", "<").replace("}", ">"),
        _route.name,
        partial(_call, _route),
        methods=[_route.verb],
    )
