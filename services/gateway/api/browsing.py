"""The OpenAPI document laid out for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]

_BOUNDS = (
    ("minimum", "from"),
    ("maximum", "to"),
    ("maxLength", "at most, characters:"),
    ("minItems", "at least, items:"),
    ("maxItems", "at most, items:"),
    ("default", "default:"),
)
# says nothing to people: JSON's own bound
_LARGEST = 2**53 - 1


class Field(NamedTuple):
    """``where``: path, query, header or body. ``depth``: in how many other fields."""

    name: str
    where: str
    required: bool
    kind: str
    says: str
    depth: int


class Operation(NamedTuple):
    id: str
    verb: str
    path: str
    summary: str
    description: str
    public: bool
    takes: list[Field]
    answers: list[Field]
    statuses: list[tuple[str, str]]


def listed(document: Schema) -> Iterator[tuple[str, str, list[Operation]]]:
    """Name, description and operations of each tag, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            found.setdefault(operation["tags"][0], []).append(
                _operation(document, path, verb, operation)
            )
    for tag in document["tags"]:
        yield tag["name"], tag["description"], found.get(tag["name"], [])


def _operation(document: Schema, path: str, verb: str, operation: Schema) -> Operation:
    answers = operation["responses"]
    good = next(answer for status, answer in answers.items() if status.startswith("2"))
    return Operation(
        id=operation["operationId"],
        verb=verb.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        public=not operation["security"],
        takes=[*_parameters(operation), *_content(document, operation.get("requestBody", {}))],
        answers=list(_content(document, good)),
        statuses=[
            (status, _resolved(document, answer)["description"])
            for status, answer in answers.items()
        ],
    )


def _parameters(operation: Schema) -> Iterator[Field]:
    for one in operation.get("parameters", []):
        schema = {"description": one.get("description", ""), **one["schema"]}
        yield _field(one["name"], one["in"], one.get("required", False), schema, 0)


def _content(document: Schema, body: Schema) -> Iterator[Field]:
    for media in body.get("content", {}).values():
        yield from _fields(_resolved(document, media["schema"]), 0)


def _fields(schema: Schema, depth: int) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        yield _field(name, "body", name in required, one, depth)
        inner = one.get("items", one)
        yield from _fields(inner, depth + 1)


def _field(name: str, where: str, required: bool, schema: Schema, depth: int) -> Field:
    says = [schema.get("description", "")]
    if "enum" in schema:
        says.append("one of " + ", ".join(str(one) for one in schema["enum"] if one is not None))
    says += [
        f"{word} {schema[key]}"
        for key, word in _BOUNDS
        if key in schema and abs(schema[key] if isinstance(schema[key], int) else 0) < _LARGEST
    ]
    return Field(name, where, required, _kind(schema), "; ".join(filter(None, says)), depth)


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "any")
    kinds = [kind] if isinstance(kind, str) else list(kind)
    named = [schema.get("format", one) if one == "string" else one for one in kinds]
    if kinds == ["array"]:
        return f"list of {_kind(schema.get('items', {}))}"
    return " or ".join(named)


def _resolved(document: Schema, schema: Schema) -> Schema:
    found: Any = schema
    for name in schema.get("$ref", "").removeprefix("#/").split("/"):
        if name:
            found = (document if found is schema else found)[name]
    return dict(found)
