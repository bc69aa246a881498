"""Who reports what, for whom, where, and how urgent it is."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from shared.errors import Invalid
from shared.identity.caller import Caller, Post
from tests.unit.workorders.cast import (
    BUILDING,
    COMMUNITY,
    HISTORIES,
    boss,
    chair,
    dispatched,
    fold,
    given,
    guard,
    keys,
    li,
    machine,
    mei,
    qian,
    submit,
    submitted,
    sun,
    wang,
)

# -- priority ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [mei, guard, wang])
def test_how_urgent_it_is_is_not_for_everybody_to_say(by: Caller) -> None:
    error = given().when(submit(by, reporter="mei", occupants=("li", "mei"), priority="urgent"))
    error.refused(r.MayNotPrioritise, fields=["priority"])


@pytest.mark.parametrize("by", [sun, machine])
def test_those_who_dispatch_and_services_submit_with_a_priority(by: Caller) -> None:
    order = submit(by, reporter="mei", priority="urgent")
    state = given().when(order).after()
    assert state.priority == "urgent"


def test_a_new_priority_leaves_everything_else_as_it_was() -> None:
    event = e.WorkOrderPrioritised(**keys(), priority="high", from_priority="normal")
    before = fold(*HISTORIES["paused"])
    after = given(*HISTORIES["paused"]).when(c.Prioritise(by=sun, priority="high")).then(event)
    assert after == msgspec.structs.replace(before, priority="high")


def test_the_priority_an_order_has_is_no_new_one() -> None:
    given(submitted()).when(c.Prioritise(by=sun, priority="normal")).refused(r.SamePriority)


def test_a_priority_that_does_not_exist_is_refused() -> None:
    given(submitted()).when(c.Prioritise(by=sun, priority="asap")).refused(
        Invalid, fields=["priority"]
    )


def test_an_event_from_before_there_were_priorities_is_of_normal_priority() -> None:
    old = msgspec.to_builtins(submitted())
    del old["priority"]
    assert msgspec.convert(old, e.WorkOrderSubmitted).priority == "normal"


# -- submit --------------------------------------------------------------------------------------


def test_a_resident_reports_for_a_fellow_occupant() -> None:
    given().when(submit(mei)).then(submitted())


def test_a_resident_reports_for_themselves() -> None:
    mine = submit(li, reporter=None)
    given().when(mine).then(submitted(reporter="li", author="li"))


def test_who_reports_for_another_is_the_reporter_said_or_not() -> None:
    given().when(submit(mei, reporter=None)).then(submitted())


def test_a_committee_member_reports_as_a_resident_does() -> None:
    order = submit(chair, accepter="chair", occupants=("chair",))
    given().when(order).then(submitted(reporter="chair", accepter="chair", author="chair"))


@pytest.mark.parametrize(
    "changes",
    [
        {"occupants": ("li",)},
        {"reporter": "li"},
        {"accepter": "zhao"},
        {"accepter_kind": "staff"},
    ],
    ids=["lives elsewhere", "in another's name", "for a stranger", "for a checker"],
)
def test_a_resident_reports_for_their_own_household_alone(changes: dict[str, Any]) -> None:
    given().when(submit(mei, **changes)).refused(r.NotYourOrder)


@pytest.mark.parametrize("by", [sun, qian, boss, guard, wang, machine], ids=lambda by: by.person)
def test_staff_and_services_take_an_order_on_behalf(by: Caller) -> None:
    order = submit(by, reporter="mei", channel="phone")
    given().when(order).then(submitted(channel="phone", taken_by=by.person))


def test_an_order_taken_with_no_reporter_is_the_accepters_own() -> None:
    order = submit(sun, reporter=None, channel="counter")
    expected = submitted(reporter="li", author="li", taken_by="sun", channel="counter")
    given().when(order).then(expected)


def test_an_alarm_has_no_resident_but_a_named_checker() -> None:
    order = submit(
        machine,
        **{"reporter": None, "accepter": "guard", "accepter_kind": "staff", "occupants": ()},
        channel="alarm",
    )
    expected = submitted(
        **{"reporter": None, "accepter": "guard", "accepter_kind": "staff", "channel": "alarm"},
        taken_by="service:workorders",
        author="service:workorders",
    )
    given().when(order).then(expected)


def test_nobody_accepts_for_a_place_they_do_not_live_at() -> None:
    given().when(submit(sun, accepter="zhao")).refused(Invalid, fields=["accepter"])


def test_words_are_kept_byte_for_byte() -> None:
    words = "  e\u0301 é 漏水 🚰 \u202eאבג\u202c\n"
    event = given().when(submit(description=words)).events[0]
    assert event.description == words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "praise"),
        ("channel", "pigeon"),
        ("channel", "import"),
        ("category", " "),
        ("description", "\u3000\n"),
        ("accepter_kind", "robot"),
        ("accepter", ""),
    ],
)
def test_submit_refuses_bad_values(field: str, value: str) -> None:
    given().when(submit(sun, **{field: value})).refused(Invalid, fields=[field])


# -- roles at places -----------------------------------------------------------------------------


def test_a_post_for_other_buildings_does_not_count_here() -> None:
    here = Caller("sun", (Post("dispatcher", COMMUNITY, (BUILDING,)),))
    there = Caller("sun", (Post("dispatcher", COMMUNITY, ("b2",)),))
    send = c.Dispatch(by=here, technician="wang", technician_here=True)
    given(submitted()).when(send).then(dispatched)
    given(submitted()).when(msgspec.structs.replace(send, by=there)).refused(
        r.NotYourRole, allowed=[]
    )
    given().when(submit(here, reporter="mei")).then(submitted(taken_by="sun"))
    given().when(submit(there, reporter="mei")).refused(r.NotYourRole)
