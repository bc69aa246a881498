"""Follow-ups: what is due by a community's rules, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workorders.follow_ups import schemas as s
from services.workorders.follow_ups.domain import follow_up as f
from services.workorders.follow_ups.domain import rules as r
from services.workorders.follow_ups.domain.events import FollowUpRules
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import NoSuchOrder, OwnWork, WindowClosed
from shared.errors import Conflict, Forbidden, Invalid
from shared.identity.caller import Caller, Post
from tests.support.order_facts import LI, WANG
from tests.unit.workorders.desk import Desk, boss, chen, li, mei, stranger, sun, wang

EVERYTHING = {"low_stars": 2, "checked": True, "percent": 100}
HOUR = timedelta(hours=1)


def rules(desk: Desk, by: Caller = boss, **changes: Any) -> Any:
    asked = {"low_stars": 0, "checked": False, "percent": 0, "within_hours": 24, **changes}
    return desk.ask("follow_ups", "set_rules", s.SetFollowUpRules, by, community="garden", **asked)


def settled(desk: Desk, stars: int | None = None) -> str:
    order = desk.report()
    desk.does(sun, c.Dispatch, order, technician=WANG, technician_here=True)
    desk.does(wang, c.Repair, order, notes="new washer")
    desk.does(li, c.Accept, order)
    if stars is not None:
        desk.does(li, c.Rate, order, stars=stars)
    return order


def due(desk: Desk, by: Caller = sun, **more: Any) -> list[Any]:
    found: list[Any] = desk.ask("follow_ups", "listed", s.FollowUps, by, **more)["follow_ups"]
    return found


def record(desk: Desk, order: str, by: Caller = sun, **more: Any) -> Any:
    asked = {"outcome": "reached", "satisfied": True, **more}
    return desk.ask("follow_ups", "record", s.RecordFollowUp, by, id=order, **asked)


# -- what is due ---------------------------------------------------------------------------------


def test_without_rules_nothing_is_followed_up(desk: Desk) -> None:
    settled(desk, stars=1)
    assert due(desk) == []


def test_every_low_rating_is_followed_up(desk: Desk) -> None:
    rules(desk, low_stars=2)
    settled(desk, stars=3)
    low = settled(desk, stars=2)
    [one] = due(desk)
    assert (one["id"], one["reason"], one["stars"]) == (low, "low_rating", 2)
    assert one["due_at"] == "2026-03-03T12:00:00Z"
    assert (one["technician"], one["accepter"], one["overdue"]) == (WANG, LI, False)
    desk.clock.advance(25 * HOUR)
    assert [one["overdue"] for one in due(desk)] == [True]


def test_what_staff_checked_is_followed_up(desk: Desk) -> None:
    rules(desk, checked=True)
    settled(desk)
    order = desk.report()
    desk.does(sun, c.Dispatch, order, technician=WANG, technician_here=True)
    desk.does(wang, c.Repair, order, notes="done")
    machine = Caller("service:workorders", (Post("service", "*"),))
    desk.does(machine, c.Remind, order)
    desk.does(machine, c.RequestCheck, order)
    desk.does(boss, c.Accept, order)
    [one] = due(desk)
    assert (one["id"], one["reason"]) == (order, "checked")


def test_a_low_rating_is_a_better_reason_than_the_lot_and_the_same_follow_up(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    assert [one["reason"] for one in due(desk)] == ["sampled"]
    record(desk, order, outcome="not_reached", satisfied=None)
    desk.does(li, c.Rate, order, stars=1)
    [one] = due(desk)
    assert (one["id"], one["reason"], one["attempts"]) == (order, "low_rating", 1)


def test_opened_again_before_anybody_asked_it_is_due_no_more(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    desk.does(li, c.Reopen, order, reason="drips")
    assert due(desk) == []
    desk.does(wang, c.Repair, order, notes="again")
    desk.does(li, c.Accept, order)
    assert [one["id"] for one in due(desk)] == [order]
    [dropped, open_] = desk.ask("follow_ups", "of_order", s.OfOrder, sun, id=order)["follow_ups"]
    assert (dropped["dropped"], open_["open"]) == (True, True)


@given(st.lists(st.uuids(version=4), min_size=1, max_size=100), st.integers(0, 100))
def test_a_larger_share_draws_the_same_ones_and_more(events: list[UUID], percent: int) -> None:
    def drawn(share: int) -> set[UUID]:
        rules = FollowUpRules(percent=share)
        return {one for one in events if r.on_acceptance(rules, str(one), checked=False)}

    assert drawn(0) == set()
    assert drawn(100) == set(events)
    assert drawn(percent // 2) <= drawn(percent)


def test_about_as_many_are_drawn_as_asked_for() -> None:
    events = [str(uuid4()) for _ in range(4000)]
    drawn = sum(
        r.on_acceptance(FollowUpRules(percent=25), one, checked=False) == "sampled"
        for one in events
    )
    assert 850 < drawn < 1150


# -- what comes of it ----------------------------------------------------------------------------


def test_who_is_reached_and_satisfied_is_not_asked_again(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    answer = record(desk, order, notes="all is well")
    assert (answer["open"], answer["attempts"]) == (False, 1)
    assert due(desk) == []
    [made] = due(desk, open=False)
    assert (made["outcome"], made["satisfied"], made["recorded_by"]) == (
        "reached",
        True,
        sun.person,
    )
    told = desk.ask("follow_ups", "of_order", s.OfOrder, sun, id=order)
    assert [one["notes"] for one in told["follow_ups"][0]["tries"]] == ["all is well"]
    with pytest.raises(f.NoFollowUpDue):
        record(desk, order)


def test_nobody_is_called_a_fourth_time(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    tries = [record(desk, order, outcome="not_reached", satisfied=None) for _ in range(3)]
    assert [one["open"] for one in tries] == [True, True, False]
    with pytest.raises(f.NoFollowUpDue):
        record(desk, order, outcome="not_reached", satisfied=None)


def test_what_is_not_well_is_opened_again_in_the_same_moment(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    asked = {"satisfied": False, "notes": "drips again", "reopen": True}
    once = str(uuid4())
    first = record(desk, order, **asked, command_id=once)
    again = record(desk, order, **asked, command_id=once)
    assert (first["version"], first["open"]) == (again["version"], False)
    [reopened] = desk.of("WorkOrderReopened")
    assert (reopened.actor, reopened.data["reason"]) == (sun.person, "drips again")
    assert len(desk.of("FollowUpRecorded")) == 1
    assert desk.of("FollowUpDropped") == []
    with pytest.raises(Conflict):
        record(desk, order, satisfied=False, notes="other", command_id=once)


def test_after_the_window_nothing_is_opened_and_nothing_written(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    desk.clock.advance(73 * HOUR)
    head = desk.log.head()
    with pytest.raises(WindowClosed):
        record(desk, order, satisfied=False, notes="drips", reopen=True)
    assert desk.log.head() == head
    assert record(desk, order, satisfied=False, notes="drips")["open"] is False
    assert desk.of("WorkOrderReopened") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"outcome": "reached", "satisfied": None}, "satisfied"),
        ({"outcome": "not_reached", "satisfied": True}, "satisfied"),
        ({"satisfied": False}, "notes"),
        ({"satisfied": False, "notes": "  "}, "notes"),
        ({"satisfied": True, "reopen": True}, "reopen"),
        ({"outcome": "not_reached", "satisfied": None, "reopen": True}, "reopen"),
        ({"outcome": "maybe"}, "outcome"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    desk: Desk, asked: dict[str, Any], field: str
) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    head = desk.log.head()
    with pytest.raises(Invalid) as found:
        record(desk, order, **asked)
    assert list(found.value.fields) == [field]
    assert desk.log.head() == head


# -- who may -------------------------------------------------------------------------------------


def test_who_did_the_work_does_not_ask_about_it(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    both = Caller(WANG, (Post("technician", "garden"), Post("dispatcher", "garden")))
    with pytest.raises(OwnWork):
        record(desk, order, both)
    assert not desk.ask("follow_ups", "of_order", s.OfOrder, both, id=order)["may_record"]


def test_only_those_who_look_after_the_order_record_and_read(desk: Desk) -> None:
    rules(desk, **EVERYTHING)
    order = settled(desk)
    for by in (li, mei, wang, chen):
        with pytest.raises(Forbidden):
            record(desk, order, by)
        with pytest.raises(Forbidden):
            desk.ask("follow_ups", "of_order", s.OfOrder, by, id=order)
        with pytest.raises(Forbidden):
            due(desk, by)
    with pytest.raises(NoSuchOrder):
        record(desk, order, stranger)
    elsewhere = Caller("hill.sun", (Post("dispatcher", "hill"),))
    assert due(desk, elsewhere) == []
    with pytest.raises(NoSuchOrder):
        record(desk, order, elsewhere)


@pytest.mark.parametrize("by", [sun, li, wang], ids=["dispatcher", "resident", "technician"])
def test_only_a_manager_sets_the_rules(desk: Desk, by: Caller) -> None:
    with pytest.raises(Forbidden):
        rules(desk, by, percent=5)


def test_the_same_rules_again_are_no_new_edition(desk: Desk) -> None:
    assert rules(desk, percent=5)["edition"] == 1
    assert rules(desk, percent=5)["edition"] == 1
    assert rules(desk, percent=6)["edition"] == 2
    told = desk.ask("follow_ups", "rules", s.OfCommunity, sun, community="garden")
    assert (told["percent"], told["edition"]) == (6, 2)


@pytest.mark.parametrize(
    "wrong", [{"percent": 101}, {"percent": -1}, {"low_stars": 6}, {"within_hours": 0}]
)
def test_rules_that_cannot_be_are_refused(desk: Desk, wrong: dict[str, int]) -> None:
    with pytest.raises(Invalid) as found:
        rules(desk, **wrong)
    assert list(found.value.fields) == list(wrong)
