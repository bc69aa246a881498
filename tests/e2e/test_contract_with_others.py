"""What others can do who know nameko or AMQP, the names of our services, and ``contracts/`` alone.

They call with a stock ``ClusterRpcProxy``, listen with a stock ``@event_handler``, or read every
message with a plain AMQP client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from nameko.exceptions import RemoteError
from nameko.standalone.rpc import ClusterRpcProxy

from tests.support.estate import SERVICES, Answer, Estate, Place, soon
from tests.support.happenings import everything_happens
from tests.support.lifecycle import a_quote
from tests.support.stack import Stack
from tests.support.stock import StockListener
from tests.support.tap import Tap

pytestmark = pytest.mark.integration

CONTRACTS = Path("contracts")
COMMANDS = (
    *("submit", "dispatch", "start", "pause", "resume", "hand_back", "transfer", "repair"),
    *("accept", "reject", "decline", "appeal", "rate", "answer_rating", "cancel", "reopen"),
    *("quote", "accept_quote", "decline_quote", "withdraw_quote"),
)
QUERIES = ("get", "list", "history")
OF_SERVICES = ("remind", "request_check", "import_order")
SURFACE = {*COMMANDS, *QUERIES, *OF_SERVICES, "batch"}
WORDS = "privateword"


class Stock:
    """Stock clients of the cluster, one a token, and which methods of work orders they called."""

    def __init__(self, estate: Estate, url: str) -> None:
        self._estate, self._url = estate, url
        self._proxies: dict[str, Any] = {}
        self._open = ExitStack()
        self.called: set[str] = set()

    def __enter__(self) -> Stock:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def order(self, who: str, method: str, **request: Any) -> Answer:
        self.called.add(method)
        found: Answer = getattr(self._proxy(who).workorders, method)(request)
        return found

    def _proxy(self, who: str) -> Any:
        if who not in self._proxies:
            proxy = ClusterRpcProxy(
                {"AMQP_URI": self._url},
                context_data={"auth_token": self._estate.token(who)},
                timeout=30,
            )
            self._proxies[who] = self._open.enter_context(proxy)
        return self._proxies[who]


@pytest.fixture(scope="module")
def stock(stack_estate: Estate, running_stack: Stack) -> Iterator[Stock]:
    with Stock(stack_estate, running_stack.broker_url) as found:
        yield found


@pytest.fixture(scope="module")
def late_listener(running_stack: Stack) -> Iterator[StockListener]:
    """A stock nameko service that was not there before ours."""
    with StockListener(running_stack.broker_url, "late") as listener:
        yield listener


@pytest.fixture(scope="module")
def rated(
    stack_estate: Estate, stock: Stock, early_listener: StockListener, late_listener: StockListener
) -> Answer:
    """The answer to the rating of an order with which a stock client did every command there is."""
    estate, who = stack_estate, "resident3"
    technicians = [estate.person(f"technician{number}").id for number in (1, 2)]
    unit = estate.demo.units["1-201"]
    submission = {
        "community": estate.community,
        "kind": "repair",
        "category": "plumbing",
        "unit": unit,
        "description": WORDS,
    }

    def batch(login: str, method: str, **request: Any) -> Answer:
        item = {"method": method, "request": request, "auth_token": estate.token(login)}
        found = stock.order("", "batch", items=[item])["items"]
        answer: Answer = found[0]["ok"]
        return answer

    order = stock.order(who, "submit", **submission)["id"]
    do = {"id": order}
    because = {"reason": WORDS}
    first, second = ({"technician": one} for one in technicians)
    stock.order("dispatcher", "decline", **do, reason="cannot", note=WORDS)
    stock.order(who, "appeal", **do, text=WORDS)
    batch("dispatcher", "dispatch", **do, **first)
    stock.order("technician1", "start", **do)
    stock.order("technician1", "pause", **do, reason="other", note=WORDS)
    stock.order("technician1", "resume", **do)
    stock.order("technician1", "hand_back", **do, **because)
    stock.order("dispatcher", "dispatch", **do, **second)
    stock.order("technician2", "transfer", **do, **first, **because)
    quote = {**a_quote(100), "note": WORDS}
    stock.order("technician1", "quote", **do, **quote)
    stock.order("technician1", "withdraw_quote", **do, quote=1)
    stock.order("dispatcher", "quote", **do, **quote)
    stock.order(who, "decline_quote", **do, quote=2, **because)
    stock.order("technician1", "quote", **do, **quote)
    stock.order(who, "accept_quote", **do, quote=3)
    stock.order("technician1", "repair", **do, notes=WORDS, charge_fen=100, photos=["p/1.jpg"])
    stock.order("", "remind", **do)
    stock.order("", "request_check", **do)
    stock.order(who, "reject", **do, **because)
    material = {"name": "washer", "quantity": 2, "unit_cost_fen": 30}
    stock.order("technician1", "repair", **do, notes=WORDS, materials=[material])
    stock.order(who, "accept", **do)
    stock.order(who, "reopen", **do, **because)
    stock.order("technician1", "repair", **do, notes=WORDS)
    stock.order(who, "accept", **do)
    answer = stock.order(who, "rate", **do, stars=4, speed=3, attitude=5, comment=WORDS)
    other = {"id": stock.order(who, "submit", **submission)["id"]}
    stock.order("dispatcher", "dispatch", **other, **first)
    stock.order("technician1", "repair", **other, notes=WORDS)
    stock.order(who, "accept", **other)
    stock.order(who, "rate", **other, stars=1)
    stock.order("dispatcher", "answer_rating", **other, text=WORDS)
    spare = stock.order(who, "submit", **submission)
    stock.order(who, "cancel", id=spare["id"])
    stock.order(
        "",
        "import_order",
        community=estate.community,
        kind="complaint",
        category="Noise",
        source="311",
        source_id=str(uuid4()),
        submitted_at="2024-01-01T08:00:00Z",
        closed_at=None,
        status="Open",
        closed=False,
        description=WORDS,
    )
    return answer


def test_a_stock_client_can_do_all_there_is_to_do(
    stack_estate: Estate, stock: Stock, rated: Answer
) -> None:
    assert (rated["state"], rated["log"]) == ("rated", "workorders")
    seen = stock.order("resident3", "get", id=rated["id"])
    assert (seen["state"], seen["version"], seen["description"]) == (
        "rated",
        rated["version"],
        WORDS,
    )
    told = stock.order("resident3", "history", id=rated["id"])["events"]
    assert len(told) == rated["version"]
    listed = stock.order("resident3", "list", at_least=rated["position"])["orders"]
    assert rated["id"] in {order["id"] for order in listed}
    assert stock.called == SURFACE


def test_a_stock_client_reads_in_an_error_what_it_may_do(stock: Stock, rated: Answer) -> None:
    """It sees a name and a string alone, so the string says it all."""
    for request, kind, expected in (
        (
            {"id": rated["id"]},
            "AlreadyRated",
            {"code": "refused", "reason": "already_rated", "allowed": ["reopen"]},
        ),
        ({"id": 5}, "Invalid", {"code": "invalid"}),
    ):
        with pytest.raises(RemoteError) as found:
            stock.order("resident3", "accept", **request)
        assert found.value.exc_type == kind
        told = json.loads(found.value.value)
        assert {name: told[name] for name in expected} == expected
        assert told["message"]


def test_a_stock_handler_hears_of_a_rating_whichever_side_was_there_first(
    rated: Answer, early_listener: StockListener, late_listener: StockListener
) -> None:
    for listener in (early_listener, late_listener):
        heard = soon("it was heard", partial(listener.heard, rated["id"]))
        assert len({event["id"] for event in heard}) == 1
        event = heard[0]
        assert (event["type"], event["streamversion"]) == ("WorkOrderRated", rated["version"])
        assert event["position"] == rated["position"]
        assert [event["data"][name] for name in ("stars", "speed", "attitude")] == [4, 3, 5]
        assert event["data"]["comment"] is None


@pytest.fixture(scope="module")
def messages(stack_estate: Estate, rated: Answer, tap: Tap) -> list[tuple[str, str, bytes]]:
    """All that was told to anybody, after everything has happened that is told of."""
    estate = stack_estate
    _what_happens_in_security(estate, estate.found("told", roles=("dispatcher",)))
    everything_happens(estate, estate.found("told-of-staff"), WORDS)
    estate.settle()
    accountant = estate.person("accountant")
    [bill] = accountant.call("billing", "list", order=rated["id"])["bills"]
    accountant.call("billing", "pay", id=bill["id"], amount_fen=100, method="cash")
    _void_a_bill(estate)
    inbox = estate.person("resident3").call("notifications", "inbox")["notifications"]
    estate.person("resident3").call("notifications", "mark_read", id=inbox[0]["id"])
    estate.settle()
    heads = {service: estate.head(service) for service in SERVICES}

    def reached() -> bool:
        last: dict[str, int] = dict.fromkeys(SERVICES, 0)
        for event in tap.events():
            last[event["log"]] = max(last[event["log"]], event["position"])
        return last == heads

    soon("all was told", reached)
    return list(tap.messages)


def _what_happens_in_security(estate: Estate, place: Place) -> None:
    do = estate.operator.call
    leaving = estate.settle_in(place, "resident", login="told-leaving")
    tokens = estate.log_in("told-leaving")
    refresh = {"refresh_token": tokens["refresh_token"]}
    tokens = estate.transport.call("security", "refresh", refresh, None)
    account = do("security", "person", person=leaving.id, at_least=estate.head("security"))[
        "accounts"
    ][0]["account"]
    post = do("security", "grant", account=account, role="guard", community=place.community)["post"]
    do("security", "withdraw_grant", account=account, post=post)
    estate.transport.call("security", "logout", {}, tokens["access_token"])
    do("security", "forget_person", person=leaving.id)
    do("security", "rotate_key")
    do("security", "rotate_key")
    estate.forget_tokens()


def _void_a_bill(estate: Estate) -> None:
    technician = estate.person("technician1")
    resident, dispatcher = estate.person("resident3"), estate.person("dispatcher")
    order = resident.order(
        "submit",
        community=estate.community,
        kind="repair",
        category="plumbing",
        unit=estate.demo.units["1-201"],
        description=WORDS,
    )["id"]
    dispatcher.order("dispatch", id=order, technician=technician.id)
    technician.order("quote", id=order, **a_quote(100))
    resident.order("accept_quote", id=order, quote=1)
    technician.order("repair", id=order, notes=WORDS, charge_fen=100)
    resident.order("accept", id=order)
    estate.settle()
    accountant = estate.person("accountant")
    [bill] = accountant.call("billing", "list", order=order)["bills"]
    accountant.call("billing", "void", id=bill["id"], reason=WORDS)


def contracts() -> dict[str, dict[str, Any]]:
    """Every contract by its place, as a message names it."""
    return {
        f"/{path.as_posix()}": json.loads(path.read_text()) for path in CONTRACTS.glob("*/*.json")
    }


def test_every_message_keeps_to_its_contract_and_every_contract_is_used(
    messages: list[tuple[str, str, bytes]],
) -> None:
    known = contracts()
    validators = {place: Draft202012Validator(schema) for place, schema in known.items()}
    used = set()
    for exchange, key, body in messages:
        event = json.loads(body)
        used.add(event["dataschema"])
        validators[event["dataschema"]].validate(event)
        assert (exchange, key) == (f"{event['log']}.events", event["type"])
        for name in ("time", "occurredat"):
            assert datetime.fromisoformat(event[name]).utcoffset() is not None
        assert event["subject"].startswith(f"{event['community']}.")
    # The files of older versions stay, for what was told in them; nobody tells them any more.
    newest: dict[str, int] = {}
    for place in known:
        event, _, version = place.removesuffix(".json").rpartition(".v")
        newest[event] = max(newest.get(event, 0), int(version))
    assert used == {f"{event}.v{version}.json" for event, version in newest.items()}


def test_no_personal_text_is_told(messages: list[tuple[str, str, bytes]]) -> None:
    """Neither what a contract marks, nor in any other place the words that people wrote."""
    marked = {
        place: [
            name
            for name, one in schema["properties"]["data"]["properties"].items()
            if one.get("description", "").startswith(("Personal text", "Secret"))
        ]
        for place, schema in contracts().items()
    }
    assert sum(len(names) for names in marked.values()) >= 15
    for _, _, body in messages:
        event = json.loads(body)
        for name in marked[event["dataschema"]]:
            assert event["data"].get(name) is None, (event["type"], name)
        text = body.decode()
        for words in (WORDS, "张三", "139 1234 5678", "told-leaving"):
            assert words not in text, event["type"]


def test_every_event_of_every_log_is_told_in_its_order(
    stack_estate: Estate, messages: list[tuple[str, str, bytes]]
) -> None:
    """At least once, from the very first: deduped by id, they are the log."""
    for service in SERVICES:
        told: dict[str, int] = {}
        for exchange, _, body in messages:
            if exchange == f"{service}.events":
                event = json.loads(body)
                told.setdefault(event["id"], event["position"])
        # timers may have fired since; of a log that told nothing there is nothing
        facts = stack_estate.facts(service)
        if told:
            last = max(told.values())
            facts = [fact for fact in facts if fact["position"] <= last]
        assert list(told.items()) == [(fact["id"], fact["position"]) for fact in facts]
