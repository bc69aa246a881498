"""What the staff's pages ask, of the services themselves: on the stack and embedded alike."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Forbidden
from tests.support.estate import Estate, soon
from tests.support.lifecycle import Walk


def test_an_order_moves_over_the_board_and_into_its_technicians_load(
    estate: Estate, dispatched: Walk
) -> None:
    dispatcher = estate.person("dispatcher")
    number = dispatcher.order("get", id=dispatched.id)["number"]

    def lane() -> str | None:
        found = dispatcher.order("board", community=estate.community, number=number)
        return next((one["lane"] for one in found["lanes"] if one["orders"]), None)

    soon("it is on the board", lambda: lane() == "waiting")
    technician = dispatcher.order("get", id=dispatched.id)["technician"]
    assert dispatcher.order("loads", community=estate.community)["loads"][technician]["waiting"] > 0
    before = dispatcher.order("board", before="2020-01-01T00:00:00Z", mine=True)
    assert [one["count"] for one in before["lanes"]] == [0, 0, 0, 0, 0]


def test_a_whole_number_finds_who_calls(estate: Estate) -> None:
    asked = {"community": estate.community, "phone": "13800000010"}
    dispatcher = estate.person("dispatcher")
    found = soon("found", lambda: dispatcher.call("security", "find_person", **asked)["people"])
    assert [one["person"] for one in found] == [estate.person("resident1").id]
    estate.person("resident1").refused(Forbidden, "security", "find_person", **asked)


def search(estate: Estate, login: str, log: str, **asked: Any) -> list[dict[str, Any]]:
    """All of it: one call looks no longer than half a second."""
    events: list[dict[str, Any]] = []
    after, done = 0, False
    while not done:
        page = estate.person(login).call(f"{log}.log", "search", log=log, after=after, **asked)
        events += page["events"]
        after, done = page["next"], page["done"]
    return events


def test_an_auditor_of_one_community_searches_its_events_alone(
    estate: Estate, dispatched: Walk
) -> None:
    sent = search(estate, "auditor", "workorders", types=["WorkOrderDispatched"])
    assert dispatched.id in {one["subject"] for one in sent}
    assert {one["community"] for one in sent} == {estate.community}

    story = search(estate, "auditor", "workorders", subjects=[dispatched.id])
    assert [one["streamversion"] for one in story] == [1, 2]
    assert search(estate, "auditor", "security", types=["SessionOpened"]) == []
    estate.person("auditor").refused(
        Forbidden, "workorders.log", "search", log="workorders", community="hillside"
    )


@pytest.mark.parametrize("login", ["resident1", "technician1", "dispatcher", "manager"])
def test_nobody_else_searches_a_log(estate: Estate, login: str) -> None:
    estate.person(login).refused(Forbidden, "workorders.log", "search", log="workorders")
