"""The ways of ``/api/v1``, its OpenAPI document, and a page to browse it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template, request

from services.gateway.api import photos
from services.gateway.api.asking import asked
from services.gateway.api.browsing import listed
from services.gateway.api.document import document
from services.gateway.api.route import Route
from services.gateway.api.routes import ROUTES
from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.rpc.incoming import bearer_token
from services.gateway.sessions import seen
from services.gateway.sessions.calls import context
from services.gateway.sessions.entering import check_address
from services.gateway.sessions.visitor import visitor
from services.gateway.uploads.pages import shown
from services.gateway.works.pages import shown_photo
from shared.errors import Invalid

PREFIX = "/api/v1"
SECONDS = 10.0

blueprint = Blueprint("api", __name__, url_prefix=PREFIX, template_folder="templates")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return _json(document(ROUTES, PREFIX))


@blueprint.get("/")
def browse() -> str:
    """The document for people: a page of our own, for the viewers there are need styles and
    scripts in the page, which these pages' policy refuses.
    """
    found = document(ROUTES, PREFIX)
    return render_template(
        "api/browse.html", document=found, prefix=PREFIX, methods=list(listed(found))
    )


@blueprint.post("/photos")
def keep_photo() -> Response:
    edge().rates.spend(_who())
    response = _json(photos.take(_check_caller))
    response.status_code = 201
    return response


@blueprint.get("/orders/<id>/photos/<photo>")
def show_photo(id: str, photo: str) -> Response:
    edge().rates.spend(_who())
    history = _ask("workorders", "history", {"id": id}, _token("GET"))
    return shown(history, photo, small=_small())


@blueprint.get("/communities/<community>/public-works/<number>/photos/<photo>")
def show_public_photo(community: str, number: str, photo: str) -> Response:
    edge().rates.spend(_who())
    ask = {"community": community, "number": number}
    return shown_photo(_ask("workorders", "public_work", ask, None), photo, small=_small())


def _small() -> bool:
    """Whether the small one is asked for."""
    size = request.args.get("size")
    if size not in (None, "small"):
        text = "This must be small, or left out."
        raise Invalid(text, fields={"size": [text]})
    return size == "small"


def _call(route: Route, **in_path: str) -> Response:
    edge().rates.spend(_who())
    if route.method == "security.login":
        check_address()
    token = None if route.contract.public else _token(route.verb)
    ask = asked(route, in_path)
    by_cookie = not route.contract.public and "Authorization" not in request.headers
    if by_cookie and route.verb == "GET":
        ask = {**_position(route), **ask}
    answer = _ask(*route.method.split("."), ask, token)
    if by_cookie and route.verb == "POST":
        seen.remember(answer)
    return _answered(route, answer)


def _ask(service: str, method: str, ask: dict[str, Any], token: str | None) -> dict[str, Any]:
    return edge().rpc.call(
        service, method, ask, auth_token=token, timeout=SECONDS, context=context()
    )


def _check_caller() -> None:
    """Photos are the edge's own, so it asks security whether the token holds."""
    _ask("security", "me", {}, _token("POST"))


def _token(verb: str) -> str:
    """The caller's: of the header, else of the session, which takes more to change anything."""
    who = visitor()
    if who is None:
        return bearer_token()
    if verb != "GET":
        forms.check_header()
    return who.token


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
