"""Declined with a reason, appealed against, or cancelled."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain import refusals as r
from shared.errors import Invalid
from shared.identity.caller import Caller
from tests.unit.workorders.cast import (
    HISTORIES,
    ID,
    OTHER_ID,
    declined,
    fold,
    given,
    keys,
    li,
    mei,
    submitted,
    sun,
    zhao,
)


@pytest.mark.parametrize("reason", ["not_ours", "cannot"])
def test_an_order_is_declined_with_reason_and_note(reason: Any) -> None:
    command = c.Decline(by=sun, reason=reason, note="the water works do it")
    expected = declined(reason=reason, technician="wang")
    state = given(*HISTORIES["paused"]).when(command).then(expected)
    assert (state.activity, state.technician) == ("waiting", None)
    pointless = msgspec.structs.replace(command, duplicate_of=OTHER_ID)
    given(submitted()).when(pointless).refused(Invalid, fields=["duplicate_of"])
    unknown = msgspec.structs.replace(command, reason="tired")
    given(submitted()).when(unknown).refused(Invalid, fields=["reason"])


def test_a_duplicate_names_the_other_order() -> None:
    command = c.Decline(by=sun, reason="duplicate", note="see there", duplicate_of=OTHER_ID)
    expected = declined(reason="duplicate", note="see there", duplicate_of=OTHER_ID)
    given(submitted()).when(command).then(expected)
    for wrong in (None, "", ID):
        bad = msgspec.structs.replace(command, duplicate_of=wrong)
        given(submitted()).when(bad).refused(Invalid, fields=["duplicate_of"])


@pytest.mark.parametrize("by", [li, mei], ids=lambda by: by.person)
def test_who_reported_or_accepts_appeals_once_for_every_decline(by: Caller) -> None:
    appeal = c.Appeal(by=by, text="inside the wall")
    appealed = e.WorkOrderAppealed(**keys(technician=None), text="inside the wall")
    given(submitted(), declined()).when(appeal).then(appealed)
    given(submitted(), declined(), appealed).when(appeal).refused(r.NotDeclined)
    given(submitted(), declined(), appealed, declined()).when(appeal).then(appealed)
    given(submitted(), declined()).when(c.Appeal(by=zhao, text="x")).refused(r.NotYourOrder)


def test_a_cancelled_order_names_the_technician_it_was_taken_from() -> None:
    event = given(*HISTORIES["waiting"]).when(c.Cancel(by=mei)).events[0]
    assert event == e.WorkOrderCancelled(**keys())
    assert fold(*HISTORIES["waiting"], event).technician is None
