"""An order from submitted to rated, and every way aside, as the people see it who go that way."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.errors import Forbidden, Refused
from tests.support.estate import Estate, Place
from tests.support.lifecycle import STATES, Walk

REASON = {"reason": "因为 because"}
Step = tuple[str, str, dict[str, Any], str, str]


@pytest.fixture(scope="module")
def quarter(estate: Estate) -> Place:
    """A community next door where other orders are made."""
    return estate.found("quarter", roles=("manager", "dispatcher"))


def go(walk: Walk, *steps: Step) -> None:
    """Each step: who does what with which fields; the state and activity it must lead to."""
    manager = walk.estate.person("manager")
    for who, method, request, state, activity in steps:
        version = walk.version
        answer = walk.do(who, method, **request)
        seen = manager.order("get", id=walk.id)
        assert (answer["state"], seen["activity"]) == (state, activity), (who, method)
        assert (seen["state"], seen["version"]) == (state, version + 1)


def test_both_kinds_go_from_submitted_to_rated(estate: Estate) -> None:
    for kind, category, letter in (("repair", "plumbing", "R"), ("complaint", "noise", "C")):
        walk = Walk(estate, kind=kind, category=category)
        steps = (walk.submit, walk.dispatch, walk.repair, walk.accept, walk.rate)
        answers = [step() for step in steps]
        for answer in answers:
            assert answer.keys() == {"id", "number", "state", "version", "log", "position"}
        assert tuple(answer["state"] for answer in answers) == STATES
        assert [answer["version"] for answer in answers] == [1, 2, 3, 4, 5]
        assert {(answer["id"], answer["log"]) for answer in answers} == {(walk.id, "workorders")}
        assert walk.id.startswith(f"{estate.community}.")
        positions = [answer["position"] for answer in answers]
        assert positions == sorted(set(positions))

        seen = estate.person("resident1").order("get", id=walk.id)
        assert {answer["number"] for answer in answers} == {seen["number"]}
        submitted = datetime.fromisoformat(seen["submitted_at"])
        year = submitted.astimezone(ZoneInfo("Asia/Shanghai")).year
        assert re.fullmatch(rf"{letter}-{year}-\d{{6}}", seen["number"])
        resident, technician = estate.person("resident1").id, estate.person("technician1").id
        assert (seen["reporter"], seen["accepter"]) == (resident, resident)
        assert (seen["technician"], seen["repairers"]) == (technician, [technician])
        assert (seen["state"], seen["activity"], seen["version"]) == ("rated", "waiting", 5)
        assert (seen["kind"], seen["category"], seen["unit"]) == (kind, category, estate.unit)
        assert (seen["description"], seen["channel"]) == ("厨房漏水", "page")
        assert seen["allowed"] == ["reopen"]


def test_orders_are_numbered_by_kind_in_each_community(estate: Estate, quarter: Place) -> None:
    first, second = Walk(estate).to("submitted"), Walk(estate).to("submitted")
    complaint = Walk(estate, kind="complaint", category="noise").to("submitted")
    assert int(second.number.split("-")[2]) > int(first.number.split("-")[2])
    other = quarter.person("resident").order(
        "submit",
        community=quarter.community,
        kind="complaint",
        category="noise",
        unit=quarter.unit,
        description="夜里太吵",
    )
    assert (complaint.number[0], other["number"][0]) == ("C", "C")
    assert int(other["number"].split("-")[2]) == 1


def test_work_that_is_paused_goes_on_where_it_stopped(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    parts, absent = {"reason": "parts"}, {"reason": "resident_absent"}
    go(
        walk,
        ("technician1", "pause", parts, "dispatched", "paused"),
        ("dispatcher", "resume", {}, "dispatched", "waiting"),
        ("technician1", "start", {}, "dispatched", "working"),
        ("dispatcher", "pause", absent, "dispatched", "paused"),
    )
    error = estate.person("technician1").refused(
        Refused, "workorders", "repair", id=walk.id, notes="done"
    )
    assert error.reason == "order_paused" and "resume" in (error.allowed or [])
    go(
        walk,
        ("technician1", "resume", {}, "dispatched", "working"),
        ("technician1", "repair", {"notes": "done"}, "repaired", "waiting"),
    )


def test_what_is_handed_back_waits_to_be_dispatched_again(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    another = {"technician": estate.person("technician2").id}
    go(
        walk,
        ("technician1", "start", {}, "dispatched", "working"),
        ("technician1", "hand_back", REASON, "submitted", "waiting"),
    )
    assert estate.person("resident1").order("get", id=walk.id)["technician"] is None
    estate.person("technician1").refused(Forbidden, "workorders", "repair", id=walk.id, notes="x")
    go(
        walk,
        ("dispatcher", "dispatch", another, "dispatched", "waiting"),
        ("technician2", "repair", {"notes": "done"}, "repaired", "waiting"),
    )


def test_a_transfer_takes_the_order_from_one_technician_to_another(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    second, third = (estate.person(f"technician{number}").id for number in (2, 3))
    go(
        walk,
        ("technician1", "start", {}, "dispatched", "working"),
        ("technician1", "transfer", {"technician": second, **REASON}, "dispatched", "waiting"),
        ("dispatcher", "transfer", {"technician": third}, "dispatched", "waiting"),
    )
    for number in (1, 2):
        estate.person(f"technician{number}").refused(
            Forbidden, "workorders", "repair", id=walk.id, notes="x"
        )
    go(walk, ("technician3", "repair", {"notes": "done"}, "repaired", "waiting"))


def test_a_rejected_repair_is_done_again_by_the_same_technician(estate: Estate) -> None:
    walk = Walk(estate).to("repaired")
    go(
        walk,
        ("resident1", "reject", REASON, "dispatched", "waiting"),
        ("technician1", "repair", {"notes": "done better"}, "repaired", "waiting"),
        ("resident1", "accept", {}, "accepted", "waiting"),
        ("resident1", "rate", {"stars": 3, "speed": 2, "attitude": 5}, "rated", "waiting"),
    )


def test_a_declined_order_is_looked_at_again_after_an_appeal(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    cannot = {"reason": "cannot", "note": "没有零件"}
    go(
        walk,
        ("dispatcher", "decline", cannot, "declined", "waiting"),
        ("resident1", "appeal", {"text": "请再看一次"}, "submitted", "waiting"),
    )
    assert estate.person("resident1").order("get", id=walk.id)["technician"] is None
    other = Walk(estate).to("submitted")
    duplicate = {"reason": "duplicate", "note": "twice", "duplicate_of": other.id}
    go(walk, ("manager", "decline", duplicate, "declined", "waiting"))
    told = estate.person("resident1").order("history", id=walk.id)["events"]
    assert told[-1]["data"]["duplicate_of"] == other.id


def test_an_order_is_cancelled_until_work_on_it_begins(estate: Estate) -> None:
    for state in ("submitted", "dispatched"):
        walk = Walk(estate).to(state)
        go(walk, ("resident1", "cancel", {}, "cancelled", "waiting"))
    walk = Walk(estate).to("dispatched")
    walk.do("technician1", "start")
    error = estate.person("resident1").refused(Refused, "workorders", "cancel", id=walk.id)
    assert error.reason == "work_begun"


def test_what_is_still_wrong_is_reopened_accepted_and_rated_again(estate: Estate) -> None:
    walk = Walk(estate).to("accepted")
    again: tuple[Step, ...] = (
        ("resident1", "reopen", REASON, "dispatched", "waiting"),
        ("technician1", "repair", {"notes": "done"}, "repaired", "waiting"),
        ("resident1", "accept", {}, "accepted", "waiting"),
        ("resident1", "rate", {"stars": 2}, "rated", "waiting"),
    )
    go(walk, *again)
    go(walk, *again)
    told = estate.person("resident1").order("history", id=walk.id)["events"]
    assert sum(event["type"] == "WorkOrderRated" for event in told) == 2


def test_nobody_but_its_accepter_accepts_rejects_reopens_or_rates(estate: Estate) -> None:
    repaired, accepted = Walk(estate).to("repaired"), Walk(estate).to("accepted")
    for who in ("technician1", "dispatcher", "manager", "resident2"):
        for walk, method, request in (
            (repaired, "accept", {}),
            (repaired, "reject", REASON),
            (accepted, "reopen", REASON),
            (accepted, "rate", {"stars": 5}),
        ):
            estate.person(who).refused(Forbidden, "workorders", method, id=walk.id, **request)


def test_a_technician_who_is_the_named_checker_does_not_accept_their_own_work(
    estate: Estate,
) -> None:
    checker = estate.person("technician1")
    walk = Walk(estate, resident="dispatcher")
    walk.submit(unit=None, accepter=checker.id, category="public_area")
    walk.dispatch()
    walk.repair()
    error = checker.refused(Refused, "workorders", "accept", id=walk.id)
    assert error.reason == "own_work"
    go(walk, ("supervisor", "accept", {}, "accepted", "waiting"))
    checker.refused(Forbidden, "workorders", "rate", id=walk.id, stars=5)


def test_a_technician_at_home_does_not_accept_or_rate_their_own_work(
    estate: Estate, quarter: Place
) -> None:
    """They live where they repaired: as the resident it was made for they might."""
    handyman = estate.settle_in(quarter, "resident", "technician", login="handyman")
    estate.settle()
    walk = Walk(estate, resident="handyman", technician="handyman")
    walk.submit(community=quarter.community, unit=quarter.unit)
    dispatcher, manager = quarter.person("dispatcher"), quarter.person("manager")
    dispatcher.order("dispatch", id=walk.id, technician=handyman.id)
    walk.repair()
    assert handyman.refused(Refused, "workorders", "accept", id=walk.id).reason == "own_work"
    manager.order("accept", id=walk.id)
    error = handyman.refused(Refused, "workorders", "rate", id=walk.id, stars=5)
    assert error.reason == "checked_by_staff"


def test_staff_check_what_nobody_answers(estate: Estate) -> None:
    """It is on the board until they did, and counts neither as satisfaction nor as a rating."""
    walk = Walk(estate).to("repaired")
    supervisor = estate.person("supervisor")
    early = estate.operator.refused(Refused, "workorders", "request_check", id=walk.id)
    assert early.reason == "not_reminded"
    estate.operator.order("remind", id=walk.id)
    supervisor.refused(Forbidden, "workorders", "accept", id=walk.id)
    asked = estate.operator.order("request_check", id=walk.id)

    def to_check(at_least: int) -> list[str]:
        found = supervisor.order("board", check_due=True, at_least=at_least)
        return [order["id"] for lane in found["lanes"] for order in lane["orders"]]

    assert walk.id in to_check(asked["position"])
    for who in ("technician1", "dispatcher"):
        estate.person(who).refused(Forbidden, "workorders", "accept", id=walk.id)
    done = walk.do("supervisor", "accept", note="水已不漏")
    assert walk.id not in to_check(done["position"])
    error = estate.person("resident1").refused(Refused, "workorders", "rate", id=walk.id, stars=5)
    assert error.reason == "checked_by_staff"
    walk.do("resident1", "reopen", **REASON)


def test_a_service_reminds_of_a_repair_once(estate: Estate) -> None:
    walk = Walk(estate).to("repaired")
    estate.operator.order("remind", id=walk.id)
    error = estate.operator.refused(Refused, "workorders", "remind", id=walk.id)
    assert error.reason == "already_reminded"
    estate.person("manager").refused(Forbidden, "workorders", "remind", id=walk.id)
    assert estate.person("resident1").order("get", id=walk.id)["state"] == "repaired"
