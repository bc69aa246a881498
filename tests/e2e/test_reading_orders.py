"""Looking at orders: one as it is or was, its history, lists; and one's own writes at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from shared.errors import Invalid, NotFound
from tests.support.estate import Answer, Estate, Person, soon
from tests.support.lifecycle import Walk

FAR_AHEAD = 2**40


def pages(who: Person, **asked: Any) -> list[list[Answer]]:
    found, cursor = [], None
    while True:
        page = who.order("list", cursor=cursor, **asked)
        found.append(page["orders"])
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.fixture(scope="module")
def shelf(estate: Estate) -> list[Walk]:
    """Orders of one household of which nobody else makes any, the oldest first."""
    walks = [
        Walk(estate, resident="resident12", unit="2-302", technician="technician3", kind=kind)
        for kind in ("repair", "repair", "complaint", "repair", "repair")
    ]
    walks[2].category = "noise"
    for walk, state in zip(
        walks, ("submitted", "dispatched", "rated", "submitted", "repaired"), strict=True
    ):
        walk.to(state)
    last = walks[-1].last
    assert last is not None
    estate.person("resident12").order("list", at_least=last["position"])
    return walks


def test_an_order_is_found_by_its_number(estate: Estate, shelf: list[Walk]) -> None:
    resident, walk = estate.person("resident12"), shelf[1]
    by_id = resident.order("get", id=walk.id)
    number = {"community": estate.community, "number": walk.number.lower()}
    assert resident.order("get", **number) == by_id
    assert resident.order("history", **number) == resident.order("history", id=walk.id)


def test_history_tells_who_did_what_when_by_which_command(
    estate: Estate, shelf: list[Walk]
) -> None:
    walk = shelf[2]
    resident, technician, dispatcher = (
        estate.person(name) for name in ("resident12", "technician3", "dispatcher")
    )
    told = resident.order("history", id=walk.id)
    assert (told["id"], told["number"], told["behind"]) == (walk.id, walk.number, False)
    events = told["events"]
    assert [event["version"] for event in events] == [1, 2, 3, 4, 5]
    assert [(event["type"].removeprefix("WorkOrder"), event["actor"]) for event in events] == [
        ("Submitted", resident.id),
        ("Dispatched", dispatcher.id),
        ("Repaired", technician.id),
        ("Accepted", resident.id),
        ("Rated", resident.id),
    ]
    times = [event["time"] for event in events]
    assert times == sorted(times)
    assert len({event["command_id"] for event in events}) == 5
    assert events[0]["data"]["description"] == "厨房漏水"
    assert events[2]["data"]["notes"] == "换了垫圈"


def test_an_order_is_shown_as_it_was_at_a_version_and_at_a_time(
    estate: Estate, shelf: list[Walk]
) -> None:
    resident, walk = estate.person("resident12"), shelf[2]
    events = resident.order("history", id=walk.id)["events"]
    states = ("submitted", "dispatched", "repaired", "accepted", "rated")
    for event, state in zip(events, states, strict=True):
        for then in ({"version": event["version"]}, {"at": event["time"]}):
            seen = resident.order("get", id=walk.id, **then)
            assert (seen["state"], seen["version"]) == (state, event["version"])
            assert seen["allowed"] == []
            told = resident.order("history", id=walk.id, **then)["events"]
            assert told == events[: event["version"]]
    before = {"id": walk.id, "at": "2020-01-01T00:00:00+08:00"}
    resident.refused(NotFound, "workorders", "get", **before)


def test_lists_show_the_newest_first_and_pages_meet_without_a_gap(
    estate: Estate, shelf: list[Walk]
) -> None:
    resident = estate.person("resident12")
    newest_first = [walk.id for walk in reversed(shelf)]
    whole = pages(resident)
    assert [[order["id"] for order in page] for page in whole] == [newest_first]
    by_twos = pages(resident, limit=2)
    assert [len(page) for page in by_twos] == [2, 2, 1]
    assert [order["id"] for page in by_twos for order in page] == newest_first
    resident.refused(Invalid, "workorders", "list", cursor="nonsense")


def test_lists_are_narrowed_by_what_is_asked(estate: Estate, shelf: list[Walk]) -> None:
    resident, technician = estate.person("resident12"), estate.person("technician3")

    def ids(who: Person, **asked: Any) -> set[int]:
        found = {order["id"] for page in pages(who, **asked) for order in page}
        return {number for number, walk in enumerate(shelf) if walk.id in found}

    assert ids(resident, kind="complaint") == {2}
    assert ids(resident, category="plumbing") == {0, 1, 3, 4}
    assert ids(resident, state=["submitted", "rated"]) == {0, 2, 3}
    assert ids(resident, technician=technician.id) == {1, 2, 4}
    assert ids(resident, search=shelf[3].number[-4:]) == {3}
    assert ids(resident, community=estate.neighbours.community) == set()
    assert ids(technician) == {1, 2, 4}
    assert ids(estate.person("manager"), mine=True) == set()
    assert ids(estate.person("manager")) == {0, 1, 2, 3, 4}
    assert ids(estate.operator, community=estate.community) == {0, 1, 2, 3, 4}
    assert ids(estate.person("resident11")) == set()


def test_a_list_row_has_what_the_order_is(estate: Estate, shelf: list[Walk]) -> None:
    resident = estate.person("resident12")
    rows = {order["id"]: order for order in resident.order("list")["orders"]}
    for walk in shelf:
        seen = resident.order("get", id=walk.id)
        row = rows[walk.id]
        for name in ("number", "kind", "category", "building", "unit", "reporter", "accepter"):
            assert row[name] == seen[name]
        for name in ("state", "activity", "technician", "version", "submitted_at"):
            assert row[name] == seen[name]
    assert rows[shelf[2].id]["stars"] == 5


def level(who: Person, method: str, **asked: Any) -> Answer | None:
    """The answer, once it is not behind."""
    found = who.order(method, **asked)
    return None if found["behind"] else found


def test_everybody_reads_their_own_write(estate: Estate) -> None:
    """By the position in the answer, at once, however much was written."""
    resident = estate.person("resident11")
    submission = {
        "community": estate.community,
        "kind": "repair",
        "category": "plumbing",
        "unit": estate.demo.units["2-301"],
        "description": "漏水",
    }
    item = {"method": "submit", "request": submission, "auth_token": resident.token}
    expected: set[str] = set()
    for _ in range(3):
        items = estate.transport.call("workorders", "batch", {"items": [item] * 60}, None)["items"]
        position = max(one["ok"]["position"] for one in items)
        expected |= {one["ok"]["id"] for one in items}
        asked = {"at_least": position, "limit": 200}
        page = soon("it is level", partial(level, resident, "list", **asked))
        assert {order["id"] for order in page["orders"]} == expected
    one = items[-1]["ok"]
    by_number = {"community": estate.community, "number": one["number"]}
    assert resident.order("get", **by_number, at_least=one["position"])["id"] == one["id"]


def test_a_list_that_lacks_what_was_asked_for_says_so(estate: Estate) -> None:
    page = estate.person("resident1").order("list", at_least=FAR_AHEAD)
    assert page["behind"] is True
    assert isinstance(page["orders"], list)


def test_what_was_claimed_to_happen_earlier_is_shown_by_that_time(estate: Estate) -> None:
    """A technician without a connection reports the repair later."""
    walk = Walk(estate).to("dispatched")
    resident = estate.person("resident1")
    first, second = resident.order("history", id=walk.id)["events"]
    answer = walk.repair(occurred_at=second["time"])
    repaired = resident.order("history", id=walk.id)["events"][2]
    assert repaired["occurred_at"] == second["time"] < repaired["time"]
    then = {"id": walk.id, "at": second["time"]}
    assert resident.order("get", **then, by="occurred")["version"] == answer["version"]
    assert resident.order("get", **then, by="recorded")["version"] == answer["version"] - 1
    assert first["occurred_at"] == first["time"]


def test_a_community_has_its_orders_on_the_boards_of_its_staff_alone(estate: Estate) -> None:
    walk = Walk(estate).to("submitted")
    assert walk.last is not None
    position = walk.last["position"]
    for who, sees in (
        (estate.person("dispatcher"), True),
        (estate.person("supervisor"), True),
        (estate.person("technician2"), False),
        (estate.person("guard"), False),
        (estate.person("accountant"), False),
        (estate.neighbours.person("dispatcher"), False),
    ):
        page = who.order("list", at_least=position, limit=200)
        assert (walk.id in {order["id"] for order in page["orders"]}) is sees, who.login
    assert soon("the operator sees it", lambda: estate.operator.order("get", id=walk.id))
