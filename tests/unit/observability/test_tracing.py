"""Spans where a collector is named; nothing at all where none is."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from shared.observability import tracing
from shared.servers.ports import free_port
from tests.support.collector import Collector, collecting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        tracing.start(found.url)
        yield found
        tracing.stop(5)


def test_off_a_span_is_what_it_was_given() -> None:
    span = tracing.begin("billing", "billing.pay", "server", PARENT, {})
    span.end("fault")
    assert span.traceparent == PARENT
    assert tracing.begin("billing", "billing.pay", "server", None, {}).traceparent is None


def test_off_nothing_of_it_is_imported() -> None:
    """Neither by a service's process nor by the edge."""
    program = (
        "import sys; import shared.hosting.process, services.workorders.definition; "
        "import services.gateway.serving; from shared.observability import tracing; "
        "tracing.start(None); sys.exit(any(one.startswith('opentelemetry') for one in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_off_it_costs_less_than_a_thousandth_of_a_call() -> None:
    """A call takes milliseconds; beginning and ending a span microseconds."""
    begun = time.thread_time()
    for _ in range(10_000):
        tracing.begin("billing", "billing.pay", "server", PARENT, {"rpc.method": "pay"}).end()
    assert (time.thread_time() - begun) / 10_000 < 20e-6


def test_a_span_is_sent_with_its_parent_and_passed_on(collector: Collector) -> None:
    span = tracing.begin("billing", "billing.pay", "server", PARENT, {"rpc.method": "pay"})
    assert span.traceparent is not None
    version, trace, own, flags = span.traceparent.split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    span.end("unavailable", tries=3)
    span.end()
    tracing.stop(5)
    (sent,) = collector.spans
    assert (sent.service, sent.name, sent.kind) == ("billing", "billing.pay", "server")
    assert (sent.trace, sent.id, sent.parent) == (TRACE, own, "00f067aa0ba902b7")
    assert sent.attributes == {"rpc.method": "pay", "error.type": "unavailable", "tries": 3}
    assert sent.failed


def test_a_first_span_begins_a_trace_and_a_below_one_does_not(collector: Collector) -> None:
    first = tracing.begin("billing", "billing.pay", "server", None, {})
    assert tracing.below("billing", "billing.get", "server", None, {}).traceparent is None
    first.end()
    tracing.stop(5)
    assert [(one.name, one.parent) for one in collector.spans] == [("billing.pay", "")]


def test_who_asked_not_to_be_traced_is_not(collector: Collector) -> None:
    span = tracing.begin("billing", "billing.pay", "server", PARENT[:-1] + "0", {})
    span.end()
    assert span.traceparent is not None
    assert span.traceparent.startswith(f"00-{TRACE}-") and span.traceparent.endswith("-00")
    tracing.stop(5)
    assert collector.spans == []


def test_a_collector_that_is_away_holds_nobody_up() -> None:
    tracing.start(f"http://127.0.0.1:{free_port()}")
    begun = time.monotonic()
    for _ in range(100):
        tracing.begin("billing", "billing.pay", "server", None, {}).end()
    assert time.monotonic() - begun < 5
    tracing.stop(1)
    assert time.monotonic() - begun < 10
