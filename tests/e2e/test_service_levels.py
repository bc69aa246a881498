"""What a community promises, kept by the clock, and escalated by timers that fire by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Forbidden, Invalid
from tests.support.estate import Answer, Estate, Place, soon
from tests.support.happenings import WEEK, promise_a_minute


@pytest.fixture(scope="module")
def prompt(estate: Estate) -> Place:
    """A community that promises to send somebody within a minute, and tells after a second."""
    place = estate.found("prompt", roles=("manager", "dispatcher", "supervisor"))
    estate.settle()
    promise_a_minute(place)
    return place


def submit(place: Place, **more: Any) -> Answer:
    return place.person("resident").order(
        "submit",
        community=place.community,
        kind="repair",
        category="plumbing",
        unit=place.unit,
        description="漏水",
        **more,
    )


def told(place: Place, role: str, about: str) -> list[str]:
    inbox = place.person(role).call("notifications", "inbox")["notifications"]
    return [one["text"] for one in inbox if one["about"] == about and "%" in one["text"]]


def test_an_order_nobody_is_sent_to_goes_up_the_line_by_itself_and_once(prompt: Place) -> None:
    order = submit(prompt)["id"]
    soon("the supervisor is told", lambda: told(prompt, "supervisor", order))
    assert len(told(prompt, "supervisor", order)) == len(told(prompt, "dispatcher", order)) == 1
    found = prompt.person("dispatcher").order("sla", id=order)
    assert [(one["percent"], one["role"]) for one in found["escalations"]] == [
        (1, "dispatcher"),
        (2, "supervisor"),
    ]
    (respond,) = [one for one in found["targets"] if one["target"] == "respond"]
    assert (respond["state"], respond["minutes"]) == ("running", 1)
    assert respond["intervals"][0]["why"] == "running"


def test_the_resident_sees_by_when_and_not_who_was_told(prompt: Place) -> None:
    order = submit(prompt)["id"]
    found = prompt.person("resident").order("sla", id=order)
    assert found["targets"][0]["due"] is not None and found["escalations"] == []


def test_residents_promise_nothing_and_say_nothing_of_urgency(prompt: Place) -> None:
    resident = prompt.person("resident")
    request = {"community": prompt.community, "week": WEEK}
    resident.refused(Forbidden, "workorders", "set_calendar", **request)
    with pytest.raises(Forbidden) as error:
        submit(prompt, priority="urgent")
    assert list(error.value.fields) == ["priority"]


def test_a_calendar_without_a_working_hour_is_refused_over_the_wire(prompt: Place) -> None:
    error = prompt.person("manager").refused(
        Invalid, "workorders", "set_calendar", community=prompt.community, week={"mon": []}
    )
    assert (error.reason, list(error.fields)) == ("no_working_time", ["week"])
