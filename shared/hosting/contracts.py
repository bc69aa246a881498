"""The contract of every RPC method: what it takes and what it answers, as JSON Schema 2020-12.

They come from the very schemas that check the requests, so no second place says what is valid. What
JSON Schema cannot say (a field that depends on another) the service alone refuses.
"""

from __future__ import annotations

import inspect
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from shared.eventlog.contracts import DIALECT
from shared.hosting.rpc import Described, described
from shared.schemas import (
    LARGEST,
    Choice,
    Day,
    Flag,
    Integer,
    Items,
    Moment,
    Query,
    Schema,
    Text,
    Uuid,
)


def rpc_contracts(service: type) -> dict[str, dict[str, Any]]:
    """``{method: {method, kind, public, batchable, request, answer}}`` of a service's class.

    ``kind``: a command may write; a query never does.
    """
    name = str(service.name)  # type: ignore[attr-defined]
    return {one.name: _contract(name, one) for one in described(service).values()}


def _contract(service: str, one: Described) -> dict[str, Any]:
    return {
        "method": f"{service}.{one.name}",
        "kind": "query" if issubclass(one.schema, Query) else "command",
        "public": one.public,
        "batchable": one.batchable,
        "request": _schema(one.schema),
        "answer": _schema(one.answer),
    }


def _schema(schema: type[Schema]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "$schema": DIALECT,
        "type": "object",
        **_tidied(_CONVERTER.schema2jsonschema(schema())),
    }
    text = schema.__doc__ if "__doc__" in vars(schema) else None
    if text:
        found["description"] = " ".join(inspect.cleandoc(text).split())
    return found


def _tidied(schema: Any) -> Any:
    """Without what says nothing: a field left out is as good as null where it may be null."""
    if isinstance(schema, dict):
        return {
            name: _tidied(value)
            for name, value in schema.items()
            if (name, value) not in _SAYS_NOTHING
        }
    return [_tidied(one) for one in schema] if isinstance(schema, list) else schema


_SAYS_NOTHING = (("default", None), ("minItems", 0), ("minimum", -LARGEST))


def _of_field(_: Any, field: fields.Field[Any], **__: Any) -> dict[str, Any]:
    """What apispec cannot know of our own fields."""
    found: dict[str, Any] = {}
    match field:
        case Choice():
            found = {"type": "string", "enum": [*field.choices, *([None] * field.allow_none)]}
        case Text():
            found = {"type": "string", "maxLength": field.maximum}
            if field.pattern is not None:
                # of JSON Schema a pattern may match anywhere; ours must match the whole
                found["pattern"] = f"^(?:{field.pattern.pattern})$"
            elif field.required:
                found["pattern"] = r"\S"
        case Integer():
            found = {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
        case Flag():
            found = {"type": "boolean"}
        case Uuid():
            found = {"type": "string", "format": "uuid"}
        case Moment():
            found = {"type": "string", "format": "date-time"}
        case Day():
            found = {"type": "string", "format": "date"}
        case Items():
            found = {"minItems": field.minimum, "maxItems": field.maximum}
    if field.allow_none and "type" in found:
        found["type"] = [found["type"], "null"]
    return found


def _converter() -> Any:
    # no name: every schema is written out where it is used
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: "")
    APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    converter: Any = plugin.converter
    converter.add_attribute_function(_of_field)
    return converter


_CONVERTER = _converter()
