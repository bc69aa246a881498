"""What programs send: JSON objects, and tokens in a header."""

from __future__ import annotations

import msgspec
from flask import request

from shared.errors import Invalid, Unauthenticated


def json_object() -> dict[str, object]:
    """The body; an empty one is an empty object. Raises ``Invalid``."""
    raw = request.get_data()
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise Invalid("The body must be JSON.", fields={"body": ["send it as application/json"]})
    try:
        return msgspec.json.decode(raw, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("The body is no JSON object.", fields={"body": [str(error)]}) from None


def bearer_token() -> str:
    """Raises ``Unauthenticated`` where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send a token: Authorization: Bearer ...", reason="missing_token")
    return token.strip()
