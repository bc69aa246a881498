"""What was accepted and did not last: within the window the order goes on, later a new one does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.definition import SERVICE
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.aftercare import STANDARD
from services.workorders.orders.domain.refusals import (
    NoSuchOrder,
    NotYetAccepted,
    NotYourOrder,
    StillReopenable,
)
from shared.errors import Conflict, Invalid
from shared.identity.caller import Caller
from tests.support.order_facts import LI, WANG, community_registered, granted, registered
from tests.unit.workorders.desk import Desk, chen, li, mei, placed, stranger, sun, wang


class Again(Desk):
    def accepted(self) -> str:
        order = self.report()
        self.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
        self.does(wang, c.Repair, order, notes="换了垫圈")
        self.does(li, c.Accept, order)
        return order

    def again(self, order: str, caller: Caller = li, **more: Any) -> Any:
        asked = {"description": "又漏了", **more}
        return self.ask("linking", "report_again", o.ReportAgain, caller, id=order, **asked)

    def order(self, order: str, caller: Caller = sun) -> Any:
        return self.ask("queries", "get", o.Get, caller, id=order)

    def links(self, order: str, caller: Caller = sun) -> Any:
        return self.ask("linking", "links", o.Links, caller, id=order)

    def later(self, time: timedelta) -> None:
        self.clock.set(self.clock.now() + time)


@pytest.fixture
def desk() -> Iterator[Again]:
    found = Again(SERVICE)
    office = (registered(sun.person), granted(sun.person, "dispatcher"))
    found.told("security", community_registered(), *placed(), *office)
    yield found
    found.close()


def test_later_it_is_a_new_order_linked_to_the_old_one_which_stays_as_it_is(desk: Again) -> None:
    old = desk.accepted()
    desk.later(STANDARD.reopen_within + timedelta(seconds=1))
    before = desk.order(old)
    answer = desk.again(old, photos=["p1"])
    assert (answer["number"], answer["state"]) == ("R-2026-000002", "submitted")
    new = desk.order(answer["id"])
    assert new["origin"] == {"relation": "follows_up", "id": old, "number": "R-2026-000001"}
    for name in ("kind", "category", "building", "unit", "accepter"):
        assert new[name] == before[name]
    assert (new["reporter"], new["description"], new["photos"]) == (LI, "又漏了", ["p1"])
    assert desk.order(old) == before, "not an event came to it"
    assert [one["number"] for one in desk.links(old)["followed_up_by"]] == ["R-2026-000002"]
    assert desk.links(answer["id"])["follows_up"]["number"] == "R-2026-000001"


def test_within_the_window_the_order_itself_is_opened_again(desk: Again) -> None:
    old = desk.accepted()
    desk.later(STANDARD.reopen_within)
    assert "reopen" in desk.order(old, li)["allowed"]
    with pytest.raises(StillReopenable) as found:
        desk.again(old)
    assert "reopen" in (found.value.allowed or [])
    desk.later(timedelta(seconds=1))
    assert desk.order(old, li)["allowed"] == ["rate", "report_again"]
    desk.does(li, c.Rate, old, stars=2)
    assert desk.order(old, li)["allowed"] == ["report_again"]


def test_only_whom_it_concerns_and_dispatchers_report_it_again(desk: Again) -> None:
    old = desk.accepted()
    desk.later(STANDARD.reopen_within + timedelta(hours=1))
    for caller in (mei, wang, chen):
        with pytest.raises(NotYourOrder):
            desk.again(old, caller)
    with pytest.raises(NoSuchOrder):
        desk.again(old, stranger)
    new = desk.order(desk.again(old, sun, channel="phone")["id"])
    assert (new["reporter"], new["accepter"], new["taken_by"]) == (LI, LI, sun.person)
    assert new["channel"] == "phone"


def test_what_nobody_accepted_is_not_reported_again(desk: Again) -> None:
    order = desk.report()
    desk.later(timedelta(days=9))
    with pytest.raises(NotYetAccepted):
        desk.again(order)
    assert "report_again" not in desk.order(order, li)["allowed"]


def test_the_same_again_is_one_order_and_nothing_is_made_of_bad_input(desk: Again) -> None:
    old = desk.accepted()
    desk.later(STANDARD.reopen_within + timedelta(hours=1))
    with pytest.raises(Invalid) as found:
        desk.again(old, description=" ")
    assert list(found.value.fields) == ["description"]
    with pytest.raises(Conflict):
        desk.again(old, expected_version=1)
    assert len(desk.of("WorkOrderSubmitted")) == 1
    once = str(uuid4())
    assert desk.again(old, command_id=once) == desk.again(old, command_id=once)
    assert len(desk.of("WorkOrderSubmitted")) == 2
