"""Satisfaction and efficiency equal what is counted straight from the events of the orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from shared.errors import Forbidden, Refused
from shared.messaging import envelope
from shared.messaging.envelope import Fact
from tests.support import figures_oracle as oracle
from tests.support.estate import Answer, Estate, Person, Place, soon
from tests.support.lifecycle import Walk

BACK = timedelta(days=6)


@dataclass
class Town:
    """A community with a week of orders of many kinds behind it.

    What its resident did is of today: ``halfway`` lies in the midst of that.
    """

    estate: Estate
    place: Place
    begun: datetime
    halfway: datetime
    facts: list[Fact]

    @property
    def manager(self) -> Person:
        return self.place.person("manager")

    def asks(self, name: str, **asked: Any) -> Answer:
        return self.manager.call("analytics", name, **asked)


class Week:
    """Orders as a dispatcher and technicians tell of them afterwards, hours from its beginning."""

    def __init__(self, estate: Estate, place: Place, begun: datetime) -> None:
        self._estate, self._place, self._begun = estate, place, begun

    def order(
        self, hour: float, technician: str, *steps: tuple[str, Any], **submission: Any
    ) -> Walk:
        """``steps``: a method of dispatcher or technician with its hour, or of the resident with
        its request.
        """
        people = {name: self._place.person(name) for name in ("resident", "dispatcher")}
        people["technician"] = self._estate.person(technician)
        walk = Walk(self._estate, resident=people["dispatcher"].login)
        walk.submit(
            **{
                "community": self._place.community,
                "unit": self._place.unit,
                "accepter": people["resident"].id,
                "occurred_at": self._at(hour),
                **submission,
            }
        )
        for method, more in steps:
            request: dict[str, Any] = {}
            if method in ("accept", "reject", "rate", "reopen", "appeal", "cancel"):
                who, request = "resident", more
            else:
                who = "dispatcher" if method in ("dispatch", "decline") else "technician"
                request["occurred_at"] = self._at(more)
            request.update(
                {
                    "dispatch": {"technician": people["technician"].id},
                    "repair": {"notes": "done"},
                    "decline": {"reason": "not_ours", "note": "no"},
                    "hand_back": {"reason": "too high"},
                }.get(method, {})
            )
            people[who].order(method, id=walk.id, **request)
        return walk

    def _at(self, hour: float) -> str:
        return (self._begun + timedelta(hours=hour)).isoformat()


def imported(place: Place, number: int, **changes: Any) -> dict[str, Any]:
    return {
        "community": place.community,
        "kind": "repair",
        "category": "Street light out",
        "source": "311",
        "source_id": str(number),
        "submitted_at": f"2024-0{number}-01T08:00:00Z",
        "closed_at": f"2024-0{number}-03T08:00:00Z",
        "status": "Closed",
        "closed": True,
        **changes,
    }


@pytest.fixture(scope="module")
def town(estate: Estate) -> Town:
    place = estate.found("meadow")
    second = estate.settle_in(place, "technician", login="meadow-second").login
    first = place.person("technician").login
    estate.settle()
    begun = (datetime.now(UTC) - BACK).replace(microsecond=0)
    week = Week(estate, place, begun)
    because = {"reason": "because"}
    done: tuple[tuple[str, Any], ...] = (("dispatch", 2), ("repair", 5.5), ("accept", {}))
    week.order(1, first, *done, ("rate", {"stars": 5, "speed": 4, "attitude": 5}))
    week.order(1.5, second, *done, ("rate", {"stars": 2, "speed": 1}), category="lift")
    week.order(30, first, ("dispatch", 31), ("repair", 40), ("accept", {}), channel="phone")
    week.order(
        26,
        second,
        *(("dispatch", 27), ("start", 28), ("repair", 29), ("reject", because), ("repair", 50)),
        *(("accept", {}), ("rate", {"stars": 4})),
    )
    week.order(50, first, *(("dispatch", 51), ("hand_back", 52), ("dispatch", 53), ("repair", 60)))
    week.order(60, second, ("decline", 61))
    week.order(61, second, ("decline", 62), ("appeal", {"text": "please"}), category="lift")
    week.order(70, first, ("dispatch", 71), ("cancel", {}))
    week.order(72, first, kind="complaint", category="noise", channel="email")
    spanning = week.order(80, first, ("dispatch", 81), ("repair", 82), ("accept", {}))
    halfway = datetime.now(UTC)
    for who, method, request in (
        ("resident", "rate", {"stars": 1}),
        ("resident", "reopen", because),
        ("technician", "repair", {"notes": "done"}),
        ("resident", "accept", {}),
        ("resident", "rate", {"stars": 4}),
    ):
        place.person(who).order(method, id=spanning.id, **request)
    for number in range(1, 4):
        estate.operator.order("import_order", **imported(place, number))
    open_there = imported(place, 4, closed=False, closed_at=None, status="Open")
    estate.operator.order("import_order", **open_there)
    estate.settle()
    facts = [
        envelope.decode(event)
        for event in estate.facts("workorders")
        if event["community"] == place.community
    ]
    return Town(estate, place, begun, halfway, facts)


def questions(town: Town) -> list[dict[str, Any]]:
    def at(hour: float) -> str:
        return (town.begun + timedelta(hours=hour)).isoformat()

    now = datetime.now(UTC)
    technician = town.place.person("technician").id
    asked: list[dict[str, Any]] = [
        {},
        {"group_by": ["category"]},
        {"group_by": ["kind", "channel"]},
        {"group_by": ["technician", "building"]},
        {"group_by": ["month", "community"], "time_zone": "America/New_York"},
        {"from": at(26)},
        {"to": at(70), "group_by": ["category"]},
        {"from": at(30), "to": at(80), "group_by": ["technician"]},
        {"from": at(0), "to": (now + timedelta(minutes=5)).isoformat(), "group_by": ["month"]},
        {"from": (now + timedelta(days=1)).isoformat()},
        {"from": town.halfway.isoformat(), "group_by": ["technician"]},
        {"to": town.halfway.isoformat(), "group_by": ["category"]},
        {"category": "lift"},
        {"kind": "complaint"},
        {"channel": "phone"},
        {"technician": technician, "group_by": ["category"]},
        {"building": town.place.building},
        {"community": town.place.community},
    ]
    return [{"group_by": [], "time_zone": "Asia/Shanghai", **one} for one in asked]


def test_satisfaction_is_what_the_events_say(town: Town) -> None:
    for asked in questions(town):
        expected = oracle.satisfaction(town.facts, asked)
        found = town.asks("satisfaction", **asked)
        assert oracle.answered(found, asked, expected) == expected, asked
    total = town.asks("satisfaction")["total"]
    assert (total["count"], total["accepted"], total["answered"]) == (5, 6, 5)
    assert (total["mean"], total["mean_speed"], total["mean_attitude"]) == (3.2, 2.5, 5.0)


def test_efficiency_is_what_the_events_say(town: Town) -> None:
    for at in (town.begun + timedelta(hours=75), datetime.now(UTC)):
        for include_imported in (False, True):
            for asked in questions(town):
                expected = oracle.efficiency(
                    town.facts, asked, at, include_imported=include_imported
                )
                found = town.asks(
                    "efficiency", **asked, at=at.isoformat(), include_imported=include_imported
                )
                assert oracle.answered(found, asked, expected) == expected, asked
    total = town.asks("efficiency")["total"]
    assert (total["count"], total["declined"], total["cancelled"]) == (10, 1, 1)
    assert total["backlog"]["count"] == 2
    assert total["to_dispatch"]["p50"] == 3600.0


def test_figures_reach_as_far_as_the_post_of_who_asks(town: Town) -> None:
    for role in ("resident", "dispatcher", "technician"):
        town.place.person(role).refused(Forbidden, "analytics", "satisfaction")
    other = town.estate.person("manager")
    other.refused(Forbidden, "analytics", "efficiency", community=town.place.community)
    groups = other.call("analytics", "efficiency", group_by=["community"])["groups"]
    assert {group["community"] for group in groups} <= {town.estate.community}


def level(town: Town, position: int) -> Answer | None:
    """The figures, once they are not behind: a call waits two seconds for that, no more."""
    found = town.asks("efficiency", category="appliance", at_least=position)
    return None if found["behind"] else found


def test_figures_wait_for_what_the_asker_has_seen(town: Town) -> None:
    before = town.asks("efficiency", category="appliance")["total"]["count"]
    for number in range(1, 6):
        walk = Walk(town.estate, resident=f"{town.place.community}-resident")
        answer = walk.submit(
            community=town.place.community, unit=town.place.unit, category="appliance"
        )
        found = soon("it has come so far", partial(level, town, answer["position"]))
        assert found["total"]["count"] == before + number


def test_imported_history_gives_no_satisfaction(estate: Estate) -> None:
    """What is closed there counts as repaired here, and is never accepted or rated."""
    place = estate.found("oldtown", roles=("manager",))
    manager = place.person("manager")
    for number in range(1, 5):
        order = imported(place, number)
        first = estate.operator.order("import_order", **order)
        assert (first["state"], first["repeated"]) == ("repaired", False)
        again = estate.operator.order("import_order", **order)
        assert again == {**first, "repeated": True}
        error = manager.refused(Refused, "workorders", "accept", id=first["id"])
        assert (error.reason, error.allowed) == ("no_accepter", [])
        manager.refused(Forbidden, "workorders", "rate", id=first["id"], stars=5)
    seen = again["position"]
    satisfaction = manager.call("analytics", "satisfaction", at_least=seen)["total"]
    assert (satisfaction["count"], satisfaction["accepted"]) == (0, 0)
    assert satisfaction["mean"] is satisfaction["response_rate"] is None
    asked = {"include_imported": True, "at_least": seen}
    efficiency = manager.call("analytics", "efficiency", **asked)["total"]
    assert (efficiency["count"], efficiency["repaired"]) == (4, 4)
    assert efficiency["to_last_repair"]["p50"] == 48 * 3600
    assert manager.call("analytics", "efficiency")["total"]["count"] == 0
    manager.refused(Forbidden, "workorders", "import_order", **imported(place, 5))
