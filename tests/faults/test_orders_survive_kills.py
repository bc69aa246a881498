"""Processes of the whole platform die while residents report repairs: on the stack, and embedded.

Every order that was acknowledged is once in the log, once on the board, once in the figures, and
its dispatcher was told of it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.estate import Embedded, Estate, Place
from tests.support.load import OrderLoad
from tests.support.stack import Stack

pytestmark = pytest.mark.faults

STAFF = ("dispatcher", "manager")


def load_of(place: Place) -> OrderLoad:
    submission: dict[str, Any] = {
        "community": place.community,
        "kind": "repair",
        "category": "plumbing",
        "unit": place.unit,
        "description": "漏水",
    }
    return OrderLoad(place.person("resident"), submission)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    with Embedded(tmp_path) as found:
        yield found


def test_the_embedded_platform_dies_in_mid_load(embedded: Embedded) -> None:
    estate = Estate("embedded", embedded, embedded.folder / "data" / "keys")
    place = estate.found("island", roles=STAFF)
    with load_of(place) as load:
        for _ in range(2):
            load.more(25)
            embedded.kill()
            embedded.__enter__()
        load.more(25)
    assert load.retries > 0, "nothing was under way, so nothing was put to the test"
    nothing_lost_nothing_twice(place, load)


@pytest.fixture(scope="module")
def place(stack_estate: Estate) -> Place:
    return stack_estate.found("faultside", roles=STAFF)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ("workorders", "serve"),
        ("workorders", "work"),
        ("notifications", "work"),
        ("analytics", "work"),
    ],
)
def test_a_process_of_the_stack_dies_in_mid_load(
    running_stack: Stack, place: Place, service: str, kind: str
) -> None:
    try:
        with load_of(place) as load:
            load.more(20)
            running_stack.kill(service, kind)
            load.more(5 if kind == "work" else 0)
            running_stack.start(service, kind)
            load.more(40)
    finally:
        running_stack.wait_answering(service)
    nothing_lost_nothing_twice(place, load)


def nothing_lost_nothing_twice(place: Place, load: OrderLoad) -> None:
    """Counted over all that the community ever had."""
    estate, manager = place.estate, place.person("manager")
    estate.settle(60)
    facts = [one for one in estate.facts("workorders") if one["community"] == place.community]
    stored = {one["commandid"]: one["subject"] for one in facts}
    assert len(stored) == len(facts), "a command was carried out twice"
    assert load.acknowledged.items() <= stored.items()
    once = Counter(stored.values())
    assert set(once.values()) == {1}

    board: Counter[str] = Counter()
    cursor = None
    while True:
        page = manager.order("list", limit=200, cursor=cursor)
        board.update(order["id"] for order in page["orders"])
        cursor = page["next"]
        if cursor is None:
            break
    assert board == once

    figures = manager.call("analytics", "efficiency")["total"]
    assert (figures["count"], figures["backlog"]["count"]) == (len(facts), len(facts))

    dispatcher = place.person("dispatcher").id
    told = Counter(
        one["data"]["about"]
        for one in estate.facts("notifications")
        if one["type"] == "NotificationPosted" and one["data"]["person"] == dispatcher
    )
    assert told == once
