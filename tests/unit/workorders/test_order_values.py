"""Values at and over their bounds, times that are claimed, and commands that nobody thought of."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.events import EVENTS
from services.workorders.orders.domain.lifecycle import EDGES
from services.workorders.orders.domain.vocabulary import Material
from shared.errors import Invalid, WuyeError
from shared.identity.caller import Caller, Post
from shared.privacy.personal import personal_fields
from shared.testing.scenario import NOON, at, meta
from tests.unit.workorders.cast import (
    HISTORIES,
    HOUR,
    accepted,
    agreed,
    command,
    fold,
    import_order,
    imported,
    li,
    machine,
    person,
    quoted,
    rated,
    repaired,
    submit,
    submitted,
    sun,
    wang,
)
from tests.unit.workorders.cast import given as orders_given

REPAIR = c.Repair(by=wang, notes="n")
NOT_STARS: list[Any] = [0, 6, -1, "5", 4.5, True, 10**400]


@pytest.mark.parametrize("field", ["stars", "speed", "attitude"])
@pytest.mark.parametrize("value", NOT_STARS, ids=lambda value: repr(value)[:9])
def test_stars_go_from_1_to_5(field: str, value: Any) -> None:
    bad = msgspec.structs.replace(c.Rate(by=li, stars=3), **{field: value})
    orders_given(*HISTORIES["accepted"]).when(bad).refused(Invalid, fields=[field])
    for good in (1, 5):
        event = msgspec.structs.replace(rated, **{"stars": 3, field: good})
        fine = msgspec.structs.replace(c.Rate(by=li, stars=3), **{field: good})
        orders_given(*HISTORIES["accepted"]).when(fine).then(event)


@pytest.mark.parametrize(
    ("field", "highest"), [("minutes", 100_000), ("charge_fen", 10_000_000_000)]
)
def test_labour_and_charges_are_whole_and_bounded(field: str, highest: int) -> None:
    history = (*HISTORIES["waiting"], quoted(10_000_000_000), agreed(10_000_000_000))
    for value in (0, highest):
        fine = msgspec.structs.replace(REPAIR, **{field: value})
        expected = repaired(**{"notes": "n", "minutes": 0, field: value})
        orders_given(*history).when(fine).then(expected)
    for wrong in (-1, highest + 1, 1.5, "1", False):
        bad = msgspec.structs.replace(REPAIR, **{field: wrong})
        orders_given(*history).when(bad).refused(Invalid, fields=[field])


@pytest.mark.parametrize(
    ("material", "field"),
    [
        (Material(name=" ", quantity=1, unit_cost_fen=0), "name"),
        (Material(name="washer", quantity=0, unit_cost_fen=0), "quantity"),
        (Material(name="washer", quantity=1_000_001, unit_cost_fen=0), "quantity"),
        (Material(name="washer", quantity=1, unit_cost_fen=-1), "unit_cost_fen"),
        (Material(name="washer", quantity=1, unit_cost_fen=10_000_000_001), "unit_cost_fen"),
    ],
)
def test_materials_are_named_counted_and_priced(material: Material, field: str) -> None:
    good = Material(name="垫圈", quantity=2, unit_cost_fen=50)
    bad = c.Repair(by=wang, notes="n", materials=(good, material))
    orders_given(*HISTORIES["working"]).when(bad).refused(Invalid, fields=[f"materials.1.{field}"])
    fine = c.Repair(by=wang, notes="n", materials=(good,), photos=("p1",))
    orders_given(*HISTORIES["working"]).when(fine).then(
        repaired(notes="n", minutes=0, materials=(good,), photos=("p1",))
    )


# -- imports -------------------------------------------------------------------------------------


def test_closed_there_is_repaired_here_and_open_is_submitted() -> None:
    state = orders_given().when(import_order()).then(imported())
    assert (state.state, state.submitted_at) == ("repaired", imported().submitted_at)
    still_open = import_order(closed=False, closed_at=None, status="Open")
    state = (
        orders_given()
        .when(still_open)
        .then(imported(state="submitted", closed_at=None, status="Open"))
    )
    assert (state.state, state.accepter) == ("submitted", None)
    undated = import_order(closed_at=None)
    orders_given().when(undated).then(imported(closed_at=None))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closed_at": NOON - timedelta(days=3001)}, "closed_at"),
        ({"closed_at": NOON + HOUR}, "closed_at"),
        ({"closed_at": datetime(2020, 1, 1)}, "closed_at"),
        ({"submitted_at": NOON + HOUR}, "submitted_at"),
        ({"submitted_at": datetime(2010, 1, 1)}, "submitted_at"),
        ({"source": ""}, "source"),
        ({"source_id": " "}, "source_id"),
        ({"kind": "praise"}, "kind"),
        ({"category": ""}, "category"),
    ],
)
def test_imports_refuse_bad_values(changes: dict[str, Any], field: str) -> None:
    orders_given().when(import_order(**changes)).refused(Invalid, fields=[field])


# -- claimed times -------------------------------------------------------------------------------

EIGHT_DAYS_AGO = NOON - timedelta(days=8)
LONG_AGO = (at(EIGHT_DAYS_AGO, submitted()), at(EIGHT_DAYS_AGO, HISTORIES["waiting"][1]))
START = c.Start(by=wang)


def test_a_technician_says_when_within_7_days_and_5_minutes() -> None:
    for claimed in (NOON - timedelta(days=7), NOON - HOUR, NOON + timedelta(minutes=5)):
        assert orders_given(*LONG_AGO).when(START, at=NOON, occurred_at=claimed).error is None
    for claimed in (
        NOON - timedelta(days=7, seconds=1),
        NOON + timedelta(minutes=5, seconds=1),
        datetime(2026, 3, 2, 11),
    ):
        outcome = orders_given(*LONG_AGO).when(START, at=NOON, occurred_at=claimed)
        outcome.refused(Invalid, fields=["occurred_at"])


def test_nothing_happens_to_an_order_before_it_was_submitted() -> None:
    history = (at(NOON, submitted(), occurred_at=NOON - HOUR), HISTORIES["waiting"][1])
    early = orders_given(*history).when(START, occurred_at=NOON - HOUR - timedelta(seconds=1))
    early.refused(Invalid, fields=["occurred_at"])
    orders_given(*history).when(START, occurred_at=NOON - HOUR).then(HISTORIES["working"][2])
    remind = c.Remind(by=machine)
    outcome = orders_given(*HISTORIES["repaired"]).when(remind, occurred_at=NOON - HOUR)
    outcome.refused(Invalid, fields=["occurred_at"])


@pytest.mark.parametrize("roles", [("technician",), ("dispatcher",), ("service",)])
def test_claimants_may_say_when(roles: tuple[str, ...]) -> None:
    by = person("x", *roles)
    orders_given().when(submit(by, reporter="mei"), occurred_at=NOON - HOUR).then(
        submitted(taken_by="x")
    )


@pytest.mark.parametrize("role", ["resident", "committee", "guard", "supervisor", "manager"])
def test_others_may_not_say_when(role: str) -> None:
    by = person("mei", role)
    outcome = orders_given().when(submit(by), occurred_at=NOON - HOUR)
    outcome.refused(r.MayNotClaimTime, fields=["occurred_at"])
    future = orders_given().when(submit(by), occurred_at=NOON + HOUR)
    future.refused(Invalid, fields=["occurred_at"])


def test_a_post_elsewhere_lets_nobody_say_when_here() -> None:
    by = Caller("mei", (Post("resident", "sunny"), Post("technician", "elsewhere")))
    outcome = orders_given().when(submit(by), occurred_at=NOON - HOUR)
    outcome.refused(r.MayNotClaimTime)


def test_a_service_brings_in_any_past() -> None:
    old = NOON - timedelta(days=3000)
    orders_given().when(import_order(), occurred_at=old).then(imported())
    outcome = orders_given().when(submit(sun, reporter="mei"), occurred_at=old)
    outcome.refused(Invalid, fields=["occurred_at"])


# -- whatever comes ------------------------------------------------------------------------------

EVERY_POST = tuple(
    Post(role, "*") for role in sorted({role for edge in EDGES for role in edge.roles})
)
ANYBODY = st.sampled_from([Caller("li", EVERY_POST), Caller("wang", EVERY_POST), sun])
FIRST_MOMENT = datetime.min.replace(tzinfo=timezone(timedelta(hours=8)))
WHATEVER: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8)
    | st.sampled_from(["repair", "resident", "page", "parts", "duplicate"]),
    int: st.integers(),
    datetime: st.datetimes() | st.datetimes(timezones=st.timezones()),
    Caller: ANYBODY,
}


def _whatever(cls: type[c.Command]) -> st.SearchStrategy[c.Command]:
    return st.builds(
        cls,
        **{field.name: _field(field.type) for field in msgspec.structs.fields(cls)},
    )


def _field(hint: Any) -> st.SearchStrategy[Any]:
    if hint in WHATEVER:
        return WHATEVER[hint]
    return st.from_type(hint)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    situation=st.sampled_from(sorted(HISTORIES)),
    wanted=st.sampled_from(c.Command.__subclasses__()).flatmap(_whatever),
)
@example(situation="accepted", wanted=c.Rate(by=li, stars=10**400))
@example(situation="none", wanted=import_order(submitted_at=FIRST_MOMENT))
def test_decide_answers_events_or_a_typed_error_whatever_comes(
    situation: str, wanted: c.Command
) -> None:
    try:
        events = decide(wanted, fold(*HISTORIES[situation]), meta())
    except WuyeError as error:
        assert str(error)
        return
    for event in events:
        kind = EVENTS[type(event).__name__][1]
        assert msgspec.convert(msgspec.to_builtins(event), kind) == event


def test_every_event_comes_back_from_its_own_json() -> None:
    for situation, history in HISTORIES.items():
        for event in (*history, accepted()):
            revived = msgspec.json.decode(msgspec.json.encode(event), type=type(event))
            assert revived == event, situation


def test_personal_words_are_marked_in_every_event() -> None:
    marked = {
        f"{name}.{field.name}": field.of
        for name, (_, cls) in EVENTS.items()
        for field in personal_fields(cls)
    }
    assert marked == {
        "WorkOrderSubmitted.description": "author",
        "WorkOrderImported.description": "@actor",
        "WorkOrderPaused.note": "@actor",
        "WorkOrderHandedBack.reason": "@actor",
        "WorkOrderTransferred.reason": "@actor",
        "WorkOrderRepaired.notes": "@actor",
        "WorkOrderRejected.reason": "@actor",
        "WorkOrderDeclined.note": "@actor",
        "WorkOrderAppealed.text": "@actor",
        "WorkOrderAccepted.note": "@actor",
        "WorkOrderRated.comment": "@actor",
        "WorkOrderRatingAnswered.text": "@actor",
        "WorkOrderReopened.reason": "@actor",
        "WorkOrderSubOrderAdded.description": "@actor",
        "WorkOrderVisitMoved.reason": "@actor",
        "WorkOrderVisitMissed.note": "@actor",
        "WorkOrderVisitCancelled.reason": "@actor",
        "WorkOrderDeferred.reason": "@actor",
        "WorkOrderQuoted.note": "@actor",
        "WorkOrderQuoteAccepted.note": "@actor",
        "WorkOrderQuoteDeclined.note": "@actor",
        "WorkOrderQuoteDeclined.reason": "@actor",
        "WorkOrderQuoteAnswerObjected.reason": "@actor",
    }


def test_the_cast_knows_every_command() -> None:
    for cls in c.Command.__subclasses__():
        assert type(command(cls.name, li)) is cls
