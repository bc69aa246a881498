"""Orders on their way to `workorders`, in batches; what is not acknowledged is sent again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cli.imports.requests_311 import Order
from cli.operator import Operator
from shared.errors import Busy, TimedOut, Unavailable, WuyeError

# `shared.hosting` takes 500 items in 256 kB
MOST_ITEMS = 400
MOST_BYTES = 230_000
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
_AGAIN = frozenset({Busy.code, Unavailable.code, TimedOut.code, "conflict"})

Outcome = tuple[Order, dict[str, Any]]


def sent(
    operator: Operator,
    orders: Iterable[Order],
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[list[Outcome]]:
    """The outcomes of each batch, in its order: ``{"ok": answer}`` or ``{"error": {...}}``.

    Raises the last error where the platform does not take a batch after several tries.
    """
    for batch in _batches(operator, orders):
        yield _delivered(operator, batch, pause)


def _batches(operator: Operator, orders: Iterable[Order]) -> Iterator[list[Order]]:
    batch: list[Order] = []
    size = 0
    for order in orders:
        weight = len(json.dumps(order.request)) + len(operator.token()) + 100
        if batch and (len(batch) == MOST_ITEMS or size + weight > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(order)
        size += weight
    if batch:
        yield batch


def _delivered(
    operator: Operator, batch: list[Order], pause: Callable[[float], None]
) -> list[Outcome]:
    outcomes: dict[int, dict[str, Any]] = {}
    waits = iter(PAUSES)
    while len(outcomes) < len(batch):
        left = [number for number in range(len(batch)) if number not in outcomes]
        wait = next(waits, None)
        try:
            found = _call(operator, [batch[number] for number in left])
        except WuyeError as error:
            if error.code not in _AGAIN or wait is None:
                raise
            pause(wait)
            continue
        for number, outcome in zip(left, found, strict=True):
            if wait is None or outcome.get("error", {}).get("code") not in _AGAIN:
                outcomes[number] = outcome
        if len(outcomes) < len(batch) and wait is not None:
            pause(wait)
    return [(order, outcomes[number]) for number, order in enumerate(batch)]


def _call(operator: Operator, orders: list[Order]) -> list[dict[str, Any]]:
    token = operator.token()
    items = [
        {"method": "import_order", "request": order.request, "auth_token": token}
        for order in orders
    ]
    found: list[dict[str, Any]] = operator.call("workorders", "batch", {"items": items})["items"]
    return found
