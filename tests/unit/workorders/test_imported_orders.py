"""Imported history: nobody here accepts or is reminded of it; what was open goes on."""

from __future__ import annotations

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import refusals as r
from shared.identity.caller import Caller, Post
from tests.unit.workorders.cast import (
    COMMUNITY,
    fold,
    given,
    imported,
    li,
    machine,
    qian,
    sun,
    wang,
)


@pytest.mark.parametrize("by", [li, wang, sun, qian], ids=lambda by: by.person)
def test_imported_history_is_never_accepted_rejected_or_rated(by: Caller) -> None:
    whoever = msgspec.structs.replace(by, posts=(*by.posts, Post("resident", COMMUNITY)))
    for command in (
        c.Accept(by=whoever),
        c.Reject(by=whoever, reason="x"),
        c.Rate(by=whoever, stars=5),
        c.Reopen(by=whoever, reason="x"),
    ):
        given(imported()).when(command).refused(r.NoAccepter, allowed=[])


def test_nobody_is_reminded_of_imported_history() -> None:
    given(imported()).when(c.Remind(by=machine)).refused(r.NoAccepter, allowed=[])


def test_imported_open_orders_go_on_here() -> None:
    state = fold(imported(state="submitted", closed_at=None))
    assert (state.state, state.technician, state.accepter) == ("submitted", None, None)
    send = c.Dispatch(by=sun, technician="wang", technician_here=True)
    event = given(imported(state="submitted")).when(send).events[0]
    assert (event.number, event.technician) == ("R-2016-000001", "wang")
