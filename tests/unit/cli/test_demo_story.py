"""The plan of the demo's month: the same for a seed, plausible, and within the rules."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from cli.community import MEMBERS, Member
from cli.demo.calendar import Bookings, local
from cli.demo.odds import FATES
from cli.demo.step import Step
from cli.demo.story import FIRST_DAY, Story, plan
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.quotes.values import QuoteLine
from services.workorders.orders.domain.state import Order, evolve
from services.workorders.orders.domain.vocabulary import Material
from shared.errors import WuyeError
from shared.eventlog.records import Meta
from shared.identity.caller import Caller, Post

PEOPLE: dict[str, Member] = {member.login: member for member in MEMBERS}
BY_NAME: dict[str, type[c.Command]] = {
    one.name: one
    for one in (c.Submit, c.Dispatch, c.Start, c.Pause, c.Resume, c.HandBack, c.Transfer, c.Repair,
                c.Accept, c.Reject, c.Decline, c.Appeal, c.Rate, c.Cancel, c.Reopen,
                c.AnswerRating, qc.PutQuote, qc.AcceptQuote, qc.DeclineQuote)
}  # fmt: skip


MACHINE = Caller("service:workorders", (Post("service", "*"),))


@pytest.fixture(scope="module")
def month() -> Story:
    return plan(1, 31, 240)


def caller(login: str) -> Caller:
    return Caller(login, (Post(PEOPLE[login].role, "lakeside"),))


def command(step: Step) -> c.Command:
    """The step as the application would hand it to the domain."""
    request: dict[str, Any] = dict(step.request)
    by = caller(step.who)
    if step.method == "submit":
        resident = request.get("reporter") or step.who
        staff = PEOPLE[resident].unit is None
        return c.Submit(
            by=by,
            id=f"lakeside.{step.order}",
            number=str(step.order),
            kind=request["kind"],
            category=request["category"],
            building=request.get("building"),
            unit=request.get("unit"),
            reporter=request.get("reporter"),
            accepter=request.get("accepter") or resident,
            accepter_kind="staff" if staff else "resident",
            occupants=() if staff else (resident,),
            channel=request["channel"],
            description=request["description"],
        )
    if "technician" in request:
        request["technician_here"] = PEOPLE[request["technician"]].role == "technician"
    if "duplicate_of" in request:
        request["duplicate_of"] = f"lakeside.{request['duplicate_of']}"
    if "materials" in request:
        request["materials"] = tuple(Material(**one) for one in request["materials"])
    if "lines" in request:
        request["lines"] = tuple(QuoteLine(**one) for one in request["lines"])
        request["valid_until"] = datetime.fromisoformat(request["valid_until"])
    return BY_NAME[step.method](by=by, **request)


def play(story: Story) -> dict[int, Order]:
    """Every order at the story's end; fails where a step is against the rules."""
    orders: dict[int, Order] = {}
    for step in story.steps:
        state = orders.get(step.order, Order())
        if step.service == "billing":
            assert state.accepted_at is not None
            continue
        if step.method == "record_follow_up":
            assert state.checked or state.state == "rated"
            continue
        meta = Meta(
            actor=step.who, time=step.at, occurred_at=step.at, command_id="c",
            command_digest="d", correlation_id="c",
        )  # fmt: skip
        if "duplicate_of" in step.request:
            assert step.request["duplicate_of"] in orders
        if step.method == "accept" and step.who != state.accepter:
            # what the timers did meanwhile
            for timed in (c.Remind(by=MACHINE), c.RequestCheck(by=MACHINE)):
                [event] = decide(timed, state, meta)
                state = evolve(state, event, meta)
        try:
            for event in decide(command(step), state, meta):
                state = evolve(state, event, meta)
        except WuyeError as error:
            raise AssertionError(f"{step}: {error.message}") from error
        orders[step.order] = state
    return orders


def test_the_same_seed_gives_the_same_story(month: Story) -> None:
    assert plan(1, 31, 240) == month
    assert plan(2, 31, 240) != month


@pytest.mark.parametrize("seed", range(1, 26))
def test_no_step_breaks_a_rule(seed: int) -> None:
    orders = play(plan(seed, 12, 60))
    assert len(orders) > 50


def test_the_month_has_everything(month: Story) -> None:
    counts = Counter(step.method for step in month.steps)
    assert counts["submit"] >= 200
    assert set(month.fates) == set(FATES)
    rare = ("cancel", "decline", "appeal", "reject", "pause", "resume", "hand_back", "transfer",
            "reopen", "pay", "rate", "answer_rating", "record_follow_up", "quote", "accept_quote",
            "decline_quote")  # fmt: skip
    assert all(counts[method] for method in rare), counts
    submitted = [step.request for step in month.steps if step.method == "submit"]
    assert {one["kind"] for one in submitted} == {"repair", "complaint"}
    assert len({one["channel"] for one in submitted}) == 6
    assert len({one["description"] for one in submitted}) > 100
    stars = Counter(step.request["stars"] for step in month.steps if step.method == "rate")
    assert set(stars) == {1, 2, 3, 4, 5}
    assert stars[4] + stars[5] > stars[1] + stars[2] + stars[3]
    states = Counter(order.state for order in play(month).values())
    assert states["rated"] > 100
    assert states["cancelled"] and states["declined"]
    assert any(step.who == "supervisor" and "note" in step.request for step in month.steps)


def test_categories_are_those_of_the_platform(month: Story) -> None:
    for step in month.steps:
        if step.method == "submit":
            assert step.request["category"] in CATEGORIES[step.request["kind"]]


def test_steps_are_in_order_and_within_the_month(month: Story) -> None:
    assert all(one.at <= two.at for one, two in pairwise(month.steps))
    assert month.begin <= month.steps[0].at
    assert month.steps[-1].at < month.end
    assert month.end - month.begin == timedelta(days=31)


def test_technicians_work_by_day_and_on_one_thing_at_a_time(month: Story) -> None:
    working: dict[str, int] = {}
    for step in month.steps:
        if step.method in ("start", "resume"):
            assert 8 <= step.at.hour < 18
            assert working.setdefault(step.who, step.order) == step.order
        elif step.method in ("repair", "pause"):
            assert working.pop(step.who) == step.order


def test_the_eventful_order_has_money_and_stars(month: Story) -> None:
    methods = {step.method for step in month.steps if step.order == month.eventful}
    assert {"pay", "rate", "reject"} <= methods


def test_a_story_of_one_order() -> None:
    story = plan(3, 1, 1)
    assert story.eventful == 0
    assert play(story)


def test_bookings_leave_lunch_and_night_free_and_fill_gaps() -> None:
    hour = timedelta(hours=1)
    found = Bookings()
    at = [local(FIRST_DAY, time(8 + number)) for number in range(12)]
    assert found.first_free(at[0], hour) == at[0] + hour / 2
    found.book(at[1], 2 * hour)
    assert found.first_free(at[0], hour / 2) == at[0] + hour / 2
    assert found.first_free(at[1], hour) == at[3]
    found.book(at[3], hour)
    assert found.first_free(at[1], hour) == at[5] + hour / 2
    assert found.first_free(at[9], 2 * hour) == at[0] + timedelta(days=1, minutes=30)
