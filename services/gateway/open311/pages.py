"""The ways of ``/open311/v2``."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from services.gateway.frame.edge import edge
from services.gateway.open311 import catalogue, filing
from services.gateway.open311 import requests as filed
from services.gateway.open311.desks import Desk, Desks
from services.gateway.open311.rendering import Record, answer
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import context
from shared.errors import Invalid, NotFound, WuyeError
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import Reply

PREFIX = "/open311/v2"
SECONDS = 10.0


def blueprint(desks: Desks, identity: ServiceIdentity) -> Blueprint:
    """``identity`` files the orders, and reads what it filed."""
    found = Blueprint("open311", __name__, url_prefix=PREFIX)
    ask = partial(_ask, identity)

    @found.before_request
    def at_the_desk() -> None:
        g.form = (request.path.rpartition(".")[2] or "xml").lower()
        key = request.values.get("api_key")
        edge().rates.spend(hashlib.sha256(f"open311:{key}".encode()).hexdigest())
        g.community, g.desk = desks.community(request.values.get("jurisdiction_id"), key)

    @found.get("/services.<form>")
    def services(form: str) -> Response:
        return answer(form, "services", "service", catalogue.services())

    @found.get("/services/<code>.<form>")
    def service(code: str, form: str) -> Response:
        return answer(form, "service_definition", "", catalogue.definition(g.community, code))

    @found.post("/requests.<form>")
    def file(form: str) -> Response:
        return _told(form, [_filed(ask)], 201)

    @found.get("/requests.<form>")
    def requests(form: str) -> Response:
        return _told(form, filed.found(ask, g.community, request.args))

    @found.get("/requests/<number>.<form>")
    def one(number: str, form: str) -> Response:
        return _told(form, [filed.one(ask, g.community, number)])

    @found.get("/tokens/<token>.<form>")
    def token(token: str, form: str) -> Response:
        """Every request has its id at once, so that is its token too."""
        number = filed.one(ask, g.community, token)["service_request_id"]
        return _told(form, [{"service_request_id": number, "token": number}])

    found.register_error_handler(WuyeError, _of_service)
    found.register_error_handler(HTTPException, _of_http)
    return found


def _filed(ask: filed.Ask) -> Record:
    desk: Desk = g.desk
    order = filing.order_of(g.community, desk, request.form)
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        try:
            order["command_id"] = str(UUID(key.strip('"')))
        except ValueError:
            raise Invalid("The Idempotency-Key is no UUID.") from None
    done = ask("submit", order).result()
    _await_listed(ask, done)
    left = filing.unkept(request.form)
    notice = f"Not kept: {', '.join(left)}." if left else None
    return {"service_request_id": done["number"], "service_notice": notice, "account_id": None}


def _await_listed(ask: filed.Ask, done: Record) -> None:
    """Clients look for their request at once, by a number that lists follow a moment later."""
    seen = {"community": g.community, "limit": 1, "at_least": done["position"]}
    with suppress(WuyeError):
        ask("list", seen).result()


def _ask(identity: ServiceIdentity, method: str, request: dict[str, Any]) -> Reply:
    """As somebody who has no business in any other community."""
    return edge().rpc.call_async(
        "workorders",
        method,
        request,
        auth_token=identity.at(g.community).token(),
        timeout=SECONDS,
        context=context(),
    )


def _told(form: str, records: list[Record], status: int = 200) -> Response:
    return answer(form, "service_requests", "request", records, status)


def _of_service(error: WuyeError) -> Response:
    said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.fields.items())
    return _error(STATUS.get(error.code, 500), said or error.message)


def _of_http(error: HTTPException) -> Response:
    return _error(error.code or 500, error.description or error.name)


def _error(status: int, description: str) -> Response:
    form = g.get("form", "xml")
    records = [{"code": status, "description": description}]
    try:
        return answer(form, "errors", "error", records, status)
    except NotFound:
        return answer("xml", "errors", "error", records, status)
