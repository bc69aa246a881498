"""``batch``: many commands in one call, each with its own token, id and outcome.

Items that name the same ``id`` are carried out one after the other, in their order; the others side
by side, so that they share a transaction. Nothing joins commands of different people behind their
backs.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import eventlet
import msgspec
from marshmallow import fields

from shared.errors import Invalid, WuyeError
from shared.hosting.rpc import described
from shared.schemas import Answer, Items, Schema, Text, Written

MOST_ITEMS = 500
SIDE_BY_SIDE = 200

logger = logging.getLogger(__name__)


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command. Its faults are its own: the other items do not suffer from them."""

    method: str
    request: dict[str, Any]
    auth_token: str
    traceparent: str | None = None


_ITEM = "method, request, auth_token, and traceparent if any; the faults of one are its own"


class Batch(Schema):
    items = Items(fields.Raw(metadata={"description": _ITEM}), MOST_ITEMS, required=True)


class Fault(Answer):
    code = Text(40, required=True)
    message = Text(4000, required=True)


class Outcome(Answer):
    """One of both."""

    ok = fields.Nested(Written)
    error = fields.Nested(Fault)


class Outcomes(Answer):
    items = Items(fields.Nested(Outcome), MOST_ITEMS, required=True)


def carry_out(service: Any, data: dict[str, Any]) -> dict[str, Any]:
    """``{"items": [{"ok": answer} | {"error": {...}}]}``, in the order of the request's items."""
    items = data["items"]
    outcomes: list[dict[str, Any]] = [{} for _ in items]
    chains: dict[Any, list[int]] = {}
    for number, item in enumerate(items):
        chains.setdefault(_subject(item) or number, []).append(number)

    def run(chain: list[int]) -> None:
        for number in chain:
            outcomes[number] = _one(service, items[number])

    pool = eventlet.GreenPool(SIDE_BY_SIDE)
    for chain in chains.values():
        pool.spawn_n(run, chain)
    pool.waitall()
    return {"items": outcomes}


def _subject(item: Any) -> str | None:
    request = item.get("request") if isinstance(item, dict) else None
    subject = request.get("id") if isinstance(request, dict) else None
    return subject if isinstance(subject, str) else None


def _one(service: Any, raw: Any) -> dict[str, Any]:
    try:
        item = _item(raw)
        schema, call = _batchable(service, item.method)
        one = service.gate.with_token(item.auth_token, item.traceparent)
        return {"ok": one.handle(item.method, schema, item.request, partial(call, service))}
    except WuyeError as error:
        return {"error": error.to_dict()}
    except Exception:
        logger.exception("an item of a batch failed")
        return {"error": {"code": "fault", "message": "the service failed; see its log"}}


def _item(raw: Any) -> Item:
    try:
        return msgspec.convert(raw, Item)
    except msgspec.ValidationError as error:
        raise Invalid(
            f"This is no item of a batch: {error}", fields={"item": [str(error)]}
        ) from None


def _batchable(service: Any, name: str) -> tuple[type, Any]:
    found = described(service.__class__).get(name)
    if found is None or not found.batchable:
        raise Invalid(f"{name} cannot be in a batch", fields={"method": ["cannot be in a batch"]})
    return found.schema, found.call
