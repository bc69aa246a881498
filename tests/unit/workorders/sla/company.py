"""A company with its promises: its people, its clock, and what they ask of the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from services.security.accounts.domain import events as accounts
from services.security.register.domain import events as register
from services.workorders.definition import SERVICE
from services.workorders.orders import quote_schemas as priced
from services.workorders.orders import schemas as orders
from services.workorders.orders import visit_schemas as visiting
from services.workorders.orders.domain import commands as c
from services.workorders.sla import schemas
from shared.following import timers
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from tests.support.order_facts import (
    BOSS,
    BUILDING,
    CHEN,
    COMMUNITY,
    LI,
    QIAN,
    SUN,
    UNIT,
    WANG,
    community_registered,
    fact,
    granted,
    ident,
    registered,
)
from tests.support.service_bench import ServiceBench

boss = Caller(BOSS, (Post("manager", COMMUNITY),))
sun = Caller(SUN, (Post("dispatcher", COMMUNITY),))
wang = Caller(WANG, (Post("technician", COMMUNITY),))
li = Caller(LI, (Post("resident", COMMUNITY),))
stranger = Caller(ident("stranger"), (Post("resident", "elsewhere"),))
machine = Caller("service:workorders", (Post("service", "*"),))

# a Monday; 9:00 in the morning where the community is
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = ["09:00-12:00", "13:30-18:00"]
WEEK = {day: OFFICE for day in ("mon", "tue", "wed", "thu", "fri")}
RULES: list[dict[str, Any]] = [
    {"target": "respond", "minutes": 60},
    {"target": "repair", "minutes": 240},
    {"target": "repair", "minutes": 120, "time": "calendar", "priority": "urgent"},
    {"target": "repair", "minutes": None, "priority": "low"},
]
STOPPING = ["parts", "resident_absent", "supplier"]
STEPS = [{"percent": 80, "up": 0}, {"percent": 100, "up": 1}, {"percent": 200, "up": 2}]


def post(person: str, role: str, superior: str | None) -> Fact:
    plain = granted(person, role)
    event = msgspec.convert({**plain.data, "superior": superior}, accounts.PostGranted)
    return fact(event, stream=plain.subject, log="security", actor="boss")


def as_json(answer: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(answer))


def lives_here(person: str) -> Fact:
    moved = register.TenancyStarted(
        tenancy="garden.t", person=person, unit=UNIT, building=BUILDING, community=COMMUNITY,
        kind="owner", since=NINE,
    )  # fmt: skip
    return fact(moved, stream="garden.t", log="security", actor="boss")


class Company:
    def __init__(self) -> None:
        self.bench = ServiceBench(SERVICE, NINE)
        self.bench.told(
            "security",
            community_registered(),
            *(registered(person) for person in (WANG, CHEN, SUN, QIAN, BOSS, LI)),
            post(WANG, "technician", QIAN),
            post(QIAN, "supervisor", BOSS),
            post(SUN, "dispatcher", BOSS),
            post(BOSS, "manager", None),
            lives_here(LI),
        )
        applications = self.bench.parts.applications
        applications["plain"] = Plain(applications["orders"])

    def set(self, what: str, caller: Caller = boss, /, **data: Any) -> Any:
        schema = {
            "calendar": schemas.SetCalendar,
            "targets": schemas.SetTargets,
            "ladders": schemas.SetLadders,
        }[what]
        return self.bench.ask(
            "levels", f"set_{what}", schema, caller, **{"community": COMMUNITY, **data}
        )

    def promise(self) -> None:
        self.set("calendar", week=WEEK)
        self.set("targets", rules=RULES, stopping=STOPPING)
        self.set("ladders", ladders=[{"steps": STEPS}])

    def submit(self, **more: Any) -> str:
        answer = self.bench.ask(
            "orders",
            "submit",
            orders.Submit,
            sun,
            **{
                "community": COMMUNITY,
                "kind": "repair",
                "category": "plumbing",
                "description": "漏水",
                "accepter": SUN,
                **more,
            },
        )
        found: str = answer["id"]
        return found

    def do(self, order: str, method: str, caller: Caller, /, **data: Any) -> None:
        """One command to the order, behind its schema."""
        schema, command = _COMMANDS[method]
        data = {"id": order, **data}
        if command is None:
            application = "visiting" if method.endswith(("_visit", "_visits")) else "orders"
            self.bench.ask(application, method, schema, caller, **data)
        else:
            self.bench.ask("plain", method, schema, caller, **data)

    def sla(self, order: str, caller: Caller = sun, /, **more: Any) -> Any:
        return as_json(self.bench.ask("levels", "sla", schemas.Sla, caller, id=order, **more))

    def get(self, order: str, caller: Caller) -> Any:
        return as_json(self.bench.ask("queries", "get", orders.Get, caller, id=order))

    def levels(self, caller: Caller = wang, /, **more: Any) -> Any:
        asked = {"community": COMMUNITY, **more}
        return as_json(
            self.bench.ask("levels", "service_levels", schemas.ServiceLevels, caller, **asked)
        )

    def target(self, order: str, name: str, **more: Any) -> Any:
        return [t for t in self.sla(order, **more)["targets"] if t["target"] == name][-1]

    def fire(self) -> list[dict[str, Any]]:
        """Fire what is due by now, as the leader would, until nothing more is; what came of it."""
        parts, told = self.bench.parts, []
        while due := timers.due(parts.store, parts.clock.now()):
            for timer in due:
                if timer.method == "workorders.escalate":
                    answer = self.bench.ask(
                        "levels",
                        "escalate",
                        schemas.Escalate,
                        machine,
                        command_id=timer.command_id,
                        **timer.request,
                    )
                    told += [answer["escalated"]] if answer["escalated"] else []
                timers.mark_fired(parts.store, timer)
        return told

    def escalations(self, order: str) -> list[Any]:
        found: list[Any] = self.sla(order)["escalations"]
        return found


_COMMANDS: dict[str, tuple[type, type[c.Command] | None]] = {
    "dispatch": (orders.Dispatch, None),
    "offer_visits": (visiting.OfferVisits, None),
    "quote": (priced.PutQuote, None),
    "choose_visit": (visiting.ChooseVisit, None),
    "repair": (orders.Repair, None),
    "accept": (orders.Accept, c.Accept),
    "reopen": (orders.WithReason, c.Reopen),
    "remind": (orders.OnOrder, c.Remind),
    "request_check": (orders.OnOrder, c.RequestCheck),
    "pause": (orders.Pause, c.Pause),
    "resume": (orders.OnOrder, c.Resume),
    "prioritise": (orders.Prioritise, c.Prioritise),
}


class Plain:
    """What the RPC surface does for commands whose fields are those of their request."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __getattr__(self, method: str) -> Any:
        command = _COMMANDS[method][1]
        if "zone" in command.__struct_fields__:
            return lambda request, data: self._application.in_zone(request, data, command)
        return lambda request, data: self._application.do(request, data, command)


def text(moment: datetime) -> str:
    return moment.isoformat()
