"""Well-formed commands that name the wrong thing, come at the wrong time, or come twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Refused, WuyeError
from tests.support.estate import SERVICES, Estate
from tests.support.lifecycle import Walk

NOWHERE = "lakeside.00000000-0000-4000-8000-000000000000"
REASON = {"reason": "because"}


def _named(estate: Estate) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """Every method about one thing that is there: the field that names it, and the other fields."""
    technician = {"technician": estate.person("technician1").id}
    orders: dict[str, dict[str, Any]] = {
        "dispatch": technician,
        "start": {},
        "pause": {"reason": "parts"},
        "resume": {},
        "hand_back": REASON,
        "transfer": technician,
        "repair": {"notes": "done"},
        "accept": {},
        "reject": REASON,
        "decline": {"reason": "cannot", "note": "no"},
        "appeal": {"text": "please"},
        "rate": {"stars": 5},
        "answer_rating": {"text": "sorry"},
        "cancel": {},
        "reopen": REASON,
        "remind": {},
        "request_check": {},
        "record_follow_up": {"outcome": "reached", "satisfied": True},
        "order_follow_ups": {},
        "comment": {"text": "hello"},
        "comments": {},
        "get": {},
        "history": {},
    }
    here = {"role": "guard", "community": estate.community}
    return {
        **{("workorders", method): ("id", rest) for method, rest in orders.items()},
        ("billing", "get"): ("id", {}),
        ("billing", "pay"): ("id", {"amount_fen": 1, "method": "cash"}),
        ("billing", "void"): ("id", REASON),
        ("notifications", "mark_read"): ("id", {}),
        ("security", "register_unit"): ("building", {"code": "9-999"}),
        ("security", "move_in"): ("person", {"unit": estate.unit, "kind": "owner"}),
        ("security", "move_out"): ("tenancy", {}),
        ("security", "forget_person"): ("person", {}),
        ("security", "open_account"): ("person", {"login": "nobody", "password": "12345678"}),
        ("security", "set_password"): ("account", {"password": "12345678"}),
        ("security", "grant"): ("account", here),
        ("security", "withdraw_grant"): ("account", {"post": NOWHERE}),
        ("security", "revoke_session"): ("session", {}),
        ("security", "person"): ("person", {}),
    }


def test_ids_of_nothing_and_of_other_things(estate: Estate, nothing_written: None) -> None:
    """Of no stream at all, of one of another service, and of another kind of thing in the log."""
    for (service, method), (field, rest) in _named(estate).items():
        for wrong in (NOWHERE, estate.unit):
            with pytest.raises(WuyeError) as found:
                estate.operator.call(service, method, **{field: wrong}, **rest)
            assert found.value.code == "not_found", (service, method, wrong, found.value)


def test_orders_of_another_community(
    estate: Estate, dispatched: Walk, accepted: Walk, nothing_written: None
) -> None:
    """Who has no business there does not even learn that the order exists."""
    for role in ("resident", "dispatcher", "manager", "technician"):
        stranger = estate.neighbours.person(role)
        for (service, method), (field, rest) in _named(estate).items():
            if service == "workorders":
                stranger.refused(NotFound, service, method, **{field: dispatched.id}, **rest)
        place = {"community": estate.community, "number": accepted.number}
        stranger.refused(NotFound, "workorders", "get", **place)
        assert stranger.order("list")["orders"] == []


def test_people_and_places_of_another_community(
    estate: Estate, submitted: Walk, dispatched: Walk, nothing_written: None
) -> None:
    there = estate.neighbours
    submission: dict[str, Any] = {
        "community": estate.community,
        "kind": "repair",
        "category": "plumbing",
        "description": "漏水",
    }
    resident, dispatcher = estate.person("resident1"), estate.person("dispatcher")
    for field, value in (
        ("unit", there.unit),
        ("building", there.building),
        ("accepter", there.person("resident").id),
        ("reporter", there.person("resident").id),
    ):
        error = resident.refused(Invalid, "workorders", "submit", **submission, **{field: value})
        assert list(error.fields) == [field]
    submission["community"] = there.community
    resident.refused(Forbidden, "workorders", "submit", **submission, unit=there.unit)
    technician = there.person("technician").id
    for walk, method in ((submitted, "dispatch"), (dispatched, "transfer")):
        error = dispatcher.refused(Invalid, "workorders", method, id=walk.id, technician=technician)
        assert list(error.fields) == ["technician"]
    copy = dispatched.id.replace(estate.community, there.community)
    decline = {"reason": "duplicate", "note": "twice", "duplicate_of": copy}
    error = dispatcher.refused(Invalid, "workorders", "decline", id=submitted.id, **decline)
    assert list(error.fields) == ["duplicate_of"]


def test_what_the_state_does_not_allow_says_what_it_allows(
    estate: Estate, submitted: Walk, dispatched: Walk, accepted: Walk, nothing_written: None
) -> None:
    """The way through the lifecycle is the table's; here each refusal is told in full."""
    technician = estate.person("technician1").id
    for walk, who, method, rest, reason, allowed in (
        (submitted, "resident1", "accept", {}, "not_yet_repaired", ["defer", "cancel"]),
        (submitted, "resident1", "rate", {"stars": 5}, "not_yet_accepted", ["defer", "cancel"]),
        (dispatched, "technician1", "resume", {}, "not_paused", None),
        (
            dispatched,
            "dispatcher",
            "dispatch",
            {"technician": technician},
            "already_dispatched",
            None,
        ),
        (accepted, "resident1", "accept", {}, "already_accepted", ["rate", "reopen"]),
        (accepted, "resident1", "cancel", {}, "already_accepted", ["rate", "reopen"]),
        (
            accepted,
            "dispatcher",
            "decline",
            {"reason": "cannot", "note": "no"},
            "already_accepted",
            [],
        ),
    ):
        error = estate.person(who).refused(Refused, "workorders", method, id=walk.id, **rest)
        assert error.reason == reason
        assert error.message
        if allowed is not None:
            assert error.allowed == allowed
        else:
            assert error.allowed and method not in error.allowed


