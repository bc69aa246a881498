"""Events over RabbitMQ: confirms, stock nameko handlers, plain pika consumers, hints."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import kombu
import pika
import pytest

from shared.errors import Unavailable
from shared.messaging import confirming, topology
from shared.messaging.confirming import ConfirmingPublisher
from shared.messaging.connections import connect
from shared.messaging.envelope import decode, to_json_dict
from shared.messaging.hints import HintListener
from shared.servers import PrivateRabbitMQ
from tests.integration.messaging_programs.event_checks import *  # noqa: F403
from tests.integration.messaging_programs.facts import fact, facts
from tests.integration.messaging_programs.heartbeat_checks import *  # noqa: F403
from tests.integration.messaging_programs.processes import StockService
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


@pytest.fixture
def broker_url(amqp_url: str) -> str:
    return amqp_url


@pytest.fixture
def publisher(amqp_url: str) -> Iterator[ConfirmingPublisher]:
    found = ConfirmingPublisher(amqp_url, "workorders")
    yield found
    found.close()


@pytest.mark.parametrize("first", ["handler", "publisher"])
def test_a_stock_handler_hears_whoever_starts_first(amqp_url: str, first: str) -> None:
    publisher = ConfirmingPublisher(amqp_url, "workorders")
    if first == "publisher":
        assert publisher.publish([fact(1)]) == 1
    handler = StockService(amqp_url, "events")
    assert publisher.publish([fact(2), fact(3, "WorkOrderRepaired"), fact(4)]) == 3
    assert handler.events(2) == [to_json_dict(fact(2)), to_json_dict(fact(4))]
    publisher.close()
    handler.stop()


def test_a_plain_pika_consumer_reads_the_envelope(
    amqp_url: str, publisher: ConfirmingPublisher
) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    channel = connection.channel()
    channel.exchange_declare("workorders.events", "topic", durable=True)
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "workorders.events", "WorkOrder#")
    channel.queue_bind(queue, "workorders.events", "WorkOrderRated")
    publisher.publish([fact(7)])
    method, properties, body = next(channel.consume(queue, inactivity_timeout=10))
    assert method.routing_key == "WorkOrderRated"
    assert (properties.content_type, properties.delivery_mode) == ("application/json", 2)
    assert (properties.message_id, properties.type) == ("id-7", "WorkOrderRated")
    assert json.loads(body)["data"]["category"] == "漏水"
    connection.close()


def test_what_a_queue_refuses_is_not_confirmed(
    amqp_url: str, publisher: ConfirmingPublisher
) -> None:
    connection = connect(amqp_url)
    full = kombu.Queue(
        "full",
        exchange=topology.events("workorders").for_kombu(),
        routing_key="#",
        queue_arguments={"x-max-length": 3, "x-overflow": "reject-publish"},
    )(connection.channel())
    full.declare()
    # which of a burst a queue with a bound refuses is RabbitMQ's affair: one event a batch is exact
    assert [publisher.publish([fact(position)]) for position in range(1, 6)] == [1, 1, 1, 0, 0]
    confirmed = publisher.publish(facts(50))
    assert confirmed == 0
    full.purge()
    assert publisher.publish([fact(4)]) == 1
    assert decode(full.get().body).position == 4
    connection.release()


def test_an_exchange_of_another_kind_is_told_as_the_reason(amqp_url: str) -> None:
    connection = connect(amqp_url)
    kombu.Exchange("workorders.events", type="fanout", durable=True)(connection.channel()).declare()
    publisher = ConfirmingPublisher(amqp_url, "workorders")
    with pytest.raises(Unavailable, match="PRECONDITION_FAILED"):
        publisher.publish([fact(1)])
    publisher.close()
    connection.release()


def test_confirms_that_do_not_come_end_the_batch(
    rabbitmq: PrivateRabbitMQ,
    amqp_url: str,
    publisher: ConfirmingPublisher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RabbitMQ short of memory stops reading from who publishes."""

    def short() -> bool:
        return "memory" in rabbitmq.evaluate("rabbit_alarm:get_alarms()")

    monkeypatch.setattr(confirming, "CONFIRM_SECONDS", 1.0)
    assert publisher.publish([fact(1)]) == 1
    rabbitmq.evaluate("vm_memory_monitor:set_vm_memory_high_watermark(0.000001)")
    try:
        wait_until("memory is short", short, 20)
        began = time.monotonic()
        with suppress(Unavailable):
            assert publisher.publish([fact(2)]) == 0
        assert time.monotonic() - began < 20
    finally:
        rabbitmq.evaluate("vm_memory_monitor:set_vm_memory_high_watermark({absolute, 1000000000})")
    wait_until("there is memory again", lambda: not short(), 20)
    assert wait_until("it publishes again", lambda: [publisher.publish([fact(2)])], 20) == [1]


def test_closing_while_a_batch_is_under_way_is_bounded(amqp_url: str) -> None:
    publisher = ConfirmingPublisher(amqp_url, "workorders")
    publisher.publish([fact(1)])
    batch = facts(5000)
    counts: list[int] = []

    def publish() -> None:
        try:
            counts.append(publisher.publish(batch))
        except Unavailable:  # closed before it began
            counts.append(0)

    thread = threading.Thread(target=publish)
    thread.start()
    time.sleep(0.05)
    began = time.monotonic()
    publisher.close()
    thread.join(15)
    assert time.monotonic() - began < 9, "it waited for the confirmations"
    assert len(counts) == 1
    assert 0 <= counts[0] <= 5000
    with pytest.raises(Unavailable):
        publisher.publish([fact(2)])


def test_closing_with_no_broker_there_is_bounded(rabbitmq: PrivateRabbitMQ) -> None:
    publisher = ConfirmingPublisher(rabbitmq.url("nowhere"), "workorders")
    with pytest.raises(Unavailable):
        publisher.publish([fact(1)])
    began = time.monotonic()
    publisher.close()
    assert time.monotonic() - began < 4.5


def test_a_hint_queue_goes_with_its_listener(
    rabbitmq: PrivateRabbitMQ, amqp_url: str, publisher: ConfirmingPublisher
) -> None:
    heard: list[str] = []
    listener = HintListener(amqp_url, ["workorders"], heard.append)
    wait_until("it is heard", lambda: heard, 20)
    assert publisher.publish(facts(2000)) == 2000
    listener.close()
    vhost = amqp_url.rpartition("/")[2]
    count = f'length(rabbit_amqqueue:list(<<"{vhost}">>))'
    wait_until("its queue is gone", lambda: rabbitmq.evaluate(count) == "0", 20)


@pytest.mark.faults
def test_hints_come_again_after_the_broker_was_killed(
    rabbitmq: PrivateRabbitMQ, amqp_url: str, publisher: ConfirmingPublisher
) -> None:
    heard: list[str] = []
    listener = HintListener(amqp_url, ["workorders"], heard.append)
    wait_until("it is heard", lambda: heard, 20)
    rabbitmq.kill()
    time.sleep(0.2)
    heard.clear()
    rabbitmq.start()
    wait_until("it is connected again", lambda: heard, 30)
    heard.clear()
    wait_until("it publishes again", lambda: publisher.publish([fact(1)]), 20)
    wait_until("it is heard", lambda: heard, 20)
    listener.close()
