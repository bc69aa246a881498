"""The methods of services, as ``contracts/<service>/rpc/`` has them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import msgspec


class Contract(msgspec.Struct, frozen=True):
    """``request`` and ``answer`` are JSON Schemas of objects. ``public``: takes no token."""

    method: str
    kind: str
    public: bool
    request: dict[str, Any]
    answer: dict[str, Any]

    @property
    def takes(self) -> dict[str, Any]:
        """The schema of every field of a request by its name."""
        found: dict[str, Any] = self.request.get("properties", {})
        return found

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(self.request.get("required", ()))


@cache
def contract(service: str, method: str) -> Contract:
    """Raises ``FileNotFoundError`` for a method that is none."""
    file = resources.files("contracts") / service / "rpc" / f"{method}.json"
    return msgspec.json.decode(file.read_bytes(), type=Contract)
