"""The demo's crew: somebody is there at any hour, who can do what is given out by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from cli import crew
from cli.community import MEMBERS
from services.workorders.staff.domain.vocabulary import SKILLS
from shared.errors import Refused

NOW = datetime(2026, 11, 29, 19, 30, tzinfo=UTC)
PEOPLE = {login: f"lakeside.{login}" for login in crew.WORKERS}


class Recorder:
    """Stands for the services: keeps the commands, and refuses some."""

    def __init__(self, refused: str = "") -> None:
        self.commands: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self.people: list[dict[str, str]] = []
        self._refused = refused

    def call(
        self, _service: str, method: str, request: Mapping[str, Any], token: str | None = None
    ) -> dict[str, Any]:
        if method == "people":
            return {"people": self.people}
        if method == "login":
            return {"access_token": "the manager's"}
        if method == self._refused:
            raise Refused("They have another shift then.")
        self.commands[request["command_id"]] = (method, request)
        return {}

    def of(self, method: str) -> list[Mapping[str, Any]]:
        return [request for name, request in self.commands.values() if name == method]


def shifts(recorder: Recorder) -> list[tuple[str, datetime, datetime]]:
    return [
        (
            request["person"].partition(".")[2],
            datetime.fromisoformat(shift["starts"]),
            datetime.fromisoformat(shift["ends"]),
        )
        for request in recorder.of("plan_shifts")
        for shift in request["shifts"]
    ]


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    made = Recorder()
    crew.employ(made.call, PEOPLE, NOW)
    return made


def test_somebody_is_there_every_hour_who_can_do_what_is_automatic(recorder: Recorder) -> None:
    _, category = crew.AUTOMATIC
    able = {login for login, worker in crew.WORKERS.items() if category in worker.skills}
    planned = [(starts, ends) for login, starts, ends in shifts(recorder) if login in able]
    for hour in range(24 * 7 * (crew.WEEKS - 1)):
        at = NOW + timedelta(hours=hour)
        assert any(starts <= at < ends for starts, ends in planned), at


def test_nobody_has_two_shifts_at_once(recorder: Recorder) -> None:
    for login in crew.WORKERS:
        own = sorted((starts, ends) for who, starts, ends in shifts(recorder) if who == login)
        assert all(ends <= after for (_, ends), (after, _) in pairwise(own)), login


def test_every_skill_is_there_and_one_certificate_ends_soon(recorder: Recorder) -> None:
    assert {one["skill"] for one in recorder.of("record_skill")} == set(SKILLS)
    ends = [one["valid_until"] for one in recorder.of("record_certificate")]
    soon = (NOW + timedelta(days=30)).date().isoformat()
    assert [NOW.date().isoformat() < one < soon for one in ends].count(True) == 1


def test_a_later_start_plans_further_and_says_the_same_of_what_is_planned(
    recorder: Recorder,
) -> None:
    later = Recorder()
    crew.plan(later.call, PEOPLE, NOW + timedelta(days=8))
    again = later.commands.keys() & recorder.commands.keys()
    assert again and again != later.commands.keys()
    assert all(later.commands[one] == recorder.commands[one] for one in again)


def test_what_somebody_planned_otherwise_stays() -> None:
    refusing = Recorder(refused="plan_shifts")
    crew.plan(refusing.call, PEOPLE, NOW)
    assert refusing.commands == {}


def test_shifts_go_on_at_a_later_start_where_the_crew_is_still_there() -> None:
    later, told = Recorder(), list[str]()
    crew.go_on(later.call, NOW, told.append)
    assert later.commands == {}, "these are other people"
    later.people = [
        {"name": one.name, "person": f"lakeside.{one.login}"}
        for one in MEMBERS
        if one.login in crew.WORKERS
    ]
    crew.go_on(later.call, NOW, told.append)
    assert {one["person"] for one in later.of("plan_shifts")} == set(PEOPLE.values())
    assert told == []


def test_a_start_does_not_fail_for_want_of_shifts() -> None:
    told = list[str]()

    def call(*_: object) -> dict[str, Any]:
        raise Refused("The password was changed.")

    crew.go_on(call, NOW, told.append)
    assert told == ["no shifts were planned in the demo community: The password was changed."]


def test_each_technician_of_the_demo_is_in_a_team() -> None:
    teams = [one.team for one in MEMBERS if one.role == "technician"]
    assert len(set(teams)) == len(crew.WORKERS) and None not in teams
