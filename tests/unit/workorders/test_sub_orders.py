"""An order that takes several trades: its parts, and when the whole is finished."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.definition import SERVICE
from services.workorders.orders import schemas as o
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import (
    AlreadyRepaired,
    ChargedWithParent,
    IsSubOrder,
    NoAccepter,
    NotYourRole,
    OwnWork,
    SubOrdersOpen,
)
from services.workorders.sla import schemas as promised
from services.workorders.triage import schemas as t
from shared.errors import Invalid
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON
from tests.support.order_facts import CHEN, WANG, community_registered
from tests.unit.workorders import cast
from tests.unit.workorders.cast import HISTORIES, given, target
from tests.unit.workorders.desk import Desk, boss, chen, li, placed, sun, wang


class Whole(Desk):
    def adds(self, order: str, caller: Caller = sun, **more: Any) -> Any:
        asked = {"category": "electrical", "description": "改线", **more}
        return self.ask("linking", "add_sub_order", o.AddSubOrder, caller, id=order, **asked)

    def sends(self, order: str, technician: str) -> None:
        self.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=technician)

    def order(self, order: str, caller: Caller = sun) -> Any:
        return self.ask("queries", "get", o.Get, caller, id=order)

    def links(self, order: str, caller: Caller = sun) -> Any:
        return self.ask("linking", "links", o.Links, caller, id=order)

    def state(self, order: str) -> str:
        return str(self.order(order)["state"])


@pytest.fixture
def desk() -> Iterator[Whole]:
    found = Whole(SERVICE)
    found.told("security", community_registered(), *placed())
    yield found
    found.close()


@pytest.fixture
def whole(desk: Whole) -> str:
    order = desk.report()
    desk.sends(order, WANG)
    return order


def test_a_part_is_an_order_of_its_own_at_the_same_place(desk: Whole, whole: str) -> None:
    added = desk.adds(whole, priority="high")
    part = desk.order(added["sub_order"])
    assert (part["number"], part["category"], part["priority"]) == (
        "R-2026-000002", "electrical", "high",
    )  # fmt: skip
    assert part["origin"] == {"relation": "part_of", "id": whole, "number": "R-2026-000001"}
    assert (part["reporter"], part["accepter"], part["state"]) == (None, None, "submitted")
    assert part["description"] == "改线"
    parent = desk.order(whole)
    assert (parent["building"], parent["unit"]) == (part["building"], part["unit"])
    assert list(parent["sub_orders"]) == list(parent["open_sub_orders"]) == [added["sub_order"]]
    assert len(desk.of("WorkOrderSubmitted")) == 2, "the policy found it there"
    [shown] = desk.links(whole, li)["sub_orders"]
    assert (shown["number"], shown["visible"]) == ("R-2026-000002", False)
    assert desk.links(added["sub_order"])["part_of"]["number"] == "R-2026-000001"


def test_the_whole_is_finished_only_when_every_part_is(desk: Whole, whole: str) -> None:
    first, second = (desk.adds(whole)["sub_order"] for _ in range(2))
    desk.sends(first, CHEN)
    with pytest.raises(SubOrdersOpen) as found:
        desk.does(wang, c.Repair, whole, notes="done")
    assert "repair" not in (found.value.allowed or [])
    desk.does(chen, c.Repair, first, notes="done")
    with pytest.raises(SubOrdersOpen):
        desk.does(wang, c.Repair, whole, notes="done")
    desk.does(sun, c.Decline, second, reason="cannot", note="not needed after all")
    assert [one.data["left"] for one in desk.of("WorkOrderSubOrderFinished")] == [1, 0]
    desk.does(wang, c.Repair, whole, notes="done")
    assert desk.state(whole) == "repaired"
    with pytest.raises(AlreadyRepaired):
        desk.adds(whole)


def test_the_resident_accepts_and_rates_the_whole_alone(desk: Whole, whole: str) -> None:
    part = desk.adds(whole)["sub_order"]
    desk.sends(part, CHEN)
    desk.does(chen, c.Repair, part, notes="done")
    for nobody in (li, boss):
        with pytest.raises(NoAccepter):
            desk.does(nobody, c.Accept, part)
    desk.does(wang, c.Repair, whole, notes="done")
    desk.does(li, c.Accept, whole)
    accepted = {fact.subject: fact for fact in desk.of("WorkOrderAccepted")}
    assert accepted[whole].data["checked"] is False
    assert (accepted[part].data["checked"], accepted[part].data["charge_fen"]) == (True, 0)
    assert accepted[part].causation_id == accepted[whole].id
    desk.does(li, c.Rate, whole, stars=5)
    with pytest.raises(NotYourRole):
        desk.does(chen, c.Rate, part, stars=5)
    assert desk.state(part) == "accepted"


def test_who_did_a_part_does_not_judge_the_whole(desk: Whole) -> None:
    """Qian has the whole order checked, and did a part of it."""
    did = cast.finish_sub_order(cast.machine, sub_technician="li")
    history = (*HISTORIES["waiting"],)
    added = given(*history).when(cast.add_sub_order(cast.sun)).events
    finished = given(*history, *added).when(did).events
    done = (*history, *added, *finished, cast.repaired())
    given(*done).when(c.Accept(by=cast.li)).refused(OwnWork)


def test_parts_have_no_parts_and_are_merged_into_nothing(desk: Whole, whole: str) -> None:
    part = desk.adds(whole)["sub_order"]
    with pytest.raises(IsSubOrder):
        desk.adds(part)
    other = desk.report()
    for order, into in ((part, other), (other, part)):
        with pytest.raises(IsSubOrder):
            desk.ask("linking", "merge", o.Merge, sun, id=order, into=into)
    command = c.Merge(by=cast.sun, target=target(sub_order=True))
    given(*HISTORIES["waiting"]).when(command).refused(IsSubOrder)


@pytest.mark.parametrize("ending", ["cancel", "decline", "merge"])
def test_nothing_ends_over_the_heads_of_those_who_work_on_its_parts(
    desk: Whole, ending: str
) -> None:
    order = desk.report()
    part = desk.adds(order)["sub_order"]
    other = desk.report()

    def end() -> None:
        if ending == "merge":
            desk.ask("linking", "merge", o.Merge, sun, id=order, into=other)
        elif ending == "cancel":
            desk.does(li, c.Cancel, order)
        else:
            desk.does(sun, c.Decline, order, reason="cannot", note="no")

    with pytest.raises(SubOrdersOpen):
        end()
    desk.sends(part, CHEN)
    desk.does(chen, c.Repair, part, notes="done")
    end()
    assert desk.state(part) == "accepted", "it waits for nobody"


def test_parts_are_charged_with_the_whole() -> None:
    part = given().when(cast.submit_sub_order(cast.sun)).events
    given(*part).when(cast.put_quote(cast.sun)).refused(ChargedWithParent)


def test_a_part_that_was_added_and_not_submitted_is_submitted(desk: Whole, whole: str) -> None:
    """The process died between the two: the policy does what is left, in the words of the adder."""
    execute = desk.log.execute

    def dies(decider: Any, stream: str, command: Any, *args: Any, **more: Any) -> Any:
        if isinstance(command, c.SubmitSubOrder):
            raise KeyboardInterrupt
        return execute(decider, stream, command, *args, **more)

    desk.log.execute = dies  # type: ignore[method-assign]
    once = str(uuid4())
    with pytest.raises(KeyboardInterrupt):
        desk.adds(whole, command_id=once)
    desk.log.execute = execute  # type: ignore[method-assign]
    desk.settle()
    [part] = desk.order(whole)["sub_orders"]
    assert desk.order(part)["description"] == "改线"
    first = next(one for one in desk.of("WorkOrderSubmitted") if one.subject == part)
    assert first.data["author"] == sun.person
    again = desk.adds(whole, command_id=once)
    assert (again["sub_order"], again["sub_number"]) == (part, desk.order(part)["number"])
    assert len(desk.of("WorkOrderSubmitted")) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "noise"}, "category"),
        ({"kind": "praise"}, "kind"),
        ({"description": " "}, "description"),
        ({"priority": "soon"}, "priority"),
    ],
)
def test_bad_input_is_named_by_its_field(
    desk: Whole, whole: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        desk.adds(whole, **changes)
    assert list(found.value.fields) == [field]
    assert desk.of("WorkOrderSubOrderAdded") == []


def test_only_those_who_dispatch_add_parts(desk: Whole, whole: str) -> None:
    elsewhere = Caller("hill.dispatcher", (Post("dispatcher", "hill"),))
    for caller in (li, wang):
        with pytest.raises(NotYourRole):
            desk.adds(whole, caller)
    with pytest.raises(Exception, match="no such order"):
        desk.adds(whole, elsewhere)


def test_a_part_has_promises_of_its_own_but_nobody_is_asked_to_accept_it(
    desk: Whole, whole: str
) -> None:
    desk.promise(electrical=30, plumbing=60)
    rules = [
        {"target": "respond", "minutes": 30, "time": "calendar"},
        {"target": "accept", "minutes": 30, "time": "calendar"},
    ]
    desk.ask(
        "levels", "set_targets", promised.SetTargets, boss,
        community="garden", rules=rules, stopping=[],
    )  # fmt: skip
    part = desk.adds(whole)["sub_order"]
    desk.sends(part, CHEN)
    desk.does(chen, c.Repair, part, notes="done")
    desk.clock.set(NOON + timedelta(hours=5))
    found = desk.ask("levels", "sla", promised.Sla, boss, id=part)["targets"]
    assert [one["target"] for one in found] == ["respond", "arrive", "repair"]


def test_parts_are_nobodys_duplicates(desk: Whole, whole: str) -> None:
    desk.adds(whole, kind="repair", category="plumbing", description="漏水")
    found = desk.ask("triage", "duplicates", t.Duplicates, sun, id=whole)["duplicates"]
    assert found == []


def test_the_numbers_of_parts_are_the_events(desk: Whole, whole: str) -> None:
    added = desk.adds(whole)
    assert desk.log.load(ORDER, added["sub_order"])[0].number == added["sub_number"]
