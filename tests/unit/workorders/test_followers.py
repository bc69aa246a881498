"""Who follows an order of others, what they hear of it and what they do not see."""

from __future__ import annotations

from typing import Any

import pytest

from services.workorders.followers import domain as f
from services.workorders.followers import schemas as fs
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import NoSuchOrder
from shared.testing.scenario import NOON
from tests.support.order_facts import BUILDING, LI, MEI, UNIT, WANG
from tests.unit.workorders.desk import Desk, li, mei, stranger, sun, wang


def follow(desk: Desk, order: str, caller: Any = mei, method: str = "follow") -> Any:
    return desk.ask("following", method, fs.OnOrder, caller, id=order)


def test_who_follows_an_order_hears_of_its_progress_until_they_do_not(desk: Desk) -> None:
    order = desk.report()
    assert follow(desk, order)["following"] is True
    assert follow(desk, order)["following"] is True
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    (moved,) = desk.of("FollowedOrderMoved")
    assert (moved.data["progress"], moved.data["followers"]) == ("dispatched", [MEI])
    assert follow(desk, order, method="unfollow")["following"] is False
    desk.does(wang, c.Start, order)
    assert len(desk.of("FollowedOrderMoved")) == len(desk.of("OrderFollowed")) == 1


def test_a_follower_sees_no_more_than_what_and_where_and_how_far(desk: Desk) -> None:
    order = desk.report()
    follow(desk, order)
    found = desk.ask("following", "followed", fs.Followed, mei)
    assert found["orders"] == [
        {
            "id": order,
            "number": "R-2026-000001",
            "kind": "repair",
            "category": "plumbing",
            "building": BUILDING,
            "state": "submitted",
            "submitted_at": NOON.isoformat(),
        }
    ]
    with pytest.raises(NoSuchOrder):
        desk.ask("queries", "get", o.Get, mei, id=order)
    told = [one.data for one in desk.facts() if one.type == "OrderFollowed"]
    assert not {LI, UNIT, "漏水"} & set(map(str, told[0].values()))


def test_only_people_of_the_community_follow_and_only_what_goes_on(desk: Desk) -> None:
    order = desk.report()
    with pytest.raises(NoSuchOrder):
        follow(desk, order, stranger)
    desk.does(li, c.Cancel, order)
    with pytest.raises(f.NothingToFollow):
        follow(desk, order)