def test_a_stale_version(estate: Estate, accepted: Walk, nothing_written: None) -> None:
    resident = estate.person("resident1")
    for version in (0, accepted.version - 1, accepted.version + 1):
        resident.refused(
            Conflict, "workorders", "rate", id=accepted.id, stars=5, expected_version=version
        )


def test_a_command_sent_twice_is_done_once(estate: Estate) -> None:
    """At once from many sides too: one order, and the same answer for everybody."""
    command = str(uuid4())
    request = {
        "community": estate.community,
        "kind": "repair",
        "category": "plumbing",
        "unit": estate.unit,
        "description": "漏水",
        "command_id": command,
    }
    resident = estate.person("resident1")
    assert resident.token
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: resident.order("submit", **request), range(8)))
    answers.append(resident.order("submit", **{**request, "command_id": command.upper()}))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["version"] == 1
    made = resident.order("history", id=answers[0]["id"])["events"]
    assert [event["command_id"] for event in made] == [command]

    cancel = {"id": answers[0]["id"], "command_id": str(uuid4())}
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda _: resident.order("cancel", **cancel), range(8)))
    assert all(answer == ends[0] for answer in ends)
    # the first answer, although it would be refused by now
    assert resident.order("submit", **request) == answers[0]

    error = resident.refused(
        Conflict, "workorders", "submit", **{**request, "description": "another"}
    )
    assert list(error.fields) == ["command_id"]
    neighbour = estate.person("resident2").order(
        "submit", **{**request, "unit": estate.demo.units["1-102"]}
    )
    assert neighbour["id"] != answers[0]["id"]


def test_unknown_methods_and_services(estate: Estate, nothing_written: None) -> None:
    resident = estate.person("resident1")
    for service in (*SERVICES, "workorders.log", "workorders.ops"):
        for method in ("no_such_method", "gate", "name", "__init__", "handle", "_do"):
            resident.refused(NotFound, service, method)
    with pytest.raises(WuyeError) as found:
        resident.call("nobody", "submit")
    assert found.value.code == "unavailable"
