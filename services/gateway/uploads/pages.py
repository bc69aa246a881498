"""Showing photos: to whoever the service lets see the order that they belong to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from services.gateway.frame.edge import edge
from services.gateway.sessions.calls import query
from services.gateway.sessions.visitor import the_visitor
from services.gateway.uploads import taking
from shared.errors import NotFound

blueprint = Blueprint("uploads", __name__)


@blueprint.get("/orders/<community>/<number>/photos/<photo>")
def photo(community: str, number: str, photo: str) -> Response:
    """``?size=small`` for the small one."""
    the_visitor()
    history = query("workorders", "history", {"community": community, "number": number})
    return shown(history, photo, small=request.args.get("size") == "small")


def _listed(named: Any) -> list[str]:
    return [named] if isinstance(named, str) else named or []


def shown(history: dict[str, Any], photo: str, *, small: bool) -> Response:
    """The photo, if the order's history names it. Raises ``NotFound``."""
    named = {
        one
        for event in history["events"]
        for name in (*taking.FIELDS, taking.SIGNATURE)
        for one in _listed(event["data"].get(name))
    }
    if photo not in named:
        raise NotFound("This order has no such photo.")
    return picture(photo, small=small)


def picture(photo: str, *, small: bool) -> Response:
    """To whoever may see what it belongs to."""
    response = served(photo, small=small)
    # what a reference names never changes; who may see it can, so shared caches keep nothing
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def served(photo: str, *, small: bool) -> Response:
    """The file as a picture and nothing else; for how long it may be kept is for others to say."""
    response = Response(edge().photos.read(photo, small=small), content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    return response
