"""The finer rules of work under way: sent, paused, resumed, passed on, handed back."""

from __future__ import annotations

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from shared.errors import Invalid
from tests.unit.workorders.cast import (
    HISTORIES,
    chen,
    dispatched,
    given,
    keys,
    paused,
    person,
    started,
    submitted,
    sun,
    wang,
)


def test_only_a_technician_of_the_place_is_sent() -> None:
    send = c.Dispatch(by=sun, technician="li", technician_here=False)
    given(submitted()).when(send).refused(Invalid, fields=["technician"])
    pass_on = c.Transfer(by=sun, technician="li", technician_here=False)
    given(*HISTORIES["waiting"]).when(pass_on).refused(Invalid, fields=["technician"])


@pytest.mark.parametrize("reason", ["parts", "resident_absent", "supplier"])
def test_a_pause_has_a_reason(reason: str) -> None:
    expected = e.WorkOrderPaused(**keys(), reason=reason, note=None)  # type: ignore[arg-type]
    given(*HISTORIES["working"]).when(c.Pause(by=wang, reason=reason)).then(expected)


def test_another_reason_to_pause_is_written_down() -> None:
    unknown = c.Pause(by=wang, reason="lunch")
    given(*HISTORIES["working"]).when(unknown).refused(Invalid, fields=["reason"])
    bare = c.Pause(by=wang, reason="other")
    given(*HISTORIES["working"]).when(bare).refused(Invalid, fields=["note"])
    told = c.Pause(by=sun, reason="other", note="power cut")
    expected = e.WorkOrderPaused(**keys(), reason="other", note="power cut")
    given(*HISTORIES["working"]).when(told).then(expected)


def test_resuming_goes_on_with_what_was_interrupted() -> None:
    again = c.Resume(by=wang)
    from_working = given(submitted(), dispatched, started, paused).when(again)
    assert from_working.then(e.WorkOrderResumed(**keys(), activity="working")).activity == "working"
    from_waiting = given(submitted(), dispatched, paused).when(again)
    assert from_waiting.then(e.WorkOrderResumed(**keys(), activity="waiting")).activity == "waiting"


def test_a_technician_says_why_they_pass_an_order_on_and_a_dispatcher_need_not() -> None:
    silent = c.Transfer(by=wang, technician="chen", technician_here=True)
    given(*HISTORIES["working"]).when(silent).refused(Invalid, fields=["reason"])
    expected = e.WorkOrderTransferred(
        **keys(technician="chen"), from_technician="wang", reason=None
    )
    by_dispatcher = msgspec.structs.replace(silent, by=sun)
    given(*HISTORIES["working"]).when(by_dispatcher).then(expected)
    both = person("wang", "technician", "dispatcher")
    given(*HISTORIES["working"]).when(msgspec.structs.replace(silent, by=both)).then(expected)


def test_an_order_is_not_transferred_to_who_has_it() -> None:
    same = c.Transfer(by=sun, technician="wang", technician_here=True)
    given(*HISTORIES["working"]).when(same).refused(
        r.AlreadyAssigned,
        allowed=[
            "prioritise",
            "pause",
            "defer",
            "transfer",
            "decline",
            "add_sub_order",
            "merge",
            "quote",
        ],
    )


def test_after_a_transfer_the_order_is_the_new_technicians() -> None:
    moved = e.WorkOrderTransferred(**keys(technician="chen"), from_technician="wang", reason="x")
    given(submitted(), dispatched, moved).when(c.Start(by=wang)).refused(r.NotYourOrder, allowed=[])
    given(submitted(), dispatched, moved).when(c.Start(by=chen)).then(
        e.WorkOrderStarted(**keys(technician="chen"))
    )


def test_who_hands_back_is_named_and_no_longer_assigned() -> None:
    back = c.HandBack(by=wang, reason="needs an electrician")
    state = (
        given(*HISTORIES["paused"])
        .when(back)
        .then(e.WorkOrderHandedBack(**keys(), reason="needs an electrician"))
    )
    assert (state.state, state.activity, state.technician) == ("submitted", "waiting", None)
