"""kombu on the in-process broker behaves as kombu on RabbitMQ."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import kombu
import pytest
from amqp.exceptions import ChannelError, NotFound, PreconditionFailed, ResourceLocked
from kombu.exceptions import OperationalError

from shared.messaging import embedded
from shared.messaging.connections import abandon, connect

NEWS = kombu.Exchange("news", type="topic", durable=True)
QUEUE = kombu.Queue("q", exchange=NEWS, routing_key="#")


@pytest.fixture
def url() -> Iterator[str]:
    name = f"t-{uuid.uuid4().hex}"
    yield f"wuye-embedded://{name}/"
    embedded.drop(name)


@pytest.fixture
def connection(url: str) -> Iterator[kombu.Connection]:
    found = connect(url)
    yield found
    found.release()


def _publish(connection: kombu.Connection, *bodies: Any, **options: Any) -> None:
    producer = kombu.Producer(connection.channel())
    for body in bodies:
        producer.publish(body, exchange=NEWS, routing_key="a", declare=[QUEUE], **options)


def _take(connection: kombu.Connection, messages: list[Any], **options: Any) -> kombu.Consumer:
    consumer = kombu.Consumer(
        connection.channel(), queues=[QUEUE], on_message=messages.append, **options
    )
    consumer.consume()
    return consumer


def _drain(connection: kombu.Connection) -> None:
    try:
        while True:
            connection.drain_events(timeout=0.01)
    except TimeoutError:
        pass


def test_a_message_arrives_with_its_properties(connection: kombu.Connection) -> None:
    got: list[Any] = []
    _take(connection, got)
    _publish(
        connection,
        {"text": "漏水 🚿"},
        headers={"nameko.language": "zh-CN"},
        reply_to="r",
        correlation_id="c",
    )
    _drain(connection)
    (message,) = got
    assert message.decode() == {"text": "漏水 🚿"}
    assert message.properties["content_type"] == "application/json"
    assert message.properties["reply_to"] == "r"
    assert message.properties["correlation_id"] == "c"
    assert message.headers == {"nameko.language": "zh-CN"}
    assert message.delivery_info["routing_key"] == "a"
    assert message.delivery_info["redelivered"] is False


def test_what_was_not_acknowledged_comes_again_in_order(url: str) -> None:
    first, second = connect(url), connect(url)
    got: list[Any] = []
    _take(first, got)
    _publish(first, 1, 2, 3, 4)
    _drain(first)
    got[1].ack()
    first.release()
    again: list[Any] = []
    _take(second, again)
    _drain(second)
    assert [(one.decode(), one.delivery_info["redelivered"]) for one in again] == [
        (1, True),
        (3, True),
        (4, True),
    ]
    second.release()


def test_reject_drops_and_requeue_brings_back(connection: kombu.Connection) -> None:
    got: list[Any] = []
    _take(connection, got)
    _publish(connection, 1, 2)
    _drain(connection)
    got[0].reject()
    got[1].requeue()
    _drain(connection)
    assert [one.decode() for one in got] == [1, 2, 2]


def test_acknowledging_several_at_once_makes_room(connection: kombu.Connection) -> None:
    got: list[Any] = []
    _take(connection, got, prefetch_count=3)
    _publish(connection, 1, 2, 3, 4, 5)
    _drain(connection)
    assert len(got) == 3
    got[1].ack(multiple=True)
    _drain(connection)
    assert [one.decode() for one in got] == [1, 2, 3, 4, 5]


def test_get_takes_one(connection: kombu.Connection) -> None:
    _publish(connection, 1)
    queue = QUEUE(connection.channel())
    message = queue.get()
    assert message.decode() == 1
    message.ack()
    assert queue.get() is None


def test_an_unroutable_mandatory_message_raises_no_route(connection: kombu.Connection) -> None:
    channel = connection.channel()
    NEWS(channel).declare()
    producer = kombu.Producer(channel)
    producer.publish(1, exchange=NEWS, routing_key="a")
    with pytest.raises(ChannelError, match="NO_ROUTE"):
        producer.publish(1, exchange=NEWS, routing_key="a", mandatory=True)


def test_an_unroutable_mandatory_message_comes_back_to_who_asked(
    connection: kombu.Connection,
) -> None:
    channel = connection.channel()
    NEWS(channel).declare()
    returned: list[Any] = []
    channel.events["basic_return"].add(lambda *args: returned.append(args))
    kombu.Producer(channel).publish(
        1, exchange=NEWS, routing_key="a", mandatory=True, correlation_id="c"
    )
    ((error, exchange, key, message),) = returned
    assert "NO_ROUTE" in str(error)
    assert (exchange, key, message.properties["correlation_id"]) == ("news", "a", "c")


def test_an_exclusive_queue_is_locked_and_goes_with_its_connection(url: str) -> None:
    owner, other = connect(url), connect(url)
    mine = kombu.Queue("mine", exchange=NEWS, routing_key="#", exclusive=True)
    mine(owner.channel()).declare()
    with pytest.raises(ResourceLocked):
        mine(other.channel()).declare()
    owner.release()
    with pytest.raises(NotFound):
        mine(other.channel()).queue_declare(passive=True)
    other.release()


def test_an_exchange_with_other_arguments_is_refused(connection: kombu.Connection) -> None:
    channel = connection.channel()
    NEWS(channel).declare()
    with pytest.raises(PreconditionFailed):
        kombu.Exchange("news", type="topic", durable=False)(channel).declare()


def test_publishing_to_an_unknown_exchange_is_an_error(connection: kombu.Connection) -> None:
    with pytest.raises(NotFound):
        connection.channel().basic_publish(
            connection.channel().prepare_message("x"), exchange="nowhere", routing_key="a"
        )


def test_brokers_of_other_names_do_not_see_each_other(connection: kombu.Connection) -> None:
    name = f"t-{uuid.uuid4().hex}"
    other = connect(f"wuye-embedded://{name}/")
    got: list[Any] = []
    _take(other, got)
    _publish(connection, 1)
    _drain(other)
    assert got == []
    other.release()
    embedded.drop(name)


def test_a_dropped_broker_is_a_connection_error(url: str) -> None:
    connection = connect(url)
    channel = connection.channel()
    embedded.drop(url.split("/")[2])
    assert not connection.connected
    with pytest.raises(connection.connection_errors):
        channel.basic_publish(channel.prepare_message("x"), exchange="", routing_key="a")
    abandon(connection)
    again = connect(url)
    assert again.connected
    again.release()


def test_a_pooled_producer_recovers_from_a_dropped_broker(url: str) -> None:
    connection = connect(url)
    _publish(connection, 1)
    embedded.drop(url.split("/")[2])
    producer = kombu.Producer(connection)
    producer.publish(2, exchange=NEWS, routing_key="a", declare=[QUEUE], retry=True)
    assert QUEUE(connection.channel()).get().decode() == 2
    connection.release()


def test_a_scheme_nobody_knows_is_still_refused() -> None:
    with pytest.raises((KeyError, OperationalError)):
        connect("wuye-elsewhere://x/")
