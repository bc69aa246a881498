"""The board: what is open, oldest first, by how far it is, and only for those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.board import schemas
from services.workorders.definition import SERVICE
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.state import Order, evolve
from shared.errors import Forbidden
from shared.eventlog.decider import Context, Decider
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON
from tests.support.service_bench import ServiceBench
from tests.unit.workorders import cast

ORDERS = Decider("orders", Order, decide, evolve)
UNIT = f"{cast.COMMUNITY}.00000000-0000-4000-8000-0000000000a1"
LI = f"{cast.COMMUNITY}.00000000-0000-4000-8000-0000000000b1"


class Bench:
    """Orders 1 to 6, an hour apart: 1 to 3 are to be dispatched, 4 waits, 5 goes on, 6 rests."""

    def __init__(self) -> None:
        self.service = ServiceBench(SERVICE)
        for number in range(1, 7):
            self.submit(number)
        for number in (4, 5, 6):
            self.do(number, c.Dispatch(by=cast.sun, technician="wang", technician_here=True))
        for number in (5, 6):
            self.do(number, c.Start(by=cast.wang))
        self.do(6, c.Pause(by=cast.wang, reason="parts", note=None))
        self.service.settle()

    def submit(self, number: int) -> None:
        taken = {"by": cast.sun, "reporter": LI, "accepter": LI} if number == 2 else {}
        self.do(
            number,
            cast.submit(
                id=order(number),
                number=f"R-2026-00000{number}",
                unit=UNIT if number == 3 else cast.UNIT,
                occupants=("li", "mei", LI),
                **taken,
            ),
        )
        self.service.clock.advance(timedelta(hours=1))

    def do(self, number: int, command: Any) -> None:
        context = Context(
            actor=command.by.person,
            command_id=str(uuid4()),
            command_digest="",
            correlation_id=str(uuid4()),
        )
        self.service.log.execute(ORDERS, order(number), command, context)

    def ask(self, by: Caller = cast.sun, **asked: Any) -> dict[str, list[int]]:
        found = self.service.ask("board", "board", schemas.Board, by, **asked)
        assert all(len(one["orders"]) <= one["count"] for one in found["lanes"])
        return {
            one["lane"]: [int(each["number"][-1]) for each in one["orders"]]
            for one in found["lanes"]
            if one["count"]
        }


def order(number: int) -> str:
    return f"{cast.COMMUNITY}.00000000-0000-4000-8000-00000000000{number}"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.service.close()


def test_open_orders_are_told_by_how_far_they_are_the_oldest_first(bench: Bench) -> None:
    assert bench.ask() == {"submitted": [1, 2, 3], "waiting": [4], "working": [5], "paused": [6]}


def test_a_lane_counts_all_its_orders_where_it_shows_only_some(bench: Bench) -> None:
    found = bench.service.ask(
        "board", "board", schemas.Board, cast.sun, lanes=["submitted"], limit=2
    )
    (lane,) = found["lanes"]
    assert (lane["count"], [one["number"][-1] for one in lane["orders"]]) == (3, ["1", "2"])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"before": (NOON + timedelta(hours=2)).isoformat()}, {"submitted": [1, 2]}),
        ({"number": "0003"}, {"submitted": [3]}),
        ({"number": "0001", "units": [UNIT]}, {"submitted": [1, 3]}),
        ({"people": [LI]}, {"submitted": [2]}),
        ({"category": "lift"}, {}),
        ({"kind": "complaint"}, {}),
        ({"mine": True}, {"submitted": [2], "waiting": [4], "working": [5], "paused": [6]}),
    ],
    ids=["age", "number", "number or home", "person", "category", "kind", "mine"],
)
def test_the_board_narrows(bench: Bench, asked: dict[str, Any], expected: Any) -> None:
    assert bench.ask(**asked) == expected


def test_each_technician_is_told_with_what_they_have_in_hand(bench: Bench) -> None:
    found = bench.service.ask("board", "loads", schemas.Loads, cast.sun, community=cast.COMMUNITY)
    assert found["loads"] == {"wang": {"waiting": 1, "working": 1, "paused": 1}}


def test_the_board_ends_at_the_community_it_is_looked_at_from(bench: Bench) -> None:
    stranger = Caller("other", (Post("dispatcher", "garden"),))
    assert bench.ask(stranger) == {}
    assert bench.service.ask("board", "loads", schemas.Loads, stranger)["loads"] == {}


@pytest.mark.parametrize("method", ["board", "loads"])
@pytest.mark.parametrize("by", [cast.li, cast.wang, cast.guard], ids=["resident", "tech", "guard"])
def test_the_board_is_for_those_who_look_after_orders(
    bench: Bench, method: str, by: Caller
) -> None:
    with pytest.raises(Forbidden):
        bench.service.ask("board", method, getattr(schemas, method.title()), by)
