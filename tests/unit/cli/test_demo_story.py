"""The plan of the demo's month: the same for a seed, plausible, and within the rules."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest

from cli.community import MEMBERS, Member
from cli.demo.calendar import ZONE, Bookings, local
from cli.demo.odds import FATES
from cli.demo.step import Step
from cli.demo.story import FIRST_DAY, Story, plan
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.deferral import Defer
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.quotes.values import QuoteLine
from services.workorders.orders.domain.state import Order, evolve
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.domain.visits.values import Window
from services.workorders.orders.domain.vocabulary import Material
from shared.errors import WuyeError
from shared.eventlog.records import Meta
from shared.identity.caller import Caller, Post

PEOPLE: dict[str, Member] = {member.login: member for member in MEMBERS}
BY_NAME: dict[str, type[c.Command]] = {
    one.name: one
    for one in (c.Submit, c.Dispatch, c.Start, c.Pause, c.Resume, c.HandBack, c.Transfer, c.Repair,
                c.Accept, c.Reject, c.Decline, c.Appeal, c.Rate, c.Cancel, c.Reopen,
                c.AnswerRating, qc.PutQuote, qc.AcceptQuote, qc.DeclineQuote, qc.AcceptQuoteFor,
                qc.ConfirmAnswer, vc.OfferVisits, vc.ChooseVisit, vc.MoveVisit, vc.MissVisit, Defer)
}  # fmt: skip
IN_ZONE = ("offer_visits", "choose_visit", "move_visit", "miss_visit", "defer")
INQUIRIES = ("submit_inquiry", "answer_inquiry")

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
    if "windows" in request:
        request["windows"] = tuple(
            Window(**{end: datetime.fromisoformat(at) for end, at in one.items()})
            for one in request["windows"]
        )
    for moment in ("valid_until", "starts", "ends", "until"):
        if moment in request:
            request[moment] = datetime.fromisoformat(request[moment])
    if step.method == "quote":
        request["committee"] = True
        request["others"] = tuple(one.role for one in MEMBERS if one.login != step.who)
    if step.method in IN_ZONE:
        request["zone"] = ZONE.key
    return BY_NAME[step.method](by=by, **request)


def play(story: Story) -> dict[int, Order]:
    """Every order at the story's end; fails where a step is against the rules."""
    orders: dict[int, Order] = {}
    for step in story.steps:
        if step.method in INQUIRIES:
            continue
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
        # what the timers did meanwhile
        timed: list[c.Command] = []
        if state.deferred_until is not None and state.deferred_until <= step.at:
            timed = [c.Resume(by=MACHINE)]
        if step.method == "accept" and step.who != state.accepter:
            timed = [c.Remind(by=MACHINE), c.RequestCheck(by=MACHINE)]
        for one in timed:
            [event] = decide(one, state, meta)
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
            "decline_quote", "accept_quote_for", "confirm_quote_answer", "offer_visits",
            "choose_visit", "move_visit", "miss_visit", "defer",
            "submit_inquiry", "answer_inquiry")  # fmt: skip
    assert all(counts[method] for method in rare), counts
    submitted = [step.request for step in month.steps if step.method == "submit"]
    assert {one["kind"] for one in submitted} == {"repair", "complaint"}
    assert len({one["channel"] for one in submitted}) == 6
    assert len({one["description"] for one in submitted}) > 100
    answers = [step.who for step in month.steps if step.method == "accept_quote"]
    assert "committee" in answers and "manager" in answers
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


def test_work_by_appointment_starts_in_the_agreed_window(month: Story) -> None:
    agreed: dict[int, tuple[datetime, datetime]] = {}
    offered: dict[int, list[dict[str, str]]] = {}
    kept = missed = 0
    for step in month.steps:
        request, found = step.request, None
        if step.method == "offer_visits":
            offered[step.order] = request["windows"]
        elif step.method == "choose_visit":
            found = offered[step.order][request["window"] - 1]
        elif step.method == "move_visit":
            found = request
        elif step.method in ("start", "miss_visit") and step.order in agreed:
            starts, ends = agreed.pop(step.order)
            assert starts <= step.at <= ends, step
            kept += step.method == "start"
            missed += step.method == "miss_visit"
        if found is not None:
            starts, ends = (datetime.fromisoformat(found[end]) for end in ("starts", "ends"))
            agreed[step.order] = starts, ends
    assert kept > missed > 0


def test_what_is_put_off_is_not_started_before_its_date(month: Story) -> None:
    until: dict[int, datetime] = {}
    started = 0
    for step in month.steps:
        if step.method == "defer":
            until[step.order] = datetime.fromisoformat(step.request["until"])
        elif step.method == "start" and step.order in until:
            assert step.at >= until.pop(step.order), step
            started += 1
    assert started


def test_an_inquiry_is_answered_after_it_was_written(month: Story) -> None:
    asked: set[int] = set()
    for step in month.steps:
        if step.method == "submit_inquiry":
            assert step.order >= len(month.fates)
            asked.add(step.order)
        elif step.method == "answer_inquiry":
            assert step.order in asked


def test_the_eventful_order_has_a_quote_a_visit_money_stars_and_a_follow_up(month: Story) -> None:
    methods = {step.method for step in month.steps if step.order == month.eventful}
    assert {"accept_quote", "choose_visit", "pay", "rate", "reject", "record_follow_up"} <= methods


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
    assert [one for one, _ in islice(found.windows(at[0], hour), 2)] == [
        local(FIRST_DAY + timedelta(days=1), time(opens)) for opens in (9, 14)
    ]
    assert found.first_free(at[9], 2 * hour) == at[0] + timedelta(days=1, minutes=30)
