"""A command sent again by its id, and many commands of many people in one batch."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from shared.errors import Conflict, Refused
from tests.support.estate import Answer, Estate
from tests.support.lifecycle import Walk

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_every_command_sent_again_answers_as_the_first_time(estate: Estate) -> None:
    """Also when the order has long gone on, where the same under another id would be refused."""
    walk = Walk(estate)
    first: list[tuple[Any, dict[str, Any], Answer]] = []
    for step in (walk.submit, walk.dispatch, walk.repair, walk.accept, walk.rate):
        command: dict[str, Any] = {"command_id": str(uuid4())}
        first.append((step, command, step(**command)))
    for step, command, answer in first:
        assert step(**command) == answer
    told = estate.person("resident1").order("history", id=walk.id)["events"]
    assert [event["command_id"] for event in told] == [
        command["command_id"] for _, command, _ in first
    ]


def test_the_same_id_with_other_content_is_a_conflict(estate: Estate) -> None:
    walk = Walk(estate).to("accepted")
    command = str(uuid4())
    walk.rate(5, command_id=command)
    for who, method, request in (
        ("resident1", "rate", {"stars": 4}),
        ("resident1", "reopen", {"reason": "because"}),
        ("technician1", "rate", {"stars": 5}),
    ):
        error = estate.person(who).refused(
            Conflict, "workorders", method, id=walk.id, command_id=command, **request
        )
        assert list(error.fields) == ["command_id"]


def test_a_refusal_is_not_remembered(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    command = str(uuid4())
    resident = estate.person("resident1")
    resident.refused(Refused, "workorders", "accept", id=walk.id, command_id=command)
    walk.repair()
    assert resident.order("accept", id=walk.id, command_id=command)["state"] == "accepted"


def test_a_batch_answers_each_item_for_itself(estate: Estate) -> None:
    """Of people who know nothing of each other; one that fails holds up no other."""
    first, second = Walk(estate).to("submitted"), Walk(estate).to("dispatched")
    resident, dispatcher = estate.person("resident1"), estate.person("dispatcher")
    since = estate.head("workorders")
    submission = {
        "community": estate.community,
        "kind": "complaint",
        "category": "noise",
        "unit": estate.unit,
        "description": "夜里太吵",
    }
    to_first = {"id": first.id, "technician": estate.person("technician1").id}

    def item(token: str, method: str, **request: Any) -> dict[str, Any]:
        return {"method": method, "request": request, "auth_token": token}

    found = estate.transport.call(
        "workorders",
        "batch",
        {
            "items": [
                {**item(resident.token, "submit", **submission), "traceparent": TRACE},
                item(dispatcher.token, "dispatch", **to_first),
                item("nonsense", "cancel", id=second.id),
                item(resident.token, "accept", id=second.id),
                item(resident.token, "dispatch", **to_first),
                item(resident.token, "cancel", id=second.id, colour="red"),
                item(resident.token, "list"),
                item(resident.token, "no_such_method"),
                "nonsense",
                {"method": "cancel", "request": {"id": second.id}},
                {**item(resident.token, "cancel", id=second.id), "colour": "red"},
                item(resident.token, "cancel", id=[second.id]),
                item(resident.token, "cancel", id=second.id),
            ]
        },
        None,
    )["items"]
    assert [one.get("ok", {}).get("state") or one["error"]["code"] for one in found] == [
        *("submitted", "dispatched", "unauthenticated", "refused", "forbidden", "invalid"),
        *(["invalid"] * 6),
        "cancelled",
    ]
    assert found[3]["error"]["reason"] == "not_yet_repaired"
    assert list(found[5]["error"]["fields"]) == ["colour"]
    made = resident.order("get", id=found[0]["ok"]["id"])
    assert (made["reporter"], made["description"]) == (resident.id, "夜里太吵")
    traces = {
        fact["subject"]: fact.get("traceparent") for fact in estate.facts("workorders", since)
    }
    assert traces == {made["id"]: TRACE, first.id: None, second.id: None}


def test_a_batch_carries_out_the_items_of_one_order_in_their_turn(estate: Estate) -> None:
    walks = [Walk(estate).to("submitted") for _ in range(6)]
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("dispatcher", "dispatch", {"technician": estate.person("technician1").id}),
        ("technician1", "start", {}),
        ("technician1", "repair", {"notes": "done"}),
        ("resident1", "accept", {}),
        ("resident1", "rate", {"stars": 4}),
    )
    items = [
        {
            "method": method,
            "request": {"id": walk.id, "command_id": str(uuid4()), **request},
            "auth_token": estate.token(who),
        }
        for who, method, request in steps
        for walk in walks
    ]
    found = estate.transport.call("workorders", "batch", {"items": items}, None)["items"]
    assert [one["ok"]["version"] for one in found] == [
        version for version in range(2, 7) for _ in walks
    ]
    again = estate.transport.call("workorders", "batch", {"items": items}, None)["items"]
    assert again == found, "sent again, each answers as the first time"
    for walk in walks:
        assert estate.person("resident1").order("get", id=walk.id)["version"] == 6
