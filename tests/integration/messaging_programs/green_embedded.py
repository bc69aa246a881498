"""In a monkey-patched process, on the in-process broker: the checks, and nameko's containers on
it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import eventlet
import pytest
from nameko.events import BROADCAST, event_handler
from nameko.standalone.events import event_dispatcher

from shared.messaging import embedded
from shared.messaging.publisher import publisher_for
from tests.integration.messaging_programs import stock
from tests.integration.messaging_programs.event_checks import *  # noqa: F403
from tests.integration.messaging_programs.facts import fact
from tests.integration.messaging_programs.rpc_checks import *  # noqa: F403
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def service_url() -> Iterator[str]:
    name = f"t-{uuid.uuid4().hex}"
    url = f"wuye-embedded://{name}/"
    runner = stock.start(url, stock.Answering)
    yield url
    runner.stop()
    embedded.drop(name)


@pytest.fixture
def broker_url() -> Iterator[str]:
    name = f"t-{uuid.uuid4().hex}"
    yield f"wuye-embedded://{name}/"
    embedded.drop(name)


def _listening(got: list[int]) -> type:
    class Listening:
        name = "listening"

        @event_handler("workorders", "WorkOrderRated")
        def rated(self, body: dict) -> None:
            got.append(body["position"])

        @event_handler(
            "workorders", "WorkOrderRated", handler_type=BROADCAST, reliable_delivery=False
        )
        def rated_everywhere(self, body: dict) -> None:
            got.append(-body["position"])

    return Listening


@pytest.mark.parametrize("first", ["handler", "publisher"])
def test_a_stock_handler_hears_whoever_starts_first(broker_url: str, first: str) -> None:
    got: list[int] = []
    publisher = publisher_for(broker_url, "workorders")
    if first == "publisher":
        publisher.publish([fact(1)])
    runner = stock.start(broker_url, _listening(got))
    publisher.publish([fact(2)])
    event_dispatcher({"AMQP_URI": broker_url})("workorders", "WorkOrderRated", {"position": 3})
    wait_until("all are heard", lambda: len(got) == 4, 20)
    assert sorted(got) == [-3, -2, 2, 3]
    publisher.close()
    runner.stop()


def test_events_wait_for_a_handler_that_was_there_before(broker_url: str) -> None:
    got: list[int] = []
    service = _listening(got)
    stock.start(broker_url, service).stop()
    publisher = publisher_for(broker_url, "workorders")
    publisher.publish([fact(1), fact(2)])
    runner = stock.start(broker_url, service)
    wait_until("both are heard", lambda: len(got) == 2, 20)
    assert got == [1, 2]
    runner.stop()


def test_twelve_idle_containers_use_next_to_no_processor_time(broker_url: str) -> None:
    services = [type(f"Service{n}", (stock.Answering,), {"name": f"s{n}"}) for n in range(12)]
    runner = stock.start(broker_url, *services)
    eventlet.sleep(1)  # until all have started
    used = time.process_time()
    eventlet.sleep(3)
    share = (time.process_time() - used) / 3
    runner.stop()
    assert share < 0.15
