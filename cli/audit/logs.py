"""Reading the services' logs page by page, from a moment on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cli.operator import Operator
from shared.audit.gathering import SKEW

Envelope = dict[str, Any]


def envelopes(
    operator: Operator, service: str, after: int, head: int
) -> Iterator[tuple[list[Envelope], int]]:
    """Pages of a log behind a position up to its ``head``, each with the position it reaches."""
    while after < head:
        page = _read(operator, service, after)
        events = [one for one in page["events"] if one["position"] <= head]
        if not events:
            return
        after = page["next"]
        yield events, min(after, head)


def head(operator: Operator, service: str) -> int:
    found: int = _read(operator, service, 0, 1)["head"]
    return found


def position_before(operator: Operator, service: str, moment: datetime, end: int) -> int:
    """A position that everything recorded at ``moment`` or later lies behind, near the last such.

    Found by halves: about 20 reads of one event in a log of a million.
    """
    before = moment - SKEW
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        found = _read(operator, service, middle, 1)["events"]
        if found and datetime.fromisoformat(found[0]["time"]) < before:
            low = found[0]["position"]
        else:
            high = middle
    return low


def _read(operator: Operator, service: str, after: int, limit: int | None = None) -> Envelope:
    request: dict[str, Any] = {"log": service, "after": after}
    if limit is not None:
        request["limit"] = limit
    return operator.call(f"{service}.log", "read", request)
