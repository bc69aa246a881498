"""What must come out of publishing on every transport; collected where imported.

The module that imports these gives the fixture ``broker_url``: a broker for one test.
"""

from __future__ import annotations

import threading
import time

import kombu

from shared.messaging import topology
from shared.messaging.connections import connect
from shared.messaging.envelope import decode
from shared.messaging.hints import HintListener
from shared.messaging.publisher import publisher_for
from shared.messaging.rpc_client import RpcClient
from tests.integration.messaging_programs.facts import fact, facts
from tests.support.waiting import wait_until


def test_messages_are_what_the_contract_says(broker_url: str) -> None:
    connection = connect(broker_url)
    queue = kombu.Queue(
        "all", exchange=topology.events("workorders").for_kombu(), routing_key="WorkOrderRated"
    )(connection.channel())
    queue.declare()
    publisher = publisher_for(broker_url, "workorders")
    assert publisher.publish([fact(1), fact(2, "WorkOrderRepaired")]) == 2
    message = queue.get()
    assert decode(message.body) == fact(1)
    assert message.content_type == "application/json"
    assert message.properties["message_id"] == "id-1"
    assert message.properties["type"] == "WorkOrderRated"
    assert message.properties["delivery_mode"] == 2
    assert message.delivery_info["routing_key"] == "WorkOrderRated"
    assert queue.get() is None
    publisher.close()
    connection.release()


def test_many_come_complete_and_in_order(broker_url: str) -> None:
    connection = connect(broker_url)
    queue = kombu.Queue("all", exchange=topology.events("workorders").for_kombu(), routing_key="#")(
        connection.channel()
    )
    queue.declare()
    publisher = publisher_for(broker_url, "workorders")
    told = facts(3000)
    for start in range(0, 3000, 500):
        assert publisher.publish(told[start : start + 500]) == 500
    got: list[int] = []
    consumer = kombu.Consumer(
        connection.channel(),
        queues=[queue],
        no_ack=True,
        on_message=lambda message: got.append(decode(message.body).position),
    )
    consumer.consume()
    while len(got) < 3000:
        connection.drain_events(timeout=10)
    assert got == list(range(1, 3001))
    publisher.close()
    connection.release()


def test_with_no_queue_bound_events_vanish_and_count_as_told(broker_url: str) -> None:
    publisher = publisher_for(broker_url, "workorders")
    assert publisher.publish(facts(100)) == 100
    assert publisher.publish([]) == 0
    publisher.close()


def test_hints_of_a_burst_are_few_and_the_last_is_never_lost(broker_url: str) -> None:
    heard: list[tuple[str, float]] = []
    listener = HintListener(
        broker_url,
        ["workorders", "security"],
        lambda service: heard.append((service, time.monotonic())),
    )
    both = {"workorders", "security"}
    wait_until("both are heard", lambda: {service for service, _ in heard} == both, 20)
    heard.clear()
    publisher = publisher_for(broker_url, "workorders")
    for _ in range(4):
        publisher.publish(facts(500))
    last = time.monotonic()
    publisher.publish([fact(501)])
    wait_until("the last is heard", lambda: heard and heard[-1][1] >= last, 20)
    before = -1
    while before != len(heard):
        before = len(heard)
        time.sleep(1)
    assert {service for service, _ in heard} == {"workorders"}
    assert len(heard) < 1000
    heard.clear()
    publisher.publish([fact(2001)])
    wait_until("one more is heard", lambda: heard, 20)
    assert len(heard) == 1
    publisher.close()
    began = time.monotonic()
    listener.close()
    assert time.monotonic() - began < 4.5, "it gives up after five"


def test_no_thread_outlives_a_close(broker_url: str) -> None:
    before = set(threading.enumerate())
    opened = [
        publisher_for(broker_url, "workorders"),
        HintListener(broker_url, ["workorders"], lambda _: None),
        RpcClient(broker_url, "threads"),
    ]
    time.sleep(0.3)
    for one in opened:
        one.close()  # type: ignore[attr-defined]
    wait_until("no thread is left", lambda: set(threading.enumerate()) <= before, 20)
