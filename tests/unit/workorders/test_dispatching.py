"""Modes, pool, rounds and fairness of one community, through the service's own use cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.dispatching.domain import events as e
from services.workorders.dispatching.domain import rules as r
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.events import WorkOrderDispatched
from services.workorders.orders.domain.refusals import (
    AlreadyDispatched,
    NotCertified,
    NotYourOrder,
    NotYourRole,
)
from services.workorders.staff import schemas as s
from shared.errors import Forbidden, Invalid
from shared.testing.scenario import NOON, given
from tests.support.order_facts import (
    BUILDING,
    CHEN,
    MEI,
    UNIT,
    WANG,
    granted,
)
from tests.unit.workorders.desk import Desk, boss, chen, li, sun, wang

# -- rules ---------------------------------------------------------------------------------------


def test_each_change_of_the_rules_is_a_new_edition_and_the_same_again_is_none() -> None:
    mode = r.SetMode(
        by=boss, community="garden", kind="repair", category="lift", mode="grab",
        certificate_required=True,
    )  # fmt: skip
    event = e.DispatchModeSet(
        community="garden", kind="repair", category="lift", mode="grab",
        certificate_required=True, edition=1,
    )  # fmt: skip
    given(r.DISPATCH_RULES).when(mode).then(event)
    given(r.DISPATCH_RULES, event).when(mode).then()
    place = r.PlaceBuilding(by=boss, community="garden", building="b", x=1, y=2)
    assert given(r.DISPATCH_RULES, event).when(place).after().edition == 2


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("category", {"category": "noise"}),
        ("mode", {"mode": "lottery"}),
        ("kind", {"kind": "praise"}),
        ("certificate_required", {"category": "other", "certificate_required": True}),
    ],
    ids=["category", "mode", "kind", "certificate"],
)
def test_a_mode_that_makes_no_sense_is_invalid(field: str, changes: dict[str, Any]) -> None:
    good = {
        "by": boss, "community": "garden", "kind": "repair", "category": "lift",
        "mode": "grab", "certificate_required": False,
    }  # fmt: skip
    given(r.DISPATCH_RULES).when(r.SetMode(**{**good, **changes})).refused(Invalid, fields=[field])


def test_weights_that_are_all_nothing_are_invalid() -> None:
    nothing = e.Weights(skill=0, load=0, distance=0, urgency=0, fairness=0)
    given(r.DISPATCH_RULES).when(
        r.SetWeights(by=boss, community="garden", weights=nothing)
    ).refused(Invalid, fields=["weights"])


def test_only_the_manager_sets_the_rules(desk: Desk) -> None:
    with pytest.raises(r.NotTheManager):
        desk.ask(
            "rulebook", "set_mode", d.SetMode, sun,
            community="garden", kind="repair", category="lift", mode="grab",
        )  # fmt: skip


def test_every_category_has_a_mode_and_it_is_to_be_assigned_unless_set(desk: Desk) -> None:
    desk.mode("grab")
    found = desk.ask("rulebook", "modes", d.OfCommunity, wang, community="garden")
    modes = {(one["kind"], one["category"]): one["mode"] for one in found["modes"]}
    assert modes.pop(("repair", "plumbing")) == "grab"
    assert set(modes.values()) == {"assign"}
    assert len(modes) == 16


# -- rounds --------------------------------------------------------------------------------------


def test_a_round_dispatches_with_the_reason_in_the_event(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG, level=3)
    desk.skill(CHEN, level=1)
    desk.shift(WANG)
    desk.shift(CHEN)
    order = desk.report()
    found = desk.round()
    assert [(one["id"], one["technician"]) for one in found["dispatched"]] == [(order, WANG)]
    (sent,) = desk.of("WorkOrderDispatched")
    choice = sent.data["choice"]
    assert (choice["how"], choice["reason"], choice["edition"]) == ("automatic", "best", 1)
    assert [one["technician"] for one in choice["candidates"]] == [WANG, CHEN]
    assert choice["candidates"][0]["skill"] == 1000
    assert [one.data["dispatched"] for one in desk.of("DispatchRoundHeld")] == [[order]]


def test_what_rounds_decided_can_be_read_with_everybody_who_was_looked_at(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG)
    by_hand, order = desk.report("lift"), desk.report()
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=by_hand, technician=WANG)
    desk.round()
    found = desk.ask("dispatching", "decisions", d.Decisions, sun, community="garden")
    (one,) = found["decisions"]
    assert (one["id"], one["technician"], one["reason"]) == (order, WANG, "only_one")
    assert [each["technician"] for each in one["candidates"]] == [WANG]
    assert one["excluded"] == [{"technician": CHEN, "reason": "no_skill"}]
    for caller in (li, wang):
        with pytest.raises(Forbidden):
            desk.ask("dispatching", "decisions", d.Decisions, caller, community="garden")


def test_a_round_sends_nobody_beyond_capacity_however_often_it_is_held(desk: Desk) -> None:
    desk.mode("automatic")
    desk.ask(
        "rulebook", "set_weights", d.SetWeights, boss, community="garden",
        skill=1, load=1, distance=1, urgency=1, fairness=1, capacity=2,
    )  # fmt: skip
    desk.skill(WANG)
    desk.shift(WANG)
    for _ in range(5):
        desk.report()
    assert [len(desk.round()["dispatched"]) for _ in range(3)] == [2, 0, 0]
    assert desk.of("NobodyQualified") == [], "they are busy, not missing"


def test_only_automatic_categories_are_given_out(desk: Desk) -> None:
    desk.mode("automatic", "lift")
    desk.skill(WANG)
    desk.shift(WANG)
    desk.report("plumbing")
    assert desk.round()["waiting"] == 0


def test_the_dispatchers_hear_once_a_wait_that_nobody_is_qualified(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.certify(WANG, "2026-03-01")
    desk.shift(WANG)
    order = desk.report()
    assert [one["id"] for one in desk.round()["unqualified"]] == [order]
    assert desk.round()["unqualified"] == []
    (told,) = desk.of("NobodyQualified")
    assert told.data["reasons"] == {"no_skill": 1, "not_certified": 1}
    assert (told.data["order"], told.data["building"]) == (order, BUILDING)


def test_what_nobody_can_be_sent_to_does_not_keep_what_came_later_from_its_round(
    desk: Desk,
) -> None:
    for category in ("plumbing", "lift"):
        desk.mode("automatic", category)
    desk.skill(WANG, "lift")
    desk.shift(WANG)
    for category in ("plumbing", "plumbing", "lift"):
        order = desk.report(category)
        desk.clock.advance(timedelta(seconds=10))
    # as 500 are of 501
    desk.parts.applications["rounds"]._most = 2
    due = desk.due()
    first = desk.round()
    assert (first["waiting"], first["dispatched"], len(first["unqualified"])) == (2, [], 2)
    assert len(desk.due()) == len(due) + 1, "the next follows by itself"
    assert [one["id"] for one in desk.round()["dispatched"]] == [order]
    desk.clock.advance(timedelta(seconds=10))
    assert [one.data["more"] for one in desk.of("DispatchRoundHeld")] == [True, True]
    due = desk.due()
    assert (desk.round()["waiting"], desk.due()) == (2, due), "and there is an end to it"


def test_a_round_called_for_twice_with_one_id_is_held_once(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG)
    desk.report()
    same = str(uuid4())
    desk.round(command_id=same)
    desk.round(command_id=same)
    assert len(desk.of("WorkOrderDispatched")) == len(desk.of("DispatchRoundHeld")) == 1


def test_two_rounds_that_looked_at_the_same_time_do_not_both_count() -> None:
    held = e.DispatchRoundHeld(
        community="garden", round=1, edition=0, waiting=1, dispatched=("o",), unqualified=()
    )
    late = r.HoldRound(community="garden", after=0, waiting=1, dispatched=("p",), unqualified=())
    given(r.DISPATCH_RULES, held).when(late).refused(r.RoundOverlaps)


def test_a_round_that_another_overtook_looks_again_at_who_is_free(desk: Desk) -> None:
    desk.mode("automatic")
    desk.ask(
        "rulebook",
        "set_weights",
        d.SetWeights,
        boss,
        community="garden",
        **{"skill": 1, "load": 1, "distance": 1, "urgency": 1, "fairness": 1, "capacity": 1},
    )
    desk.mode("automatic", "lift")
    for skill in ("plumbing", "lift"):
        desk.skill(WANG, skill)
    desk.shift(WANG)
    desk.report()
    rounds = desk.parts.applications["rounds"]
    solve = rounds._solve

    def overtaken(costs: Any) -> Any:
        """While this round thinks, another gives wang something more urgent."""
        rounds._solve = solve
        desk.clock.advance(timedelta(hours=1))
        lift = desk.report("lift")
        desk.clock.advance(timedelta(hours=1))
        assert [one["id"] for one in desk.round()["dispatched"]] == [lift]
        return solve(costs)

    rounds._solve = overtaken
    assert desk.round()["dispatched"] == []
    assert len(desk.of("WorkOrderDispatched")) == 1, "wang can hold one"


def test_the_one_hand_that_is_free_goes_to_what_is_promised_sooner(desk: Desk) -> None:
    """An older order with a day's promise, a newer one with an hour's: both are normal."""
    desk.promise(heating=24 * 60, plumbing=60)
    for category in ("heating", "plumbing"):
        desk.mode("automatic", category)
        desk.skill(WANG, category)
    desk.ask(
        "rulebook", "set_weights", d.SetWeights, boss, community="garden",
        skill=1, load=1, distance=1, urgency=1, fairness=1, capacity=1,
    )  # fmt: skip
    older = desk.report("heating")
    desk.clock.advance(timedelta(hours=6))
    newer = desk.report("plumbing")
    desk.clock.advance(timedelta(minutes=30))
    desk.shift(WANG)
    shown = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=newer)["candidates"]
    assert shown[0]["urgency"] == 200 + 800 // 2
    assert [one["id"] for one in desk.round()["dispatched"]] == [newer]
    (sent,) = desk.of("WorkOrderDispatched")
    assert sent.data["choice"]["candidates"] == shown, "the reason is kept as it was shown"
    left = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=older)["excluded"]
    assert {"technician": WANG, "reason": "full"} in left


def test_a_priority_that_is_set_makes_a_promised_order_more_urgent(desk: Desk) -> None:
    desk.skill(WANG)
    desk.shift(WANG)
    unpromised = desk.report()
    desk.clock.advance(timedelta(seconds=1))
    desk.promise(plumbing=60)
    promised = desk.report()

    def urgency(order: str) -> int:
        desk.does(sun, c.Prioritise, order, priority="urgent")
        found = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=order)
        return int(found["candidates"][0]["urgency"])

    assert (urgency(unpromised), urgency(promised)) == (0, 600)


def test_a_round_is_not_for_technicians_and_residents(desk: Desk) -> None:
    for caller in (wang, li):
        with pytest.raises(Forbidden):
            desk.round(caller)


def test_a_round_is_due_when_work_comes_and_when_a_shift_begins(desk: Desk) -> None:
    desk.report()
    desk.shift(WANG, NOON + timedelta(days=1))
    assert desk.due() == [], "nothing here is automatic"
    desk.mode("automatic")
    assert desk.due() == ["2026-03-02T12:00:02.000000Z", "2026-03-03T12:00:02.000000Z"]
    desk.clock.advance(timedelta(seconds=10))
    desk.report()
    desk.clock.advance(timedelta(seconds=1))
    desk.report()
    assert len(desk.due()) == 3, "what comes together is given out together"
    starts = datetime(2026, 3, 5, 0, 0, 0, tzinfo=UTC)
    desk.shift(WANG, starts)
    assert desk.due()[-1] == "2026-03-05T00:00:02.000000Z"


def test_a_round_is_due_when_leave_ends_and_when_a_certificate_begins_or_is_taken_off(
    desk: Desk,
) -> None:
    desk.mode("automatic")

    def new() -> list[str]:
        """The rounds that are due since this was asked last."""
        found = [one for one in desk.due() if one not in known]
        known.extend(found)
        desk.clock.advance(timedelta(seconds=10))
        return found

    known: list[str] = []
    new()
    starts, ends = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    leave = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **leave)
    assert new() == ["2026-03-02T15:00:02.000000Z"]
    made = desk.certify(WANG, "2026-12-31", since="2026-03-05")
    # at once, and as that day begins in the community
    assert new() == ["2026-03-02T12:00:22.000000Z", "2026-03-04T16:00:02.000000Z"]
    gone = {"person": WANG, "certificate": made}
    desk.ask("staff", "withdraw_certificate", s.WithdrawCertificate, boss, **gone)
    assert new() == ["2026-03-02T12:00:32.000000Z"]


def test_a_round_is_due_when_somebody_becomes_a_technician_and_when_their_shifts_begin(
    desk: Desk,
) -> None:
    desk.mode("automatic")
    desk.told("security", granted(MEI, "dispatcher"))
    desk.skill(MEI)
    desk.shift(MEI, NOON + timedelta(hours=1))
    starts, ends = NOON + timedelta(hours=2), NOON + timedelta(hours=3)
    leave = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=MEI, **leave)
    before = desk.due()
    posted = granted(MEI, "technician")
    desk.told("security", msgspec.structs.replace(posted, time=NOON + timedelta(minutes=30)))
    assert [one for one in desk.due() if one not in before] == [
        "2026-03-02T12:30:02.000000Z",
        "2026-03-02T13:00:02.000000Z",
        "2026-03-02T15:00:02.000000Z",
    ]


def test_other_posts_and_posts_elsewhere_call_for_no_round(desk: Desk) -> None:
    desk.mode("automatic")
    before = desk.due()
    later = NOON + timedelta(minutes=30)
    for one in (granted(MEI, "dispatcher"), granted(MEI, "technician", "hill")):
        desk.told("security", msgspec.structs.replace(one, time=later))
    assert desk.due() == before
    everywhere = granted(MEI, "technician", "*")
    desk.told("security", msgspec.structs.replace(everywhere, time=later))
    assert desk.due() == [*before, "2026-03-02T12:30:02.000000Z"]


def test_a_dispatch_of_before_there_were_reasons_is_read_as_it_was() -> None:
    old = {
        "number": "R-2026-000123", "kind": "repair", "category": "plumbing", "building": None,
        "unit": None, "reporter": "garden.a", "accepter": "garden.a", "technician": "garden.b",
    }  # fmt: skip
    assert msgspec.convert(old, WorkOrderDispatched).choice is None


# -- the pool ------------------------------------------------------------------------------------


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


def test_a_category_that_takes_a_certificate_is_for_those_who_have_one(desk: Desk) -> None:
    desk.mode("assign", certificate_required=True)
    order = desk.report()
    with pytest.raises(NotCertified):
        desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=CHEN)


# -- explanations --------------------------------------------------------------------------------


def test_a_dispatcher_sees_who_could_be_sent_and_why_not_the_others(desk: Desk) -> None:
    desk.skill(WANG)
    desk.shift(WANG)
    desk.shift(CHEN)
    order = desk.report()
    found = desk.ask("dispatching", "candidates", d.OfOrder, sun, id=order)
    assert [one["technician"] for one in found["candidates"]] == [WANG]
    assert found["excluded"] == [{"technician": CHEN, "reason": "no_skill"}]
    assert found["mode"] == "assign"
    with pytest.raises(Forbidden):
        desk.ask("dispatching", "candidates", d.OfOrder, li, id=order)


def test_fairness_counts_what_everybody_got_in_thirty_days(desk: Desk) -> None:
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=desk.report(), technician=WANG)
    desk.clock.advance(timedelta(days=31))
    for technician in (WANG, WANG, WANG, CHEN):
        desk.ask("orders", "dispatch", o.Dispatch, sun, id=desk.report(), technician=technician)
    found = desk.ask("dispatching", "fairness", d.OfCommunity, boss, community="garden")
    assert found["technicians"] == [
        {"technician": WANG, "given": 3},
        {"technician": CHEN, "given": 1},
    ]
    assert found["gini"] == 0.25
