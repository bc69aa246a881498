"""The clock as a service: what is promised, asked for, escalated; on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.security.accounts.domain import events as accounts
from services.workorders.definition import SERVICE
from services.workorders.orders import schemas as orders
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.measures import measures
from services.workorders.sla import schemas
from services.workorders.sla.domain.calendar import NoWorkingTime, OverlappingHours
from services.workorders.sla.domain.escalations import NotYoursToEscalate
from services.workorders.sla.domain.levels import NoSuchVersion, NotYoursToPromise
from services.workorders.sla.domain.targets import RuleGivenTwice
from shared.errors import Invalid, NotFound
from shared.following import timers
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from tests.support.order_facts import (
    BOSS,
    CHEN,
    COMMUNITY,
    LI,
    QIAN,
    SUN,
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
            self.bench.ask("orders", method, schema, caller, **data)
        else:
            self.bench.ask("plain", method, schema, caller, **data)

    def sla(self, order: str, caller: Caller = sun, /, **more: Any) -> Any:
        return as_json(self.bench.ask("levels", "sla", schemas.Sla, caller, id=order, **more))

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
        return lambda request, data: self._application.do(request, data, command)


@pytest.fixture
def company() -> Iterator[Company]:
    found = Company()
    yield found
    found.bench.close()


def text(moment: datetime) -> str:
    return moment.isoformat()


# -- what is promised ------------------------------------------------------------------------------


def test_without_a_promise_nothing_is_due(company: Company) -> None:
    order = company.submit()
    found = company.sla(order)
    assert (found["targets"], found["calendar_version"]) == ([], None)
    company.bench.clock.advance(1000 * HOUR)
    assert company.fire() == []


def test_a_manager_sets_it_and_staff_read_every_version(company: Company) -> None:
    company.promise()
    company.bench.clock.advance(HOUR)
    answer = company.set("calendar", week={"mon": OFFICE})
    assert answer["calendar_version"] == 2
    now = company.levels()
    assert now["calendar"]["week"]["tue"] == [] and now["calendar"]["zone"] == "Asia/Shanghai"
    assert now["targets"]["stopping"] == STOPPING and now["ladders"][0]["steps"] == STEPS
    assert [(v["version"], v["by"]) for v in now["versions"]["calendar"]] == [(1, BOSS), (2, BOSS)]
    before = company.levels(calendar_version=1)
    assert before["calendar"]["week"]["tue"] == OFFICE


@pytest.mark.parametrize("caller", [sun, wang, li, stranger], ids=["sun", "wang", "li", "stranger"])
def test_nobody_else_sets_it(company: Company, caller: Caller) -> None:
    for what, data in (
        ("calendar", {"week": WEEK}),
        ("targets", {"rules": RULES, "stopping": STOPPING}),
        ("ladders", {"ladders": []}),
    ):
        with pytest.raises(NotYoursToPromise):
            company.set(what, caller, **data)


def test_residents_do_not_read_what_is_set(company: Company) -> None:
    with pytest.raises(NotYoursToPromise):
        company.levels(li)


def test_the_same_again_is_no_new_version(company: Company) -> None:
    first = company.set("calendar", week=WEEK)
    assert company.set("calendar", week=WEEK)["calendar_version"] == 1
    assert len(company.bench.facts()) == first["version"] == 1


def test_the_holidays_of_china_are_written_down_with_their_shifted_working_days(
    company: Company,
) -> None:
    local = {"date": "2026-10-08", "hours": [], "name": "设备检修"}
    company.set(
        "calendar",
        week=WEEK,
        holidays={"country": "CN", "years": [2026]},
        days=[local, {"date": "2026-10-01", "hours": ["09:00-10:00"], "name": "值班"}],
    )
    event = company.bench.facts()[-1].data["calendar"]
    days = {day["date"]: day for day in event["days"]}
    assert days["2026-02-17"]["kind"] == "holiday" and "春节" in days["2026-02-17"]["name"]
    assert days["2026-02-14"]["kind"] == "shifted"
    assert days["2026-02-14"]["hours"] == event["week"][0]
    assert days["2026-10-08"] == {**local, "kind": "local"}
    assert days["2026-10-01"]["kind"] == "local", "the community's own rule goes first"


@pytest.mark.parametrize(
    ("what", "data", "error", "field"),
    [
        ("calendar", {"week": {}}, NoWorkingTime, "week"),
        ("calendar", {"week": {"mon": ["09:00-12:00", "11:00-15:00"]}}, OverlappingHours,
         "week.mon"),
        ("calendar", {"week": {"mon": ["9-12"]}}, Invalid, "week.mon.0"),
        ("calendar", {"week": {"mon": ["12:00-09:00"]}}, Invalid, "week.mon"),
        ("calendar", {"week": {"someday": []}}, Invalid, "week.someday"),
        ("calendar", {"week": WEEK, "days": [{"date": "2026-02-30", "name": "x"}]}, Invalid,
         "days.0.date"),
        ("calendar", {"week": WEEK, "holidays": {"country": "XX", "years": [2026]}}, Invalid,
         "holidays.country"),
        ("calendar", {"week": WEEK, "community": "nowhere"}, Invalid, "community"),
        ("targets", {"rules": [{"target": "repair", "minutes": 5, "priority": "asap"}],
                     "stopping": []}, Invalid, "rules.0.priority"),
        ("targets", {"rules": [RULES[0], RULES[0]], "stopping": []}, RuleGivenTwice, "rules.1"),
        ("targets", {"rules": [], "stopping": ["rain"]}, Invalid, "stopping.0"),
        ("ladders", {"ladders": [{"steps": [{"percent": 80, "up": 9}]}]}, Invalid,
         "ladders.0.steps.0.up"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_input_is_refused_by_its_fields_name_and_nothing_is_written(
    company: Company, what: str, data: dict[str, Any], error: type[Invalid], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        company.set(what, **data)
    assert type(found.value) is error and field in found.value.fields
    assert company.bench.facts() == []


# -- an order's clock ------------------------------------------------------------------------------


def test_an_orders_clock_lists_every_interval_and_why(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "pause", wang, reason="parts")
    company.bench.clock.advance(3 * HOUR)
    company.do(order, "resume", wang)
    company.bench.clock.advance(HOUR)
    found = company.sla(order)
    told = {each["target"]: each for each in found["targets"]}
    respond, repair = told["respond"], told["repair"]
    assert (respond["state"], respond["consumed_seconds"]) == ("met", 1800)
    assert (repair["state"], repair["due"]) == ("running", text(NINE + 7.5 * HOUR))
    assert [(one["why"], one["seconds"]) for one in repair["intervals"]] == [
        ("running", 3600),
        ("paused", 7200),
        ("break", 5400),
        ("running", 1800),
    ]
    assert repair["paused_seconds"] == {"parts": 7200}


def test_a_calendar_set_later_does_not_rewrite_the_past_but_can_be_tried(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR)
    before = company.target(order, "repair")["due"]
    company.set("calendar", week={"tue": OFFICE})
    company.set("targets", rules=[{"target": "repair", "minutes": 1}], stopping=[])
    found = company.sla(order)
    assert (found["calendar_version"], found["targets_version"]) == (1, 1)
    assert company.target(order, "repair")["due"] == before
    tried = company.target(order, "repair", calendar_version=2)
    assert tried["due"] == text(NINE + 29.5 * HOUR), "Tuesday, after four working hours"
    with pytest.raises(NoSuchVersion) as error:
        company.sla(order, calendar_version=7)
    assert list(error.value.fields) == ["calendar_version"]
    assert company.sla(company.submit())["calendar_version"] == 2


def test_a_clock_as_of_then_knows_only_what_was_so_then(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.advance(HOUR)
    then = company.target(order, "respond", at=text(NINE + HOUR / 4))
    assert (then["state"], then["consumed_seconds"]) == ("running", 900)
    with pytest.raises(NotFound):
        company.sla(order, at=text(NINE - HOUR))


def test_what_was_claimed_counts_as_it_happened_and_as_it_was_recorded(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(2 * HOUR)
    company.do(order, "dispatch", sun, technician=WANG, occurred_at=text(NINE + HOUR / 2))
    assert not company.target(order, "respond")["breached"]
    assert company.target(order, "respond", by="recorded")["breached"]


def test_a_stranger_is_not_told_that_there_is_such_an_order(company: Company) -> None:
    order = company.submit()
    with pytest.raises(NoSuchOrder):
        company.sla(order, stranger)


# -- escalation ------------------------------------------------------------------------------------


def test_a_ladder_goes_up_the_reporting_line_step_by_step_and_once(company: Company) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 96 * HOUR / 60 - timedelta(seconds=1))
    assert company.fire() == []
    company.bench.clock.set(NINE + 96 * HOUR / 60)
    assert [one["percent"] for one in company.fire()] == [80]
    company.bench.clock.set(NINE + 5 * HOUR)
    assert [one["percent"] for one in company.fire()] == [100, 200]
    assert company.fire() == []
    told = company.escalations(order)
    assert [(one["percent"], one["whom"], one["role"]) for one in told] == [
        (80, [WANG], "dispatcher"),
        (100, [QIAN], "supervisor"),
        (200, [BOSS], "manager"),
    ]


def test_after_a_downtime_the_steps_are_caught_up_with_the_times_they_were_due(
    company: Company,
) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    told = company.escalations(order)
    assert [one["due_at"] for one in told] == [
        text(NINE + 1.6 * HOUR).replace("+00:00", "Z"),
        text(NINE + 2 * HOUR).replace("+00:00", "Z"),
        text(NINE + 4 * HOUR).replace("+00:00", "Z"),
    ]
    assert {one["at"] for one in told} == {text(NINE + 30 * HOUR)}


def test_of_an_order_nobody_was_sent_to_the_role_is_told(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.set(NINE + HOUR)
    company.fire()
    told = [(one["target"], one["percent"], one["whom"], one["role"])
            for one in company.escalations(order)]  # fmt: skip
    assert told == [("respond", 80, [], "dispatcher"), ("respond", 100, [], "supervisor")]


def test_a_timer_that_comes_while_it_is_paused_does_nothing_and_the_resumption_sets_a_later_one(
    company: Company,
) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + HOUR)
    company.do(order, "pause", wang, reason="parts")
    company.bench.clock.set(NINE + 3 * HOUR)
    assert company.fire() == []
    company.do(order, "resume", wang)
    company.bench.clock.set(NINE + 3.5 * HOUR)
    assert company.fire() == []
    company.bench.clock.set(NINE + 3.6 * HOUR)
    assert [one["percent"] for one in company.fire()] == [80]


def test_a_timer_for_what_is_met_by_then_does_nothing(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.bench.clock.advance(HOUR / 2)
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 2 * HOUR)
    assert company.fire() == []


def test_a_new_priority_moves_the_steps(company: Company) -> None:
    company.promise()
    order = company.submit()
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + HOUR)
    company.do(order, "prioritise", sun, priority="low")
    company.bench.clock.set(NINE + 9 * HOUR)
    assert company.fire() == []
    company.do(order, "prioritise", sun, priority="urgent")
    company.bench.clock.set(NINE + 10 * HOUR)
    assert [one["percent"] for one in company.fire()] == [80, 100]


def test_new_ladders_hold_for_every_open_order_at_once(company: Company) -> None:
    company.promise()
    company.set("ladders", ladders=[])
    order = company.submit(priority="urgent")
    company.do(order, "dispatch", sun, technician=WANG)
    company.bench.clock.set(NINE + 3 * HOUR)
    assert company.fire() == []
    company.set("ladders", ladders=[{"steps": [{"percent": 150, "up": 2}]}])
    assert [one["percent"] for one in company.fire()] == [150]
    company.set("ladders", ladders=[{"steps": [{"percent": 160, "up": 2}], "category": "lift"}])
    company.bench.clock.set(NINE + 9 * HOUR)
    assert company.fire() == []


def test_a_first_promise_holds_from_then_on_and_for_nothing_before(company: Company) -> None:
    before = company.submit(priority="urgent")
    company.bench.clock.advance(timedelta(seconds=1))
    company.promise()
    after = company.submit(priority="urgent")
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    assert company.sla(before)["targets"] == [] == company.escalations(before)
    assert company.escalations(after)


@pytest.mark.parametrize("due", [NINE, NINE + 9 * HOUR], ids=["not due", "due"])
def test_only_the_clock_escalates(company: Company, due: datetime) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    for caller in (boss, sun, wang, li):
        with pytest.raises(NotYoursToEscalate):
            company.bench.ask(
                "levels", "escalate", schemas.Escalate, caller, id=order, due=text(due)
            )


def test_an_escalation_does_not_disturb_who_works_on_the_order(company: Company) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    version = company.bench.log.load(ORDER, order)[1]
    company.bench.clock.set(NINE + 30 * HOUR)
    assert company.fire()
    company.do(order, "dispatch", sun, technician=WANG, expected_version=version)


def test_open_orders_that_were_escalated_are_counted(company: Company) -> None:
    company.promise()
    late, done = company.submit(priority="urgent"), company.submit(priority="urgent")
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    company.submit()
    assert company.escalations(late) and company.escalations(done)
    company.bench.ask(
        "orders", "decline", orders.Decline, sun, id=done, reason="not_ours", note="no"
    )
    found = {
        one.name: one.values for one in measures(company.bench.reader, company.bench.clock.now())
    }
    assert found["wuye_orders_escalated"] == {("repair", "plumbing"): 1}


def test_residents_see_when_it_is_due_and_not_who_was_told(company: Company) -> None:
    company.promise()
    order = company.submit(priority="urgent")
    company.bench.clock.set(NINE + 30 * HOUR)
    company.fire()
    found = company.sla(order, Caller(SUN, ()))  # the accepter, without any post
    assert found["targets"] and found["escalations"] == []
