"""The given/when/then helper, on a decider of three lines: a lamp."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from shared.errors import Conflict, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.testing.scenario import NOON, at, fold, given


class Switched(msgspec.Struct, frozen=True):
    on: bool


class Lamp(msgspec.Struct, frozen=True):
    on: bool = False
    since: str = ""


class AlreadyOn(Refused):
    pass


def _decide(command: str, state: Lamp, meta: Meta) -> Sequence[Switched]:
    if command == "on" and state.on:
        raise AlreadyOn("it is on", allowed=["off"], fields={"lamp": ["is on"]})
    return [Switched(command == "on")]


def _evolve(_: Lamp, event: Switched, meta: Meta) -> Lamp:
    return Lamp(event.on, f"{meta.time:%H:%M} {meta.actor}")


LAMP = Decider("lamp", Lamp, _decide, _evolve)


def test_events_that_come_out_are_compared_and_folded() -> None:
    assert given(LAMP).when("on", actor="li").then(Switched(True)) == Lamp(True, "12:00 li")


def test_the_command_comes_at_the_time_of_the_last_event_or_as_said() -> None:
    past = at(NOON + timedelta(hours=1), Switched(True), actor="mei")
    assert fold(LAMP, past) == Lamp(True, "13:00 mei")
    assert given(LAMP, past).when("off").after().since == "13:00 someone"
    later = given(LAMP, past).when("off", at=NOON + timedelta(hours=2))
    assert later.after().since == "14:00 someone"


def test_other_events_fail_with_a_readable_difference() -> None:
    with pytest.raises(AssertionError) as failure:
        given(LAMP).when("on").then(Switched(False))
    assert "-    on = False" in str(failure.value)
    assert "+    on = True" in str(failure.value)
    with pytest.raises(AssertionError):
        given(LAMP).when("on").then()


def test_refusals_are_compared_by_class_allowed_and_fields() -> None:
    refused = given(LAMP, Switched(True)).when("on")
    refused.refused(AlreadyOn, allowed=["off"], fields=["lamp"])
    with pytest.raises(AssertionError, match="expected Conflict"):
        refused.refused(Conflict)
    with pytest.raises(AssertionError, match="expected Refused"):
        refused.refused(Refused)
    with pytest.raises(AssertionError, match="expected allowed"):
        refused.refused(AlreadyOn, allowed=["on"])
    with pytest.raises(AssertionError, match="expected faults"):
        refused.refused(AlreadyOn, fields=[])
    with pytest.raises(AssertionError, match="it was refused: AlreadyOn"):
        refused.then(Switched(True))
    with pytest.raises(AssertionError, match="it was refused"):
        refused.after()
    with pytest.raises(AssertionError, match="these came out"):
        given(LAMP).when("on").refused(AlreadyOn)


def test_a_state_that_its_json_does_not_keep_fails() -> None:
    class Loose(msgspec.Struct, frozen=True):
        value: Any = None

    loose = Decider("loose", Loose, lambda *_: [Switched(True)], lambda *_: Loose((1, 2)))
    with pytest.raises(AssertionError, match="loses something"):
        given(loose).when("on").then(Switched(True))
