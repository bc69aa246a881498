"""Batches on their way: sizes, tokens, and what is not acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from cli.imports.requests_311 import Order
from cli.imports.sending import MOST_ITEMS, sent
from cli.operator import Operator
from shared.clock import SystemClock
from shared.errors import Busy, Forbidden, Unavailable, WuyeError
from shared.identity import keys
from shared.identity.operator import OPERATOR, operator

Items = list[dict[str, Any]]


@pytest.fixture
def made(tmp_path: Path) -> Callable[[Callable[[Items], Items]], Operator]:
    keys.ensure(tmp_path, [OPERATOR])

    def make(answer: Callable[[Items], Items]) -> Operator:
        def send(service: str, method: str, request: Any, token: str) -> dict[str, Any]:
            assert (service, method) == ("workorders", "batch")
            assert len(json.dumps(request)) < 256 * 1024
            assert all(item["auth_token"] == token for item in request["items"])
            return {"items": answer(request["items"])}

        return Operator(send, operator(tmp_path, SystemClock()), "a test")

    return make


def orders(count: int, size: int = 10) -> list[Order]:
    return [
        Order(number, str(number), {"source_id": str(number), "description": "x" * size}, ())
        for number in range(count)
    ]


def good(items: Items) -> Items:
    return [{"ok": {"id": item["request"]["source_id"], "repeated": False}} for item in items]


def numbers(found: Iterable[list[Any]]) -> list[str]:
    return [outcome["ok"]["id"] for batch in found for _, outcome in batch]


def test_batches_fit_into_a_message(made: Callable[..., Operator]) -> None:
    sizes: list[int] = []

    def answer(items: Items) -> Items:
        sizes.append(len(items))
        return good(items)

    assert numbers(sent(made(answer), orders(500))) == [str(number) for number in range(500)]
    assert max(sizes) <= MOST_ITEMS
    sizes.clear()
    list(sent(made(answer), orders(100, 4000)))
    assert max(sizes) < 60


def test_what_was_not_taken_is_sent_again(made: Callable[..., Operator]) -> None:
    waits: list[float] = []
    turns: list[Items] = []

    def answer(items: Items) -> Items:
        turns.append(items)
        if len(turns) == 1:
            raise Unavailable("away")
        if len(turns) == 2:
            return [*good(items[:1]), {"error": {"code": "busy", "message": "later"}}]
        return good(items)

    found = list(sent(made(answer), orders(2), waits.append))
    assert numbers(found) == ["0", "1"]
    assert [len(items) for items in turns] == [2, 2, 1]
    assert len(waits) == 2


def test_it_gives_up_after_some_tries(made: Callable[..., Operator]) -> None:
    def answer(items: Items) -> Items:
        raise Busy("full")

    with pytest.raises(Busy):
        list(sent(made(answer), orders(1), lambda seconds: None))


@pytest.mark.parametrize("error", [Forbidden("no")])
def test_what_will_not_get_better_is_not_tried_again(
    made: Callable[..., Operator], error: WuyeError
) -> None:
    def answer(items: Items) -> Items:
        raise error

    def never(seconds: float) -> None:
        raise AssertionError

    with pytest.raises(type(error)):
        list(sent(made(answer), orders(1), never))


def test_a_refused_item_is_an_outcome(made: Callable[..., Operator]) -> None:
    refusal = {"error": {"code": "invalid", "message": "no", "fields": {"submitted_at": ["x"]}}}
    (batch,) = sent(made(lambda items: [refusal]), orders(1))
    assert batch[0][1] == refusal
