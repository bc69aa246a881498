"""Time that a visit takes no longer: over, given back, called off, merged away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.workorders.orders import schemas as o
from services.workorders.orders.domain.commands import Merge
from services.workorders.orders.domain.links import Target
from services.workorders.orders.domain.visits import refusals as r
from services.workorders.orders.domain.visits.commands import CancelVisit
from tests.support.order_facts import CHEN
from tests.unit.workorders.cast import ZONE
from tests.unit.workorders.desk import Desk, li, sun, wang
from tests.unit.workorders.visiting import NINE, ONE, agreed, choose, get, offer, sent, shown


def test_what_is_over_or_given_back_takes_no_time(desk: Desk) -> None:
    done = agreed(desk)
    desk.clock.set(NINE[0])
    later = (NINE[0] + timedelta(minutes=30), NINE[1])
    order = sent(desk)
    with pytest.raises(r.VisitTaken):
        offer(desk, order, later)
    desk.ask("orders", "repair", o.Repair, wang, id=done, notes="new washer")
    offer(desk, order, later)


def test_a_visit_called_off_leaves_its_time_to_others_and_can_be_agreed_again(desk: Desk) -> None:
    off, other = agreed(desk), sent(desk)
    desk.does(li, CancelVisit, off, zone=ZONE)
    assert get(desk, off)["visit"]["state"] == "cancelled"
    offer(desk, other, NINE)
    choose(desk, other)
    with pytest.raises(r.VisitTaken):
        offer(desk, off, NINE)
    offer(desk, off, ONE)
    choose(desk, off, offer=2)
    assert get(desk, off)["visit"]["window"] == shown(ONE)


def test_unmerged_an_order_has_its_visit_again_where_its_technician_can_still_come(
    desk: Desk,
) -> None:
    kept, lost = agreed(desk), agreed(desk, ONE)
    into = sent(desk, CHEN)
    for order in (kept, lost):
        target = Target(id=into, number="R-3", state="dispatched")
        desk.does(sun, Merge, order, target=target)
    agreed(desk, ONE)
    for order in (kept, lost):
        desk.ask("visiting", "unmerge", o.OnOrder, sun, id=order)
    assert get(desk, kept)["visit"]["window"] == shown(NINE)
    assert get(desk, lost)["visit"] is None
    assert [one.data["visit_lost"] for one in desk.of("WorkOrderUnmerged")] == [False, True]
