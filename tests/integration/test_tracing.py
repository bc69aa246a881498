"""One order's life on the stack, as the spans tell it: from the page to whoever is told of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from cli.community import COMMUNITY, PASSWORD
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.support.collector import Collector, Span, collecting
from tests.support.edge import edge_of
from tests.support.estate import SERVICES, Estate, OnStack
from tests.support.lifecycle import a_quote
from tests.support.stack import Stack
from tests.support.waiting import wait_until

TELL_OF_ORDERS = "when_workorders_has_news_then_tell_whom_it_concerns"

pytestmark = pytest.mark.integration


@dataclass
class Step:
    """One request of a program that traces: its trace and its own span."""

    trace: str
    span: str
    answer: dict[str, Any]


@dataclass
class Life:
    """What was done to one order, by name, and where it was seen."""

    url: str
    stack: Stack
    collector: Collector
    edge_log: Path
    estate: Estate
    tokens: dict[str, str] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)

    def post(self, who: str, name: str, path: str, body: dict[str, Any]) -> Step:
        trace, span = secrets.token_hex(16), secrets.token_hex(8)
        headers = {
            "traceparent": f"00-{trace}-{span}-01",
            "Authorization": f"Bearer {self._of(who)}",
        }
        answer = requests.post(f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=30)
        self.steps[name] = Step(trace, span, answer.json())
        return self.steps[name]

    def one(self, step: str, name: str, kind: str) -> Span:
        """Each process sends its spans when it has some, in no order."""
        trace = self.steps[step].trace

        def found() -> list[Span]:
            return [one for one in self.collector.of(trace) if (one.name, one.kind) == (name, kind)]

        wait_until(f"{kind} {name}", found)
        (span,) = found()
        return span

    def spans(self, name: str, *wanted: str) -> list[Span]:
        """Of one step's trace, once those of these names are among them."""
        trace = self.steps[name].trace

        def found() -> list[Span]:
            spans = self.collector.of(trace)
            return spans if set(wanted) <= {one.name for one in spans} else []

        try:
            spans: list[Span] = wait_until("the spans", found)
        except AssertionError:
            names = sorted(one.name for one in self.collector.of(trace))
            raise AssertionError(f"wanted {wanted}, came {names}") from None
        return spans

    def _of(self, who: str) -> str:
        if who not in self.tokens:
            asked = {"login": who, "password": PASSWORD}
            answer = requests.post(f"{self.url}/api/v1/log-in", json=asked, timeout=30)
            self.tokens[who] = answer.json()["access_token"]
        return self.tokens[who]


