"""The pool: what technicians may grab, and who has it."""

from __future__ import annotations

import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.orders import schemas as o
from services.workorders.orders.domain.refusals import (
    AlreadyDispatched,
    NotCertified,
    NotYourOrder,
    NotYourRole,
)
from shared.errors import Forbidden
from shared.testing.scenario import NOON
from tests.support.order_facts import BUILDING, CHEN, UNIT, WANG
from tests.unit.workorders.desk import Desk, chen, li, sun, wang


def test_the_pool_shows_what_one_may_grab_and_nobodys_words(desk: Desk) -> None:
    desk.mode("grab")
    desk.skill(WANG)
    order = desk.report()
    desk.report("lift")
    (shown,) = desk.ask("dispatching", "pool", d.OfCommunity, wang, community="garden")["orders"]
    assert shown == {
        "id": order,
        "number": "R-2026-000001",
        "kind": "repair",
        "category": "plumbing",
        "building": BUILDING,
        "unit": UNIT,
        "submitted_at": NOON.isoformat(),
    }
    assert desk.ask("dispatching", "pool", d.OfCommunity, chen, community="garden")["orders"] == []
    with pytest.raises(Forbidden):
        desk.ask("dispatching", "pool", d.OfCommunity, li, community="garden")


def test_the_first_to_grab_has_it_and_the_second_is_told_so(desk: Desk) -> None:
    desk.mode("grab")
    desk.skill(WANG)
    desk.skill(CHEN)
    order = desk.report()
    assert desk.ask("dispatching", "grab", d.Grab, wang, id=order)["state"] == "dispatched"
    with pytest.raises(AlreadyDispatched):
        desk.ask("dispatching", "grab", d.Grab, chen, id=order)
    (sent,) = desk.of("WorkOrderDispatched")
    assert (sent.data["technician"], sent.data["choice"]["how"]) == (WANG, "grab")


def test_what_is_not_in_the_pool_cannot_be_grabbed(desk: Desk) -> None:
    desk.skill(WANG)
    order = desk.report()
    with pytest.raises(NotYourOrder):
        desk.ask("dispatching", "grab", d.Grab, wang, id=order)
    desk.mode("grab")
    with pytest.raises(NotYourOrder):
        desk.ask("dispatching", "grab", d.Grab, chen, id=order)
    with pytest.raises(NotYourRole):
        desk.ask("dispatching", "grab", d.Grab, sun, id=order)


def test_an_expired_certificate_stops_grabbing_and_dispatching_by_hand(desk: Desk) -> None:
    desk.mode("grab")
    desk.skill(WANG)
    desk.certify(WANG, "2026-03-01")
    order = desk.report()
    with pytest.raises(NotCertified):
        desk.ask("dispatching", "grab", d.Grab, wang, id=order)
    with pytest.raises(NotCertified):
        desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    desk.certify(WANG, "2026-03-02")
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
