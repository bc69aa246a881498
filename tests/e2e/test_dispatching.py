"""Orders find their technician by themselves, or are grabbed, over RPC on the whole platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.errors import Refused
from tests.support.estate import Answer, Estate, Person, Place, soon

NAME = "maple-court"


@pytest.fixture(scope="module")
def place(estate: Estate) -> Place:
    """A community of its own: plumbing is dispatched by the rules, door locks are grabbed."""
    found = estate.found(NAME, ("manager", "dispatcher", "technician"))
    estate.settle_in(found, "technician", login=f"{NAME}-second")
    estate.settle()
    manager = found.person("manager")
    now = datetime.now(UTC)
    for login in (f"{NAME}-technician", f"{NAME}-second"):
        who = estate.person(login).id
        manager.order(
            "plan_shifts",
            person=who,
            shifts=[
                {
                    "starts": (now - timedelta(hours=1)).isoformat(),
                    "ends": (now + timedelta(hours=8)).isoformat(),
                }
            ],
        )
        manager.order("record_skill", person=who, skill="door_lock")
    plumber = found.person("technician").id
    manager.order("record_skill", person=plumber, skill="plumbing", level=3)
    for category, mode in (("plumbing", "automatic"), ("door_lock", "grab"), ("lift", "automatic")):
        manager.order("set_mode", community=NAME, kind="repair", category=category, mode=mode)
    return found


def report(place: Place, category: str) -> Answer:
    return place.person("resident").order(
        "submit",
        community=NAME,
        kind="repair",
        category=category,
        unit=place.unit,
        description="厨房漏水",
    )


def read(person: Person, order: str) -> Answer:
    return person.order("get", id=order)


def test_an_automatic_order_is_dispatched_by_itself_and_tells_why(
    estate: Estate, place: Place
) -> None:
    order = report(place, "plumbing")["id"]
    dispatcher = place.person("dispatcher")
    soon("it is dispatched", lambda: read(dispatcher, order)["state"] == "dispatched")
    assert read(dispatcher, order)["technician"] == place.person("technician").id
    events = dispatcher.order("history", id=order)["events"]
    choice: dict[str, Any] = events[-1]["data"]["choice"]
    assert (choice["how"], choice["reason"]) == ("automatic", "only_one")
    assert choice["excluded"] == [
        {"technician": estate.person(f"{NAME}-second").id, "reason": "no_skill"}
    ]


def test_the_dispatcher_is_told_at_once_when_nobody_is_qualified(place: Place) -> None:
    order = report(place, "lift")["id"]
    dispatcher = place.person("dispatcher")

    def told() -> list[str]:
        inbox = dispatcher.call("notifications", "inbox")
        return [one["template"] for one in inbox["notifications"] if one["about"] == order]

    soon("they are told", lambda: "order_nobody_qualified" in told())
    assert read(dispatcher, order)["state"] == "submitted"


def test_of_two_who_grab_one_has_it(estate: Estate, place: Place) -> None:
    order = report(place, "door_lock")
    first, second = place.person("technician"), estate.person(f"{NAME}-second")
    pool = first.order("pool", community=NAME, at_least=order["position"])["orders"]
    assert [one["id"] for one in pool] == [order["id"]]
    first.order("grab", id=order["id"])
    with pytest.raises(Refused) as refused:
        second.order("grab", id=order["id"])
    assert refused.value.reason == "already_dispatched"


def test_what_is_suggested_followed_and_answered_by_an_outage(estate: Estate, place: Place) -> None:
    """One neighbour reports, the other is shown it and follows; then the outage is known."""
    first = place.person("resident").order(
        "submit",
        community=NAME,
        kind="repair",
        category="heating",
        unit=place.unit,
        description="暖气不热",
    )
    neighbour = estate.settle_in(place, "resident", login=f"{NAME}-neighbour", language="en")
    found = neighbour.order(
        "suggest",
        community=NAME,
        building=place.building,
        description="我家暖气也不热",
        at_least=first["position"],
    )
    assert found["categories"][0]["category"] == "heating"
    assert found["categories"][0]["words"] == ["不热", "暖气"]
    assert [one["id"] for one in found["duplicates"]] == [first["id"]]
    neighbour.order("follow", id=first["id"])
    dispatcher = place.person("dispatcher")
    dispatcher.order(
        "open_incident",
        community=NAME,
        category="heating",
        buildings=[place.building],
        notice="锅炉检修，今晚恢复",
    )
    dispatcher.order("dispatch", id=first["id"], technician=place.person("technician").id)

    def told(person: Person) -> set[str]:
        inbox = person.call("notifications", "inbox")["notifications"]
        return {one["template"] for one in inbox if one["about"] == first["id"]}

    soon("the follower hears of it", lambda: told(neighbour) == {"followed_dispatched"})
    soon("the reporter knows", lambda: "incident_known" in told(place.person("resident")))
