"""Every transition is told to just the people it concerns, in their language, once in the inbox.

Whom each sentence concerns stands here as a table of its own, by what people expect.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.support.estate import Answer, Estate
from tests.support.lifecycle import Walk, a_quote

RESIDENT = "resident8"  # speaks English
NOTICE = tuple[str, str]
CANNOT = {"reason": "cannot", "note": "no parts"}
REASON = {"reason": "because"}

# who does what with which fields, and who is told which sentence of it
Step = tuple[str, str, dict[str, Any], set[NOTICE]]


def technician(number: int) -> dict[str, str]:
    return {"technician": f"technician{number}"}


LONG_WAY: tuple[Step, ...] = (
    (RESIDENT, "submit", {}, {("dispatcher", "order_submitted")}),
    (
        "dispatcher",
        "dispatch",
        technician(1),
        {("technician1", "order_assigned"), (RESIDENT, "order_dispatched")},
    ),
    ("technician1", "start", {}, {(RESIDENT, "order_started")}),
    (
        "technician1",
        "pause",
        {"reason": "parts"},
        {(RESIDENT, "order_paused"), ("dispatcher", "order_paused_staff")},
    ),
    (
        "dispatcher",
        "resume",
        {},
        {(RESIDENT, "order_resumed"), ("technician1", "order_resumed_staff")},
    ),
    (
        "technician1",
        "hand_back",
        REASON,
        {(RESIDENT, "order_handed_back"), ("dispatcher", "order_handed_back_staff")},
    ),
    (
        "supervisor",
        "dispatch",
        technician(2),
        {("technician2", "order_assigned"), (RESIDENT, "order_dispatched")},
    ),
    (
        "dispatcher",
        "transfer",
        technician(3),
        {
            ("technician3", "order_transferred_to"),
            ("technician2", "order_transferred_from"),
            (RESIDENT, "order_transferred"),
        },
    ),
    ("technician3", "repair", {"notes": "done"}, {(RESIDENT, "order_repaired")}),
    ("", "remind", {}, {(RESIDENT, "order_reminded")}),
    (
        "",
        "request_check",
        {},
        {("supervisor", "order_check_requested"), ("manager", "order_check_requested")},
    ),
    (
        RESIDENT,
        "reject",
        REASON,
        {("technician3", "order_rejected"), ("dispatcher", "order_rejected")},
    ),
    ("technician3", "quote", a_quote(1250), {(RESIDENT, "order_quoted")}),
    ("dispatcher", "withdraw_quote", {"quote": 1}, {(RESIDENT, "order_quote_withdrawn")}),
    ("dispatcher", "quote", a_quote(1250, "fund"), {("committee", "order_quoted_committee")}),
    (
        "committee",
        "decline_quote",
        {"quote": 2},
        {("technician3", "order_quote_declined"), ("dispatcher", "order_quote_declined")},
    ),
    ("technician3", "quote", a_quote(1250), {(RESIDENT, "order_quoted")}),
    (RESIDENT, "accept_quote", {"quote": 3}, {("technician3", "order_quote_accepted")}),
    (
        "technician3",
        "repair",
        {"notes": "done", "charge_fen": 1250},
        {(RESIDENT, "order_repaired")},
    ),
    (RESIDENT, "accept", {}, {("technician3", "order_accepted"), (RESIDENT, "bill_raised")}),
    (
        RESIDENT,
        "rate",
        {"stars": 2},
        {
            ("technician3", "order_rated"),
            ("supervisor", "order_rated_low"),
            ("manager", "order_rated_low"),
        },
    ),
    ("dispatcher", "answer_rating", {"text": "抱歉"}, {(RESIDENT, "order_rating_answered")}),
    (
        RESIDENT,
        "reopen",
        REASON,
        {("technician3", "order_reopened"), ("dispatcher", "order_reopened")},
    ),
    (
        "manager",
        "decline",
        CANNOT,
        {(RESIDENT, "order_declined"), ("technician3", "order_declined_staff")},
    ),
    (
        RESIDENT,
        "appeal",
        {"text": "please"},
        {(name, "order_appealed") for name in ("dispatcher", "supervisor", "manager")},
    ),
    (RESIDENT, "cancel", {}, {("dispatcher", "order_cancelled_staff")}),
)


class Told:
    """What was posted about one order, told apart by the event that it was posted for."""

    def __init__(self, estate: Estate, walk: Walk, since: int) -> None:
        self.walk = walk
        self.events = estate.operator.order("history", id=walk.id)["events"]
        self.facts = [fact for fact in estate.facts("notifications", since) if self._is_about(fact)]

    def of(self, event: Answer, names: dict[str, str]) -> Counter[NOTICE]:
        return Counter(
            (names.get(fact["data"]["person"], "?"), fact["data"]["template"])
            for fact in self.facts
            if fact["correlationid"] == event["correlation_id"]
        )

    def _is_about(self, fact: Answer) -> bool:
        data = fact["data"]
        params: dict[str, Any] = data["params"]
        return self.walk.id == data["about"] or self.walk.number == params.get("order_number")


@pytest.fixture(scope="module")
def told(estate: Estate) -> Told:
    estate.settle()
    since = estate.head("notifications")
    walk = Walk(estate, resident=RESIDENT, unit="2-102")
    for who, method, request, _ in LONG_WAY:
        if method == "submit":
            walk.submit()
            continue
        if "technician" in request:
            request = {"technician": estate.person(request["technician"]).id}
        if who:
            walk.do(who, method, **request)
        else:
            estate.operator.order(method, id=walk.id, **request)
    estate.settle()
    return Told(estate, walk, since)


@pytest.fixture
def names(estate: Estate) -> dict[str, str]:
    return {person: login for login, person in estate.demo.people.items()}


def test_every_transition_is_told_once_to_just_those_it_concerns(
    told: Told, names: dict[str, str]
) -> None:
    assert len(told.events) == len(LONG_WAY)
    for (_, method, _, expected), event in zip(LONG_WAY, told.events, strict=True):
        assert told.of(event, names) == Counter(expected), method
    assert len(told.facts) == sum(len(expected) for *_, expected in LONG_WAY)


def test_everybody_finds_it_once_in_their_inbox(
    estate: Estate, told: Told, names: dict[str, str]
) -> None:
    expected: dict[str, list[str]] = {login: [] for login in names.values()}
    for *_, notices in LONG_WAY:
        for login, template in notices:
            expected[login].append(template)
    for login in (RESIDENT, "resident1", "dispatcher", "supervisor", "manager", "technician3"):
        page = estate.person(login).call("notifications", "inbox", limit=200)
        mine = [
            one
            for one in page["notifications"]
            if one["about"] == told.walk.id or one["params"].get("order_number") == told.walk.number
        ]
        assert Counter(one["template"] for one in mine) == Counter(expected[login]), login
        in_order = [one["template"] for one in reversed(mine)]
        if login == RESIDENT:
            assert in_order[:3] == ["order_dispatched", "order_started", "order_paused"]
            # the bill comes from another log, in its own time
            assert [one for one in in_order if one != "bill_raised"][-1] == "order_declined"


def test_people_are_told_in_their_language(estate: Estate, told: Told) -> None:
    texts = {
        (one["template"], login): one["text"]
        for login in (RESIDENT, "technician2", "technician3", "dispatcher")
        for one in estate.person(login).call("notifications", "inbox", limit=200)["notifications"]
        if one["number"] == told.walk.number or one["template"] == "bill_raised"
    }
    number = told.walk.number
    assert texts["order_started", RESIDENT] == f"Work on your repair {number} has begun."
    assert texts["bill_raised", RESIDENT].endswith(f"for {number} is ready: ¥12.50 to pay.")
    assert texts["order_accepted", "technician3"] == f"The repair {number} was accepted."
    for text in (texts["order_assigned", "technician2"], texts["order_submitted", "dispatcher"]):
        assert number in text and "报修" in text


def test_what_was_read_is_no_longer_counted(estate: Estate, told: Told) -> None:
    resident = estate.person(RESIDENT)
    before = resident.call("notifications", "inbox", unread=True)
    newest = before["notifications"][0]
    answer = resident.call("notifications", "mark_read", id=newest["id"])
    after = resident.call("notifications", "inbox", unread=True, at_least=answer["position"])
    assert after["unread"] == before["unread"] - 1
    assert newest["id"] not in {one["id"] for one in after["notifications"]}


def test_whoever_takes_an_order_down_for_a_resident_lets_them_know(
    estate: Estate, names: dict[str, str]
) -> None:
    """By phone, the dispatcher writes it down: only the resident has something to learn."""
    estate.settle()
    since = estate.head("notifications")
    walk = Walk(estate, resident="dispatcher", unit="2-102")
    walk.submit(accepter=estate.person(RESIDENT).id, channel="phone")
    estate.settle()
    found = Told(estate, walk, since)
    assert found.of(found.events[0], names) == Counter([(RESIDENT, "order_taken_down")])


def test_people_of_other_communities_are_told_nothing(estate: Estate, told: Told) -> None:
    there = estate.neighbours
    for role in ("manager", "dispatcher", "technician", "resident"):
        inbox = there.person(role).call("notifications", "inbox", limit=200)["notifications"]
        assert [one for one in inbox if not one["id"].startswith(f"{there.community}.")] == []
