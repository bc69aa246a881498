"""The OpenAPI 3.1 document, made of the routes and the contracts of their methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from services.gateway.api import photos
from services.gateway.api.route import Route

Schema = dict[str, Any]

_ABOUT = """\
Every command and query of the platform. Errors are problem details (RFC 9457) with a `code`, and
`fields` where a field is at fault. Send a command again with the same `Idempotency-Key` when no
answer came: it is carried out once. An answer's `ETag` is the version of the thing it is about;
send it as `If-Match` to be refused (412) where somebody else was faster. Pages go on with the
`next` of the page before as `cursor` (or `after`). `at_least` takes the `position` of a command's
answer: the query then shows what was written."""
_TAGS = {
    "workorders": "Repairs and complaints, from submitted to rated.",
    "billing": "Bills and their payment.",
    "notifications": "Everybody's inbox.",
    "security": "Places, people, accounts and sessions.",
    "analytics": "Satisfaction and efficiency.",
    "photos": "Photos for orders.",
}
_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457.",
    "properties": {
        "title": _TEXT,
        "status": _NUMBER,
        "detail": _TEXT,
        "code": {**_TEXT, "description": "Stable: invalid, not_found, refused, conflict ..."},
        "reason": {**_TEXT, "description": "The finer name of the error."},
        "message": _TEXT,
        "fields": {
            "type": "object",
            "description": "What is wrong with which field, by its dotted name.",
            "additionalProperties": {"type": "array", "items": _TEXT},
        },
        "allowed": {
            "type": "array",
            "items": _TEXT,
            "description": "The commands that would be taken now.",
        },
        "retry_after": {"type": "number", "description": "Seconds."},
    },
    "required": ["title", "status", "detail"],
}
# status: name, meaning
PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("Invalid", "The request has faults; `fields` names them."),
    401: ("Unauthenticated", "A valid token is needed."),
    403: ("Forbidden", "Not allowed for this caller."),
    404: ("NotFound", "There is no such thing, or it is not one the caller may see."),
    409: ("Refused", "Not possible now, or the Idempotency-Key was used for other content."),
    412: ("Stale", "It is at another version than `If-Match` says."),
    413: ("TooLarge", "The body is too large."),
    429: ("Busy", "Too much at once; see Retry-After."),
    503: ("Unavailable", "The service cannot be reached now; see Retry-After."),
    504: ("TimedOut", "No answer in time; a command may have been carried out: send it again."),
}
# The server itself says so, in no words of ours.
_TOO_LONG: Schema = {"description": "The address has more than 8,190 characters."}
_EVERYWHERE = (400, 401, 403, 404, 429, 503, 504)
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A UUID of the caller's; the same one means the same command.",
    "schema": {"type": "string", "format": "uuid"},
}
_IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": "The version it must be at, in quotes, as an ETag gave it.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,16}"$'},
    "example": '"3"',
}
_ETAG = {"ETag": {"description": "The version, in quotes.", "schema": _TEXT}}
_LOCATION = {"Location": {"description": "Where it is found.", "schema": _TEXT}}


@cache
def document(routes: tuple[Route, ...], prefix: str) -> Schema:
    paths: Schema = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route)
    paths |= photos.paths(respond, security)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wuye",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": prefix}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, **_answers(routes)},
            "responses": {name: _problem(status) for status, (name, _) in PROBLEMS.items()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": "wuye_session"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
    }


def respond(status: int) -> Schema:
    """The problem of a status."""
    return {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"}


def _operation(route: Route) -> Schema:
    return {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.service],
        "security": [] if route.contract.public else security(route.verb),
        "parameters": list(_parameters(route)),
        **(_body(route) if route.verb == "POST" else {}),
        "responses": _responses(route),
    }


def security(verb: str) -> list[Schema]:
    """A token, or a session's cookie, with the session's CSRF token where something is changed."""
    by_cookie: Schema = {"session": []} if verb == "GET" else {"session": [], "csrf": []}
    return [{"bearer": []}, by_cookie]


def _parameters(route: Route) -> Iterable[Schema]:
    for name in route.in_path:
        yield {"name": name, "in": "path", "required": True, "schema": _field(route, name)}
    if route.verb == "GET":
        for name in route.fields:
            required = name in route.required
            yield {"name": name, "in": "query", "required": required, "schema": _field(route, name)}
    if route.takes_key:
        yield _KEY
    if route.takes_version:
        yield _IF_MATCH


def _field(route: Route, name: str) -> Schema:
    """As text of an address can give it: never null."""
    schema = dict(route.contract.takes[name])
    kinds = schema.get("type")
    if isinstance(kinds, list):
        left = [kind for kind in kinds if kind != "null"]
        schema["type"] = left[0] if len(left) == 1 else left
    if "enum" in schema:
        schema["enum"] = [one for one in schema["enum"] if one is not None]
    return schema


def _body(route: Route) -> Schema:
    if not route.fields:
        return {}
    schema: Schema = {
        "type": "object",
        "properties": {name: route.contract.takes[name] for name in route.fields},
        "additionalProperties": False,
    }
    if route.required:
        schema["required"] = list(route.required)
    if "description" in route.contract.request:
        schema["description"] = route.contract.request["description"]
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": bool(route.required), "content": content}}


def _responses(route: Route) -> Schema:
    name = {"$ref": f"#/components/schemas/{_answer_name(route)}"}
    headers: Schema = {}
    if "version" in route.contract.answer.get("properties", {}):
        headers |= _ETAG
    if route.creates is not None:
        headers |= _LOCATION
    good: Schema = {
        "description": "Created." if route.creates else "Done." if _writes(route) else "Found.",
        "content": {"application/json": {"schema": name}},
        **({"headers": headers} if headers else {}),
    }
    problems = [*_EVERYWHERE]
    if route.verb == "POST":
        problems += [409, 413]
    if route.takes_version:
        problems.append(412)
    return {
        "201" if route.creates else "200": good,
        **{str(status): respond(status) for status in sorted(problems)},
        **({"414": _TOO_LONG} if route.verb == "GET" else {}),
    }


def _writes(route: Route) -> bool:
    return route.contract.kind == "command"


def _problem(status: int) -> Schema:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": PROBLEMS[status][1],
        "content": {"application/problem+json": {"schema": schema}},
    }


def _answers(routes: Sequence[Route]) -> Schema:
    return {
        _answer_name(route): {
            name: part for name, part in route.contract.answer.items() if name != "$schema"
        }
        for route in routes
    }


def _answer_name(route: Route) -> str:
    return f"{route.method}.answer"
