"""Photos over the API. They are the edge's own, so no service's contract tells of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from services.gateway.uploads.taking import keep, room
from shared.errors import Invalid

Schema = dict[str, Any]

_REFERENCE = {"type": "string", "pattern": r"^[0-9a-f]{64}\.jpg$"}
_ID = {"type": "string", "maxLength": 69}
_COMMUNITY = {"type": "string", "pattern": r"^[a-z][a-z0-9-]{1,31}$"}
_NUMBER = {"type": "string", "minLength": 1, "maxLength": 30}


def take(check: Callable[[], None]) -> dict[str, Any]:
    """The body's ``photo``, kept. ``check`` raises where the caller is nobody."""
    room(1)
    check()
    file = request.files.get("photo")
    if file is None:
        text = "A file is expected, as multipart/form-data."
        raise Invalid(text, fields={"photo": [text]})
    return {"photo": keep(file)}


def paths(respond: Callable[[int], Schema], security: Callable[[str], list[Schema]]) -> Schema:
    """Their part of the OpenAPI document. ``respond``: the problem of a status."""
    image = {
        "description": "The photo.",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
    place = [
        {"name": "id", "in": "path", "required": True, "schema": _ID},
        {"name": "photo", "in": "path", "required": True, "schema": _REFERENCE},
    ]
    size = {"name": "size", "in": "query", "schema": {"type": "string", "enum": ["small"]}}
    answer = {"type": "object", "properties": {"photo": _REFERENCE}, "required": ["photo"]}
    file = {
        "type": "object",
        "properties": {"photo": {"type": "string", "format": "binary"}},
        "required": ["photo"],
    }
    return {
        "/photos": {
            "post": {
                "operationId": "photos_keep",
                "summary": "Keep a photo; its reference goes into a command's photos",
                "description": "JPEG, PNG or WebP of at most 12 MB and 50 million pixels. It is "
                "drawn anew as JPEG, without the place, time and camera in the file.",
                "tags": ["photos"],
                "security": security("POST"),
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": file}},
                },
                "responses": {
                    "201": {
                        "description": "Kept.",
                        "content": {"application/json": {"schema": answer}},
                    },
                    **{str(n): respond(n) for n in (400, 401, 403, 413, 429, 503, 504)},
                },
            }
        },
        "/orders/{id}/photos/{photo}": {
            "get": {
                "operationId": "photos_show",
                "summary": "A photo of an order that the caller may see",
                "tags": ["photos"],
                "security": security("GET"),
                "parameters": [*place, size],
                "responses": {
                    "200": image,
                    **{str(n): respond(n) for n in (400, 401, 403, 404, 429, 503, 504)},
                },
            }
        },
        "/communities/{community}/public-works/{number}/photos/{photo}": {
            "get": {
                "operationId": "photos_show_public",
                "summary": "A photo of a published work",
                "tags": ["photos"],
                "security": [],
                "parameters": [
                    {"name": "community", "in": "path", "required": True, "schema": _COMMUNITY},
                    {"name": "number", "in": "path", "required": True, "schema": _NUMBER},
                    place[1],
                    size,
                ],
                "responses": {
                    "200": image,
                    **{str(n): respond(n) for n in (400, 404, 429, 503, 504)},
                },
            }
        },
    }
