"""The contract of every published event: a JSON Schema of the whole message, and an example of it.

JSON Schema 2020-12 over CloudEvents 1.0 in structured JSON. Personal text is nullable everywhere:
it is absent from the exchange, and null in the log once its person was forgotten. Fields may be
added within a version, so readers ignore what they do not know.
"""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from shared.eventlog.catalogue import Catalogue, EventType
from shared.messaging import envelope
from shared.messaging.envelope import Fact
from shared.privacy.personal import personal_fields

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MOMENT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_NAMESPACE = UUID("c5b1c9e2-71c2-5f0e-8a55-3d6a2f4be9d7")
_COMMUNITY = "lakeside"
# Example values by field name, so that an example reads like a real event.
_WORDS: dict[str, Any] = {
    "accepter_kind": "resident",
    "buildings": None,
    "category": "plumbing",
    "community": _COMMUNITY,
    "currency": "CNY",
    "duplicate_of": None,
    "kind": "repair",
    "language": "zh-CN",
    "name": "washer",
    "number": "R-2026-000123",
    "role": "technician",
    "status": "Closed",
    "timezone": "Asia/Shanghai",
}


def file_name(entry: EventType) -> str:
    return f"{entry.name}.v{entry.schema}.json"


def contract(catalogue: Catalogue, entry: EventType) -> dict[str, Any]:
    """The schema of one event's message, with one example under ``examples``."""
    _, components = msgspec.json.schema_components([entry.cls], ref_template="#/$defs/{name}")
    data = components.pop(entry.cls.__name__)
    personal = personal_fields(entry.cls)
    for field in personal:
        data["properties"][field.name]["description"] = (
            "Secret: always null outside its service."
            if field.secret
            else "Personal text: null in the exchange, and where its person was forgotten."
        )
    data.pop("title", None)
    data.pop("description", None)
    found: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": f"/contracts/{catalogue.service}/{file_name(entry)}",
        "title": entry.name,
        "description": inspect.cleandoc(entry.cls.__doc__ or "").strip(),
        "type": "object",
        "required": _REQUIRED,
        "properties": {**_envelope(catalogue, entry), "data": data},
        "examples": [_example(catalogue, entry)],
    }
    if not found["description"]:
        del found["description"]
    if components:
        found["$defs"] = components
    return found


_REQUIRED = [
    *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"),
    *("log", "position", "community", "streamversion", "occurredat", "commandid"),
    *("correlationid", "actor", "data"),
]


def _envelope(catalogue: Catalogue, entry: EventType) -> dict[str, Any]:
    text, moment = {"type": "string", "minLength": 1}, {"type": "string", "format": "date-time"}
    return {
        "specversion": {"const": "1.0"},
        "id": {**text, "description": "Dedupe by this: delivery is at least once."},
        "source": {"const": f"/wuye/{catalogue.service}"},
        "type": {"const": entry.name},
        "subject": {**text, "description": "The stream's id, <community>.<uuid>."},
        "time": {**moment, "description": "When it was recorded."},
        "datacontenttype": {"const": envelope.CONTENT_TYPE},
        "dataschema": {"const": f"/contracts/{catalogue.service}/{file_name(entry)}"},
        "log": {"const": catalogue.service},
        "position": {
            "type": "integer",
            "minimum": 1,
            "description": "The place in the log: increasing, with holes.",
        },
        "community": text,
        "streamversion": {"type": "integer", "minimum": 1},
        "occurredat": {**moment, "description": "When it is claimed to have happened."},
        "commandid": text,
        "correlationid": {**text, "description": "The same for all that one request led to."},
        "causationid": {**text, "description": "The id of the event that caused this one."},
        "actor": {**text, "description": "A person's id, or service:<name>."},
        "traceparent": {**text, "description": "W3C Trace Context."},
    }


def _example(catalogue: Catalogue, entry: EventType) -> dict[str, Any]:
    withheld = {field.name for field in personal_fields(entry.cls)}
    data = {
        field.name: None if field.name in withheld else _value(field.name, field.type)
        for field in msgspec.inspect.type_info(entry.cls).fields  # type: ignore[attr-defined]
    }
    fact = Fact(
        id=_id("event"),
        log=catalogue.service,
        position=4711,
        type=entry.name,
        schema=entry.schema,
        subject=f"{_COMMUNITY}.{_id('stream')}",
        version=3,
        community=_COMMUNITY,
        time=_MOMENT,
        occurred_at=_MOMENT,
        actor=f"{_COMMUNITY}.{_id('actor')}",
        command_id=_id("command"),
        correlation_id=_id("correlation"),
        causation_id=_id("cause"),
        data=data,
    )
    return envelope.to_json_dict(fact)


def _value(name: str, kind: msgspec.inspect.Type) -> Any:
    info = msgspec.inspect
    if name in _WORDS and not isinstance(kind, info.LiteralType):
        return _WORDS[name]
    match kind:
        case info.UnionType(types=types):
            return _value(name, next(one for one in types if not isinstance(one, info.NoneType)))
        case info.LiteralType(values=values):
            return _WORDS[name] if _WORDS.get(name) in values else values[0]
        case info.IntType(le=int(most)):
            return most
        case info.IntType():
            return 4500 if name.endswith("_fen") else 30
        case info.BoolType():
            return False
        case info.DateTimeType():
            return _MOMENT.isoformat().replace("+00:00", "Z")
        case info.DateType():
            return _MOMENT.date().isoformat()
        case info.ListType() | info.VarTupleType() | info.SetType():
            return [_value(name, kind.item_type)]
        case info.StructType(fields=fields):
            return {field.name: _value(field.name, field.type) for field in fields}
        case info.DictType():
            return {}
        case info.StrType() if name.endswith(("key", "digest")):
            return "3q2-7w"
    return f"{_COMMUNITY}.{_id(name)}"


def _id(name: str) -> str:
    return str(uuid5(_NAMESPACE, name))
