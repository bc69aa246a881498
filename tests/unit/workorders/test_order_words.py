"""What people write: asked for where somebody waits for it, and not kept in an order's state."""

from __future__ import annotations

import msgspec
import pytest

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from shared.errors import Invalid
from tests.unit.workorders.cast import (
    HISTORIES,
    accepted,
    declined,
    dispatched,
    fold,
    given,
    keys,
    li,
    paused,
    rated,
    rejected,
    repaired,
    submitted,
    sun,
    wang,
)


@pytest.mark.parametrize(
    ("situation", "command", "field"),
    [
        ("working", c.HandBack(by=wang, reason=" "), "reason"),
        ("working", c.Repair(by=wang, notes=""), "notes"),
        ("repaired", c.Reject(by=li, reason=""), "reason"),
        ("accepted", c.Reopen(by=li, reason=""), "reason"),
        ("declined", c.Appeal(by=li, text=""), "text"),
        ("waiting", c.Decline(by=sun, reason="cannot", note=""), "note"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_words_that_somebody_waits_for_are_not_empty(
    situation: str, command: c.Command, field: str
) -> None:
    given(*HISTORIES[situation]).when(command).refused(Invalid, fields=[field])


def test_the_state_holds_nobodys_words() -> None:
    words = ["漏水", "washer", "drips", "comment here", "water works", "wall"]
    state = fold(
        submitted(),
        declined(),
        e.WorkOrderAppealed(**keys(technician=None), text="inside the wall"),
        dispatched,
        paused,
        repaired(),
        rejected,
        repaired(),
        accepted(),
        msgspec.structs.replace(rated, comment="comment here"),
    )
    kept = msgspec.json.encode(state).decode()
    assert not [word for word in words if word in kept]


def test_ten_thousand_events_leave_no_more_than_a_dozen() -> None:
    once = (repaired(charge_fen=1), rejected)
    few = fold(submitted(), dispatched, *once)
    many = fold(submitted(), dispatched, *once * 5_000)
    assert msgspec.structs.replace(many, charge_fen=1) == few
    assert many.charge_fen == 5_000
