"""RPC over RabbitMQ from a process with real threads, as the edge has them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import kombu
import pytest

from shared import errors
from shared.messaging import topology
from shared.messaging.connections import connect
from shared.messaging.rpc_client import RpcClient
from shared.servers import PrivateRabbitMQ
from tests.integration.messaging_programs.processes import StockService
from tests.integration.messaging_programs.rpc_checks import *  # noqa: F403
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def service_url(rabbitmq: PrivateRabbitMQ) -> Iterator[str]:
    url = rabbitmq.add_vhost("rpc_checks")
    service = StockService(url, "rpc")
    yield url
    service.stop()
    rabbitmq.delete_vhost("rpc_checks")


def test_a_queue_without_its_service_times_out(amqp_url: str) -> None:
    service = StockService(amqp_url, "rpc")
    client = RpcClient(amqp_url, "lonely")
    client.call("answering", "echo", {})
    service.stop()
    began = time.monotonic()
    with pytest.raises(errors.TimedOut):
        client.call("answering", "echo", {}, timeout=0.5)
    assert time.monotonic() - began < 8
    client.close()


def test_a_call_too_late_for_its_caller_leaves_the_queue(amqp_url: str) -> None:
    connection = connect(amqp_url)
    queue = kombu.Queue(
        topology.rpc_queue("answering"),
        exchange=topology.RPC.for_kombu(),
        routing_key=topology.rpc_key("answering", "*"),
    )(connection.channel())
    queue.declare()
    client = RpcClient(amqp_url, "late")
    wait_until("it is connected", lambda: client.connected, 20)
    reply = client.call_async("answering", "echo", {}, timeout=4)

    def waiting() -> int:
        return queue.queue_declare(passive=True).message_count

    wait_until("it is in the queue", lambda: waiting() == 1, 4)
    with pytest.raises(errors.TimedOut):
        reply.result()
    wait_until("it is gone", lambda: waiting() == 0, 20)
    client.close()
    connection.release()


def test_no_broker_is_unavailable_at_once_and_found_later(rabbitmq: PrivateRabbitMQ) -> None:
    url = rabbitmq.url("appears_later")
    client = RpcClient(url, "early")
    try:
        began = time.monotonic()
        with pytest.raises(errors.Unavailable):
            client.call("answering", "echo", {})
        assert time.monotonic() - began < 8
        rabbitmq.add_vhost("appears_later")
        wait_until("it is connected", lambda: client.connected, 15)
    finally:
        client.close()
        rabbitmq.delete_vhost("appears_later")


@pytest.mark.faults
def test_a_killed_broker_fails_calls_promptly_and_is_found_again(
    rabbitmq: PrivateRabbitMQ, amqp_url: str
) -> None:
    service = StockService(amqp_url, "rpc")
    client = RpcClient(amqp_url, "survivor")
    client.call("answering", "echo", {})
    under_way = client.call_async("answering", "slow", {"seconds": 30}, timeout=40)
    rabbitmq.kill()
    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        under_way.result()
    with pytest.raises(errors.Unavailable):
        client.call("answering", "echo", {})
    assert time.monotonic() - began < 15
    rabbitmq.start()
    # The stock one may have met the broker half started, and ended.
    service.stop()
    service = StockService(amqp_url, "rpc")
    answer = wait_until(
        "it answers again", lambda: client.call("answering", "echo", {"n": 1}, timeout=2), 40
    )
    assert answer == {"n": 1}
    client.close()
    service.stop()
