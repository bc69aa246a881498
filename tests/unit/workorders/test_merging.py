"""Orders merged into others and unmerged: the rules, and what follows in the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.workorders.definition import SERVICE
from services.workorders.followers.schemas import OnOrder
from services.workorders.orders import schemas as o
from services.workorders.orders.application import ORDER as _ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.refusals import (
    MergeCircle,
    MergeTargetClosed,
    NoSuchOrder,
    NotMerged,
    NotYourRole,
    OrderMerged,
)
from services.workorders.sla import schemas as promised
from services.workorders.triage import schemas as t
from shared.errors import Invalid
from shared.identity.caller import Caller
from shared.testing.scenario import NOON
from tests.support.order_facts import LI, WANG, community_registered, granted
from tests.unit.workorders import cast
from tests.unit.workorders.cast import HISTORIES, ID, OTHER_ID, given, keys, target
from tests.unit.workorders.desk import Desk, boss, li, machine, mei, placed, stranger, sun

MERGE = c.Merge(by=cast.sun, target=target())


# -- rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("situation", ["submitted", "waiting", "working", "paused"])
def test_unmerging_brings_it_back_to_just_where_it_was(situation: str) -> None:
    history = HISTORIES[situation]
    before = given(*history).when(MERGE)
    technician = None if situation == "submitted" else "wang"
    into = {"into": OTHER_ID, "into_number": "R-2026-000002"}
    merged = e.WorkOrderMerged(**keys(technician=technician), **into)
    before.then(merged)
    after = given(*history, merged).when(c.Unmerge(by=cast.sun)).after()
    assert after == cast.fold(*history)


def test_whoever_reported_it_may_object_and_it_is_looked_at_anew() -> None:
    appealed = given(*HISTORIES["merged"]).when(cast.command("appeal", cast.mei)).after()
    assert (appealed.state, appealed.technician, appealed.merged) == ("submitted", None, None)


def test_an_order_is_not_merged_into_itself() -> None:
    command = c.Merge(by=cast.sun, target=target(id=ID))
    given(*HISTORIES["waiting"]).when(command).refused(Invalid, fields=["into"])


def test_orders_are_not_merged_in_a_circle() -> None:
    command = c.Merge(by=cast.sun, target=target(state="declined", leads_to=(ID,)))
    given(*HISTORIES["waiting"]).when(command).refused(MergeCircle)


@pytest.mark.parametrize("state", ["repaired", "accepted", "rated", "cancelled", "declined"])
def test_an_order_is_merged_into_an_open_one_alone(state: str) -> None:
    command = c.Merge(by=cast.sun, target=target(state=state))
    given(*HISTORIES["waiting"]).when(command).refused(MergeTargetClosed)


# -- in the service --------------------------------------------------------------------------------


class Merging(Desk):
    def merges(self, order: str, into: str, caller: Caller = sun, **more: Any) -> Any:
        return self.ask("linking", "merge", o.Merge, caller, id=order, into=into, **more)

    def links(self, order: str, caller: Caller = sun) -> Any:
        return self.ask("linking", "links", o.Links, caller, id=order)

    def followed_by(self, order: str) -> set[str]:
        found: set[str] = set()
        for fact in self.facts():
            if fact.type in ("OrderFollowed", "OrderUnfollowed") and fact.data["order"] == order:
                change = found.add if fact.type == "OrderFollowed" else found.discard
                change(fact.data["person"])
        return found

    def order(self, order: str) -> Any:
        return self.ask("queries", "get", o.Get, sun, id=order)


@pytest.fixture
def desk() -> Iterator[Merging]:
    found = Merging(SERVICE)
    found.told("security", community_registered(), *placed(), granted(LI, "resident"))
    yield found
    found.close()


def test_the_merged_one_leaves_open_work_and_its_people_follow_the_other(desk: Merging) -> None:
    first, second = desk.report(), desk.report()
    answer = desk.merges(second, first)
    assert (answer["state"], answer["number"]) == ("declined", "R-2026-000002")
    assert desk.order(second)["merged_into"] == first
    assert desk.followed_by(first) == {LI}
    [row] = desk.ask("queries", "list", o.List, sun, state=["submitted"])["orders"]
    assert row["id"] == first
    duplicates = desk.ask("triage", "duplicates", t.Duplicates, sun, id=first)["duplicates"]
    assert duplicates == []
    desk.does(sun, c.Unmerge, second)
    assert desk.order(second)["state"] == "submitted"
    assert desk.followed_by(first) == set()


def test_both_orders_show_each_other_and_no_more_than_the_caller_may_see(desk: Merging) -> None:
    first, second = desk.report(), desk.report()
    desk.merges(second, first)
    assert desk.links(second)["merged_into"]["number"] == "R-2026-000001"
    [other] = desk.links(first, li)["merged"]
    assert (other["number"], other["visible"], other["technician"]) == ("R-2026-000002", True, None)
    for caller in (mei, stranger):
        with pytest.raises(NoSuchOrder):
            desk.links(first, caller)


def test_who_follows_the_merged_one_follows_the_other_and_on_and_on(desk: Merging) -> None:
    first, second, third = desk.report(), desk.report(), desk.report()
    desk.merges(third, second)
    desk.merges(second, first)
    assert desk.followed_by(first) == {LI}
    desk.does(sun, c.Unmerge, third)
    assert desk.followed_by(second) == set()


def test_a_merge_into_what_is_none_of_the_communitys_orders_is_refused(desk: Merging) -> None:
    order = desk.report()
    nowhere = "hill.00000000-0000-4000-8000-000000000001"
    for into in (nowhere, nowhere.replace("hill", "garden"), "garden"):
        with pytest.raises(Invalid) as found:
            desk.merges(order, into)
        assert list(found.value.fields) == ["into"]
    with pytest.raises(Invalid):
        desk.merges(order, order)
    with pytest.raises(NotYourRole):
        desk.merges(order, desk.report(), li)
    assert desk.of("WorkOrderMerged") == []


def test_a_merged_order_takes_no_other_command_but_those_that_bring_it_back(desk: Merging) -> None:
    first, second = desk.report(), desk.report()
    desk.merges(second, first)
    with pytest.raises(OrderMerged) as found:
        desk.does(li, c.Cancel, second)
    assert found.value.allowed == ["appeal"]
    assert desk.order(second)["allowed"] == ["unmerge"]
    with pytest.raises(MergeCircle):
        desk.merges(first, second)
    with pytest.raises(NotMerged):
        desk.does(sun, c.Unmerge, first)


def test_two_merged_into_each_other_at_once_are_not_lost_from_sight(desk: Merging) -> None:
    """Both were decided before either was written."""
    first, second = desk.report(), desk.report()
    known = {order: desk.log.load(_ORDER, order)[0] for order in (first, second)}
    linking = desk.parts.applications["linking"]
    linking._known = known.get
    desk.settle, settle = lambda: None, desk.settle  # type: ignore[method-assign]
    desk.merges(first, second)
    desk.merges(second, first)
    desk.settle = settle  # type: ignore[method-assign]
    desk.settle()
    desk.let_go()
    states = {desk.order(order)["state"] for order in (first, second)}
    assert "submitted" in states
    assert {fact.actor for fact in desk.of("WorkOrderUnmerged")} == {machine.person}


def test_while_it_is_merged_no_promise_runs_and_an_unmerge_makes_up_for_it(desk: Merging) -> None:
    """Nobody stops the clock by merging and unmerging."""
    desk.promise(plumbing=60)
    first, second = desk.report(), desk.report()

    def respond() -> Any:
        [run] = [
            one
            for one in desk.ask("levels", "sla", promised.Sla, boss, id=second)["targets"]
            if one["target"] == "respond"
        ]
        return run

    desk.clock.set(NOON + timedelta(minutes=30))
    desk.merges(second, first)
    desk.clock.set(NOON + timedelta(minutes=90))
    while_merged = respond()
    assert (while_merged["state"], while_merged["breached"]) == ("ended", False)
    assert while_merged["consumed_seconds"] == 30 * 60
    desk.does(sun, c.Unmerge, second)
    again = respond()
    assert (again["state"], again["breached"]) == ("running", True)
    assert again["consumed_seconds"] == 90 * 60


def test_a_technician_has_it_again_after_the_unmerge(desk: Merging) -> None:
    desk.skill(WANG)
    first, second = desk.report(), desk.report()
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=second, technician=WANG)
    desk.merges(second, first)
    assert desk.order(second)["technician"] is None
    desk.does(sun, c.Unmerge, second)
    order = desk.order(second)
    assert (order["state"], order["technician"]) == ("dispatched", WANG)
    [row] = desk.ask("queries", "list", o.List, sun, technician=WANG)["orders"]
    assert (row["id"], row["merged_into"]) == (second, None)


def test_whoever_followed_before_the_merge_follows_on_after_the_unmerge(desk: Merging) -> None:
    first, second = desk.report(), desk.report()
    desk.ask("following", "follow", OnOrder, li, id=first)
    desk.merges(second, first)
    desk.does(sun, c.Unmerge, second)
    assert desk.followed_by(first) == {LI}


def test_whoever_chooses_to_follow_while_it_is_merged_follows_on_too(desk: Merging) -> None:
    first, second = desk.report(), desk.report()
    desk.merges(second, first)
    desk.ask("following", "follow", OnOrder, li, id=first)
    desk.does(sun, c.Unmerge, second)
    assert desk.followed_by(first) == {LI}
    desk.ask("following", "unfollow", OnOrder, li, id=first)
    assert desk.followed_by(first) == set()


def test_whom_another_merged_order_concerns_follows_on(desk: Merging) -> None:
    first, second, third = desk.report(), desk.report(), desk.report()
    for order in (second, third):
        desk.merges(order, first)
    desk.does(sun, c.Unmerge, third)
    assert desk.followed_by(first) == {LI}
    desk.does(sun, c.Unmerge, second)
    assert desk.followed_by(first) == set()


def test_an_unmerge_far_down_the_way_ends_no_follow_of_what_is_still_merged(desk: Merging) -> None:
    first, second, third = desk.report(), desk.report(), desk.report()
    desk.merges(third, second)
    desk.merges(second, first)
    desk.does(sun, c.Unmerge, third)
    assert desk.followed_by(second) == set()
    assert desk.followed_by(first) == {LI}, "the second is theirs too, and merged into it"