@pytest.fixture(scope="module")
def life(
    postgres: PrivatePostgres, rabbitmq: PrivateRabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("traced")
    with collecting() as collector:
        traced = {"WUYE_OTLP_ENDPOINT": collector.url}
        with Stack(postgres, rabbitmq, folder, SERVICES, environment=traced) as stack:
            stack.start_all()
            estate = Estate("stack", OnStack(stack), folder / "keys")
            estate.furnish()
            log = folder / "edge.log"
            with edge_of(stack, log, **traced) as url:
                life = Life(url, stack, collector, log, estate)
                _live(life)
                yield life


def _live(life: Life) -> None:
    leak = {"kind": "repair", "category": "plumbing", "description": "厨房漏水"}
    submission = {"community": COMMUNITY, "unit": life.estate.unit, **leak}
    order = life.post("resident1", "submit", "/orders", submission).answer["id"]
    technician = life.estate.person("technician1").id
    life.post("dispatcher", "dispatch", f"/orders/{order}/dispatch", {"technician": technician})
    quote = a_quote(1200)
    life.post("technician1", "quote", f"/orders/{order}/quote", quote)
    life.post("resident1", "accept_quote", f"/orders/{order}/accept-quote", {"quote": 1})
    repaired = {"notes": "换了垫圈", "charge_fen": 1200}
    life.post("technician1", "repair", f"/orders/{order}/repair", repaired)
    life.post("resident1", "accept", f"/orders/{order}/accept", {})
    life.post("resident1", "rate", f"/orders/{order}/rate", {"stars": 5})
    life.post("resident1", "again", f"/orders/{order}/rate", {"stars": 4})


def _chain(spans: list[Span], last: Span) -> list[str]:
    """From the outermost to this one: service and name of each."""
    by_id = {one.id: one for one in spans}
    found: list[str] = []
    here: Span | None = last
    while here is not None:
        found.append(f"{here.service}: {here.name}")
        here = by_id.get(here.parent)
    return found[::-1]


def _one(spans: list[Span], name: str, kind: str) -> Span:
    (found,) = [one for one in spans if (one.name, one.kind) == (name, kind)]
    return found


def test_a_bill_and_who_is_told_of_it_lead_back_to_the_page(life: Life) -> None:
    tell_payer = "when_billing_has_news_then_tell_whom_it_concerns"
    way = [
        "gateway: POST /api/v1/orders/<id>/accept",
        "gateway: workorders.accept",
        "workorders: workorders.accept",
        "billing: when_work_order_accepted_then_raise_bill",
        f"notifications: {tell_payer}",
    ]

    def led() -> bool:
        """Each process sends its spans when it has some, in no order."""
        spans = life.spans("accept", tell_payer, "tell NotificationPosted")
        told = _one(spans, tell_payer, "consumer")
        posted = {one.parent for one in spans if one.name == "tell NotificationPosted"}
        return _chain(spans, told) == way and told.id in posted

    wait_until("all of the way is there", led)


@pytest.mark.parametrize("step", ["submit", "dispatch", "repair", "accept", "rate"])
def test_no_span_of_a_step_is_without_its_parent(life: Life, step: str) -> None:
    page = f"POST /api/v1/orders/<id>/{step}" if step != "submit" else "POST /api/v1/orders"
    life.spans(step, page, f"workorders.{step}", TELL_OF_ORDERS)
    life.stack.settle()

    def each_has_its_parent() -> bool:
        spans = life.spans(step, page)
        ids = {one.id for one in spans} | {life.steps[step].span}
        return all(one.parent in ids for one in spans)

    wait_until("each has its parent", each_has_its_parent)
    spans = life.spans(step, page)
    assert _one(spans, page, "server").parent == life.steps[step].span
    assert {one.service for one in spans} >= {"gateway", "workorders", "notifications"}
    assert all(one.nanoseconds >= 0 and not one.failed for one in spans)


def test_events_carry_the_span_that_wrote_them(life: Life) -> None:
    wrote = life.one("rate", "workorders.rate", "server")
    facts = life.estate.facts("workorders", 0)
    (rated,) = [one for one in facts if one["type"] == "WorkOrderRated"]
    assert rated["traceparent"] == f"00-{wrote.trace}-{wrote.id}-01"
    told = life.one("rate", "tell WorkOrderRated", "producer")
    assert (told.parent, told.attributes["messaging.message.id"]) == (wrote.id, rated["id"])


def test_a_refusal_is_named_and_is_no_fault(life: Life) -> None:
    assert life.steps["again"].answer["code"] == "refused"
    answered = life.one("again", "workorders.rate", "server")
    assert (answered.attributes["error.type"], answered.failed) == ("refused", False)


def test_logs_name_the_trace_and_the_correlation(life: Life) -> None:
    step = life.steps["accept"]
    lines = [json.loads(line) for line in life.edge_log.read_text().splitlines() if line[:1] == "{"]
    (line,) = [one for one in lines if one.get("trace_id") == step.trace]
    page = life.one("accept", "POST /api/v1/orders/<id>/accept", "server")
    assert line["span_id"] == page.id
    assert line["correlation_id"] == page.attributes["wuye.correlation_id"]


def test_nobody_s_asking_for_news_is_traced(life: Life) -> None:
    names = {one.name for one in life.collector.spans}
    assert [name for name in names if name.startswith(("GET /healthz", "workorders.log"))] == []
    assert [name for name in names if ".log." in name or ".ops." in name] == []
