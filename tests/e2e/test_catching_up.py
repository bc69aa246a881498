"""What a caller has seen holds everywhere at once; what nobody waits for any more is not done.

Where a process is halted here, it is as if it were very slow.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from shared.errors import TimedOut, Unavailable
from tests.support.estate import Answer, Estate, Place, soon
from tests.support.lifecycle import Walk
from tests.support.stack import Stack
from tests.support.wire import Wire, error_of

on_stack = pytest.mark.integration


@pytest.fixture(scope="module")
def place(estate: Estate) -> Place:
    return estate.found("newtown", roles=("dispatcher",))


@pytest.fixture(scope="module")
def stack_place(stack_estate: Estate) -> Place:
    return stack_estate.found("slowtown", roles=("dispatcher",))


def submission(place: Place, **more: Any) -> dict[str, Any]:
    return {
        "community": place.community,
        "kind": "repair",
        "category": "plumbing",
        "unit": place.unit,
        "description": "漏水",
        **more,
    }


@contextmanager
def halted(stack: Stack, service: str, kind: str) -> Iterator[None]:
    process = stack.processes[service, kind]
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def test_somebody_just_registered_is_known_everywhere(estate: Estate, place: Place) -> None:
    for number in range(2):
        resident = estate.settle_in(place, "resident", login=f"newcomer-{number}")
        answer = resident.order("submit", **submission(place))
        assert answer["state"] == "submitted"
        assert resident.call("security", "me")["person"] == resident.id
        assert resident.call("billing", "list", community=place.community)["bills"] == []
        assert resident.call("notifications", "inbox")["unread"] == 0


def test_whoever_has_seen_somebody_registered_may_name_them(estate: Estate, place: Place) -> None:
    """The dispatcher's token is older than the resident: the call says what its caller has seen."""
    dispatcher = place.person("dispatcher")
    assert dispatcher.token
    do = estate.operator.call
    for _ in range(3):
        person = do("security", "register_person", community=place.community, name="新来的")["id"]
        do("security", "move_in", person=person, unit=place.unit, kind="tenant")
        seen = {"positions": {"security": estate.head("security")}}
        request = submission(place, accepter=person, channel="phone")
        answer = estate.transport.call("workorders", "submit", request, dispatcher.token, seen)
        assert answer["state"] == "submitted"


@on_stack
def test_as_long_as_a_service_has_not_heard_of_somebody_it_says_so(
    stack_estate: Estate, running_stack: Stack, stack_place: Place
) -> None:
    """It never denies them: ask again, and it works."""
    with halted(running_stack, "workorders", "work"):
        resident = stack_estate.settle_in(stack_place, "resident", login="early-bird")
        request = submission(stack_place, command_id=str(uuid4()))
        error = resident.refused(Unavailable, "workorders", "submit", **request)
        assert error.retry_after is not None
    done = soon("it is heard of", lambda: resident.order("submit", **request))
    assert done["version"] == 1


@on_stack
def test_a_list_that_is_behind_says_so_until_it_has_caught_up(
    stack_estate: Estate, running_stack: Stack
) -> None:
    walk = Walk(stack_estate).to("submitted")
    resident = stack_estate.person("resident1")
    with halted(running_stack, "workorders", "work"):
        answer = walk.do("resident1", "cancel")
        seen = {"at_least": answer["position"], "limit": 200}
        page = resident.order("list", **seen)
        assert page["behind"] is True
        versions = {order["id"]: order["version"] for order in page["orders"]}
        assert versions.get(walk.id) != 2
        assert resident.order("get", id=walk.id)["version"] == 2, "the order itself is never late"

    def level() -> Answer | None:
        found = resident.order("list", **seen)
        return None if found["behind"] else found

    page = soon("it has caught up", level)
    assert {order["id"]: order["version"] for order in page["orders"]}[walk.id] == 2


@on_stack
def test_a_command_that_is_too_late_is_dropped_unread(
    stack_estate: Estate, running_stack: Stack
) -> None:
    """Neither its token nor its content is looked at; the same in time is carried out."""
    resident = stack_estate.person("resident1")
    here = Place(stack_estate, stack_estate.community, "", stack_estate.unit)
    good = submission(here, command_id=str(uuid4()))
    before = stack_estate.head("workorders")

    def body(request: dict[str, Any]) -> bytes:
        return msgspec.json.encode({"args": [request], "kwargs": {}})

    with Wire(running_stack.broker_url) as wire:
        for request, token in ((good, resident.token), ({"colour": "red"}, "nonsense")):
            headers = {"nameko.auth_token": token, "nameko.deadline": str(time.time() - 0.001)}
            answer = wire.call("workorders", "submit", body(request), headers)
            assert error_of(answer)["code"] == "timed_out"
        assert stack_estate.head("workorders") == before
        headers = {"nameko.auth_token": resident.token, "nameko.deadline": str(time.time() + 20)}
        answer = wire.call("workorders", "submit", body(good), headers)
        assert answer["error"] is None and answer["result"]["version"] == 1


@on_stack
def test_what_its_caller_gave_up_is_not_done_afterwards(
    stack_estate: Estate, running_stack: Stack
) -> None:
    """The service was slow, and comes to the command when nobody waits for it any more."""
    resident = stack_estate.person("resident1")
    here = Place(stack_estate, stack_estate.community, "", stack_estate.unit)
    given_up = submission(here, command_id=str(uuid4()))
    before = stack_estate.head("workorders")
    with halted(running_stack, "workorders", "serve"), pytest.raises(TimedOut):
        running_stack.call("workorders", "submit", given_up, resident.token, seconds=0.3)
    after = resident.order("submit", **submission(here))
    told = stack_estate.facts("workorders", before)
    assert [event["subject"] for event in told] == [after["id"]]
