"""Each user of the broker may do what its service needs, and nothing else; on a real broker.

That what it may do is enough, the tests on the stack show: each service runs there as its user.
"""

from __future__ import annotations

from collections.abc import Iterator

import amqp.exceptions
import kombu
import pytest

from cli.stack.broker import granted
from shared.messaging import rights, topology
from shared.messaging.connections import abandon, connect
from shared.servers import PrivateRabbitMQ

pytestmark = pytest.mark.integration

VHOST = "rights"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def node(rabbitmq: PrivateRabbitMQ) -> Iterator[PrivateRabbitMQ]:
    owner = rabbitmq.add_vhost(VHOST)
    everybody = granted("gateway", "operator")
    rabbitmq.define(rights.definitions(VHOST, dict.fromkeys(everybody, "test"), everybody))
    connection = connect(owner)
    for exchange in (topology.RPC, topology.events("security"), topology.events("workorders")):
        exchange.for_kombu()(connection.channel()).declare()
    connection.release()
    yield rabbitmq
    rabbitmq.delete_vhost(VHOST)


def publish(node: PrivateRabbitMQ, user: str, exchange: str, key: str) -> None:
    connection = connect(node.url_as(user, "test", VHOST))
    try:
        channel = connection.channel()
        producer = kombu.Producer(channel, auto_declare=False)
        producer.publish({}, exchange=exchange, routing_key=key)
        # The broker refuses in its own time: a synchronous call after it brings the refusal.
        channel.queue_declare(f"rpc.reply-{user}-{KEY}", exclusive=True, durable=False)
    finally:
        abandon(connection)


def bind(node: PrivateRabbitMQ, user: str, queue: str, exchange: str, key: str) -> None:
    connection = connect(node.url_as(user, "test", VHOST))
    try:
        channel = connection.channel()
        channel.queue_declare(queue, exclusive=True, durable=False)
        channel.queue_bind(queue, exchange, key)
    finally:
        abandon(connection)


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("gateway", "nameko-rpc", "workorders.submit"),
        ("billing", "nameko-rpc", "workorders.log.read"),
        ("billing", "nameko-rpc", KEY),
        ("workorders", "nameko-rpc", "workorders.escalate"),
        ("operator", "nameko-rpc", "billing.ops.rebuild"),
        ("workorders", "workorders.events", "WorkOrderRated"),
    ],
)
def test_it_may_send(node: PrivateRabbitMQ, user: str, exchange: str, key: str) -> None:
    publish(node, user, exchange, key)


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("billing", "nameko-rpc", "workorders.submit"),
        ("billing", "nameko-rpc", "workorders.ops.rebuild"),
        ("billing", "nameko-rpc", "notifications.log.read"),
        ("gateway", "nameko-rpc", "security.log.read"),
        ("gateway", "nameko-rpc", "security.ops.views"),
        ("billing", "workorders.events", "WorkOrderRated"),
        ("gateway", "workorders.events", "WorkOrderRated"),
        ("operator", "workorders.events", "WorkOrderRated"),
    ],
)
def test_it_may_not_send(node: PrivateRabbitMQ, user: str, exchange: str, key: str) -> None:
    with pytest.raises(amqp.exceptions.AccessRefused):
        publish(node, user, exchange, key)


@pytest.mark.parametrize(
    ("user", "queue", "exchange", "key"),
    [
        ("billing", f"rpc.reply-billing-{KEY}", "nameko-rpc", "security.login"),
        ("billing", f"rpc.reply-billing-{KEY}", "nameko-rpc", "#"),
        ("billing", "rpc-security", "nameko-rpc", "security.*"),
        ("billing", f"hint-notifications-{KEY}", "nameko-rpc", KEY),
        ("gateway", f"rpc.reply-gateway-{KEY}", "workorders.events", "#"),
        ("workorders", f"hint-security-{KEY}", "billing.events", "#"),
    ],
)
def test_it_may_not_hear(
    node: PrivateRabbitMQ, user: str, queue: str, exchange: str, key: str
) -> None:
    with pytest.raises(amqp.exceptions.AccessRefused):
        bind(node, user, queue, exchange, key)


def test_a_follower_hears_the_events_it_follows(node: PrivateRabbitMQ) -> None:
    bind(node, "workorders", f"hint-security-{KEY}", "security.events", "#")
