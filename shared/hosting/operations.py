"""``<service>.ops``: what operators ask for. They write an intention; the leader carries it out."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec

from shared.errors import Forbidden, NotFound
from shared.following import intentions, parked
from shared.hosting.gate import Gate
from shared.hosting.parts import Parts
from shared.hosting.rpc import method
from shared.request import Request
from shared.schemas import Flag, Query, Text

OPERATORS = ("service", "admin")


class Rebuild(Query):
    view = Text(60, required=True)
    accept_difference = Flag(load_default=False)


class Status(Query):
    id = Text(60, required=True)


class Subject(Query):
    handler = Text(100, required=True)
    subject = Text(100, required=True)


def operations_service(parts: Parts) -> type:
    """The nameko service class for one service's operations."""

    class OperationsService:
        name = f"{parts.name}.ops"
        gate = Gate()

        @method(Rebuild)
        def rebuild(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """Ask for a view to be rebuilt; ``{"id"}`` to follow it by."""
            _check(request)
            if parts.definition.view(data["view"]) is None:
                names = ", ".join(view.name for view in parts.definition.views)
                raise NotFound(f"{parts.name} has no view {data['view']}; it has: {names}")
            made = intentions.add(
                parts.store,
                str(uuid4()),
                "rebuild",
                data["view"],
                request.caller.person,
                parts.clock.now(),
                {"accept_difference": data["accept_difference"]},
            )
            return {"id": made}

        @method(Status)
        def rebuild_status(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """``{"status": asked | running | done | failed, "detail": {...}}``."""
            _check(request)
            found = intentions.get(parts.store, data["id"])
            if found is None:
                raise NotFound("there is no such intention")
            return {"status": found.status, "target": found.target, "detail": found.detail}

        @method(Query)
        def views(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """Every handler with its place: ``{"handlers": [{name, kind, follows, position,
            status}]}``."""
            _check(request)
            with parts.store.reading() as tx:
                rows = tx.query(
                    "SELECT handler, build, log, position, status FROM positions ORDER BY handler"
                )
            known = {view.name for view in parts.definition.views}
            return {
                "handlers": [
                    {**row, "kind": "view" if row["handler"] in known else "policy"} for row in rows
                ],
                "head": parts.log.head(),
            }

        @method(Query)
        def parked(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """Events set aside: ``{"parked": [...]}``."""
            _check(request)
            return {"parked": [msgspec.to_builtins(row) for row in parked.listed(parts.store)]}

        @method(Subject)
        def retry_parked(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            _check(request)
            return _intend(parts, data, "retry")

        @method(Subject)
        def drop_parked(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            _check(request)
            return _intend(parts, data, "drop")

    OperationsService.__name__ = f"{parts.name.title()}Operations"
    return OperationsService


def _intend(parts: Parts, data: dict[str, Any], intention: str) -> dict[str, Any]:
    count = parked.intend(parts.store, data["handler"], data["subject"], intention)
    if not count:
        raise NotFound("nothing of that subject is parked there")
    return {"events": count, "intention": intention}


def _check(request: Request) -> None:
    if not any(post.role in OPERATORS and post.community == "*" for post in request.caller.posts):
        raise Forbidden("only operators may do this")
