"""The service of work orders in memory, with a community and its people, in few words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from services.security.register.domain import events as register
from services.workorders.dispatching import schemas as d
from services.workorders.orders import schemas as o
from services.workorders.orders.domain.commands import Command
from services.workorders.sla import schemas as promised
from services.workorders.sla.domain.calendar import WEEKDAYS
from services.workorders.staff import schemas as s
from services.workorders.triage import schemas as ts
from shared.eventlog.decider import Context
from shared.following import timers
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from shared.request import Request
from shared.testing.scenario import NOON
from tests.support.order_facts import (
    BUILDING,
    CHEN,
    LI,
    MEI,
    OTHER_BUILDING,
    UNIT,
    WANG,
    fact,
    granted,
    registered,
)
from tests.support.service_bench import ServiceBench

boss = Caller("garden.boss", (Post("manager", "garden"),))
sun = Caller("garden.sun", (Post("dispatcher", "garden"),))
li = Caller(LI, (Post("resident", "garden"),))
mei = Caller(MEI, (Post("resident", "garden"),))
stranger = Caller("hill.zhao", (Post("resident", "hill"),))
wang = Caller(WANG, (Post("technician", "garden"),))
chen = Caller(CHEN, (Post("technician", "garden"),))
machine = Caller("service:workorders", (Post("service", "*"),))


def placed() -> Iterator[Fact]:
    """Two buildings, li's home in the first, and two technicians with posts."""
    for building, code in ((BUILDING, "1"), (OTHER_BUILDING, "2")):
        event = register.BuildingRegistered(
            building=building, community="garden", code=code, name=code
        )
        yield fact(event, stream=building, log="security", actor="boss")
    unit = register.UnitRegistered(
        unit=UNIT,
        building=BUILDING,
        community="garden",
        code="1-101",
        building_code="1",
        building_name="1",
    )
    yield fact(unit, stream=UNIT, log="security", actor="boss")
    moved = register.TenancyStarted(
        tenancy="garden.t", person=LI, unit=UNIT, building=BUILDING, community="garden",
        kind="owner", since=NOON,
    )  # fmt: skip
    yield fact(moved, stream="garden.t", log="security", actor="boss")
    for person in (LI, MEI, WANG, CHEN):
        yield registered(person)
    for person in (WANG, CHEN):
        yield granted(person, "technician")


class Desk(ServiceBench):
    """The service, with what its people do in few words."""

    def mode(self, mode: str, category: str = "plumbing", **more: Any) -> Any:
        return self.ask(
            "rulebook", "set_mode", d.SetMode, boss,
            community="garden", kind="repair", category=category, mode=mode, **more,
        )  # fmt: skip

    def promise(self, **minutes: int) -> None:
        """To respond in so many minutes, by category, at any hour."""
        day = ["00:00-24:00"]
        self.ask(
            "levels", "set_calendar", promised.SetCalendar, boss,
            community="garden", week=dict.fromkeys(WEEKDAYS, day),
        )  # fmt: skip
        rules = [
            {"target": "respond", "minutes": amount, "category": category, "time": "calendar"}
            for category, amount in minutes.items()
        ]
        self.ask(
            "levels", "set_targets", promised.SetTargets, boss,
            community="garden", rules=rules, stopping=[],
        )  # fmt: skip

    def shift(self, person: str, starts: datetime = NOON, hours: int = 8) -> None:
        ends = starts + timedelta(hours=hours)
        self.ask(
            "staff", "plan_shifts", s.PlanShifts, boss, person=person,
            shifts=[{"starts": starts.isoformat(), "ends": ends.isoformat()}],
        )  # fmt: skip

    def skill(self, person: str, skill: str = "plumbing", level: int = 2) -> None:
        self.ask(
            "staff", "record_skill", s.RecordSkill, boss, person=person, skill=skill, level=level
        )

    def certify(
        self, person: str, until: str, skill: str = "plumbing", since: str = "2020-01-01"
    ) -> str:
        found = self.ask(
            "staff", "record_certificate", s.RecordCertificate, boss, person=person, skill=skill,
            title="证", valid_from=since, valid_until=until,
        )  # fmt: skip
        return str(found["certificate"])

    def report(self, category: str = "plumbing", description: str = "漏水", **more: Any) -> str:
        found = self.ask(
            "orders", "submit", o.Submit, li,
            community="garden", kind="repair", category=category, unit=UNIT,
            description=description, **more,
        )  # fmt: skip
        return str(found["id"])

    def suggest(self, caller: Caller = mei, **more: Any) -> Any:
        """Of a lift that mei is about to report, unless it is something else."""
        request = {
            "community": "garden",
            "building": BUILDING,
            "description": "楼里的电梯坏了，一直停在三楼",
        }
        return self.ask("triage", "suggest", ts.Suggest, caller, **{**request, **more})

    def round(self, caller: Caller = machine, **more: Any) -> Any:
        return self.ask("rounds", "hold_round", d.HoldRound, caller, community="garden", **more)

    def due(self) -> list[str]:
        later = self.clock.now() + timedelta(days=30)
        found = timers.due(self.parts.store, later)
        return [one.due for one in found if one.rule == "hold_round"]

    def of(self, name: str) -> list[Fact]:
        return [one for one in self.facts() if one.type == name]

    def does(self, caller: Caller, command: type[Command], order: str, **more: Any) -> None:
        """A command about an order; ``expected_version`` is the order's."""
        version = more.pop("expected_version", None)
        once = str(uuid4())
        context = Context(
            actor=caller.person, command_id=once, command_digest="", correlation_id=once
        )
        request = Request(caller=caller, context=context, expected_version=version)
        self.parts.applications["orders"].do(request, {"id": order, **more}, command)
        self.settle()
