"""What an HTTP request asks of a service's method."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from services.gateway.api.route import Route
from services.gateway.rpc.incoming import json_object
from shared.errors import Invalid

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,15})")
_FLAGS = {"true": True, "false": False}
_VERSION = re.compile(r'"([0-9]{1,16})"')


def asked(route: Route, in_path: dict[str, str]) -> dict[str, Any]:
    """The method's request. Raises ``Invalid``; what fields mean is for the service to judge."""
    given = _query(route, request.args) if route.verb == "GET" else json_object()
    misplaced = sorted(given.keys() & (set(route.contract.takes) - set(route.fields)))
    if misplaced:
        raise Invalid(
            "Fields are given where they do not belong.",
            fields={name: ["This does not belong here."] for name in misplaced},
        )
    return {**given, **in_path, **_headers(route)}


def _query(route: Route, args: MultiDict[str, str]) -> dict[str, Any]:
    """The query's texts as the JSON values that they stand for, where they stand for any."""
    return {name: _value(route.contract.takes.get(name, {}), args.getlist(name)) for name in args}


def _value(schema: dict[str, Any], texts: list[str]) -> Any:
    kinds = _kinds(schema)
    if "array" in kinds:
        return [_one(_kinds(schema.get("items", {})), text) for text in texts]
    found = [_one(kinds, text) for text in texts]
    return found[0] if len(found) == 1 else found


def _one(kinds: set[str], text: str) -> Any:
    if "integer" in kinds and _WHOLE.fullmatch(text):
        return int(text)
    if "boolean" in kinds:
        return _FLAGS.get(text, text)
    return text


def _kinds(schema: dict[str, Any]) -> set[str]:
    kind = schema.get("type", ())
    return {kind} if isinstance(kind, str) else set(kind)


def _headers(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {}
    key, version = request.headers.get("Idempotency-Key"), request.headers.get("If-Match")
    if route.takes_key and key is not None:
        found["command_id"] = _uuid(key)
    if route.takes_version and version is not None and version.strip() != "*":
        found["expected_version"] = _version(version.strip())
    return found


def _uuid(text: str) -> str:
    """Also in quotes, as the IETF's draft of the header has it."""
    try:
        return str(UUID(text.strip().strip('"')))
    except ValueError:
        raise Invalid(
            "The Idempotency-Key is no UUID.", fields={"Idempotency-Key": ["A UUID is expected."]}
        ) from None


def _version(text: str) -> int:
    found = _VERSION.fullmatch(text)
    if found is None:
        text = 'One version in quotes is expected, such as "3", as an ETag gave it.'
        raise Invalid("If-Match is no version.", fields={"If-Match": [text]})
    return int(found[1])
