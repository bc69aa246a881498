"""The relay on RabbitMQ: the broker killed in mid-load loses nothing and changes no order."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import kombu
import pytest

from shared.clock import ManualClock
from shared.messaging import topology
from shared.messaging.confirming import ConfirmingPublisher
from shared.messaging.connections import connect
from shared.messaging.envelope import Fact, decode
from shared.messaging.relay import Relay
from shared.servers import PrivateRabbitMQ
from tests.integration.messaging_programs.facts import NOON, fact
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.faults]


class GrowingLog:
    """A log that other people append to; positions have holes."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def append(self, count: int) -> None:
        start = len(self.facts)
        self.facts += [fact(2 * number + 1) for number in range(start, start + count)]

    def read_some(self, after: int, limit: int) -> Sequence[Fact]:
        start = (after + 1) // 2
        return self.facts[start : start + limit]

    def wait(self, after: int, timeout: float) -> bool:
        time.sleep(0.01)
        return bool(self.read_some(after, 1))

    def head(self) -> int:
        return self.facts[-1].position if self.facts else 0


class StoredPosition:
    def __init__(self) -> None:
        self.value = 0
        self.moves: list[int] = []

    def get(self, name: str) -> int:
        return self.value

    def advance(self, name: str, from_: int, to: int) -> bool:
        if self.value != from_:
            return False
        self.value = to
        self.moves.append(to)
        return True


def _receive_all(url: str, wanted: Sequence[int]) -> list[int]:
    connection = connect(url)
    queue = _bound(connection)
    found: list[int] = []
    missing = set(wanted)

    def take(message: Any) -> None:
        found.append(decode(message.body).position)
        missing.discard(found[-1])

    consumer = kombu.Consumer(
        queue.channel,
        queues=[queue],
        no_ack=True,
        on_message=take,
    )
    consumer.consume()
    with suppress(TimeoutError):
        while True:
            connection.drain_events(timeout=20 if missing else 1)
    connection.release()
    return found


def _bound(connection: kombu.Connection) -> kombu.Queue:
    queue = kombu.Queue(
        "all", exchange=topology.events("workorders").for_kombu(), routing_key="#", durable=True
    )(connection.channel())
    queue.declare()
    return queue


def _take_all(queue: kombu.Queue) -> list[int]:
    found = []
    while (message := queue.get(no_ack=True)) is not None:
        found.append(decode(message.body).position)
    return found


def test_a_broker_killed_in_mid_load(rabbitmq: PrivateRabbitMQ, amqp_url: str) -> None:
    connection = connect(amqp_url)
    _bound(connection)
    connection.release()
    log, positions = GrowingLog(), StoredPosition()
    publisher = ConfirmingPublisher(amqp_url, "workorders")
    relay, stop = Relay(log, positions, publisher, ManualClock(NOON)), threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    confirmed_before: list[int] = []
    for _ in range(2):
        log.append(10_000)
        wait_until("it is under way", lambda: log.head() - 16_000 < relay.position, 20)
        # however late that was seen, there is enough left
        log.append(5_000)
        rabbitmq.kill()
        confirmed_before.append(relay.position)
        assert relay.position < log.head(), "it was to be killed in mid-load"
        wait_until("it fails", lambda failures=relay.failures: relay.failures > failures, 20)
        rabbitmq.start()
    log.append(100)
    wait_until("all are told", lambda: relay.position == log.head(), 60)
    stop.set()
    thread.join(15)
    assert not thread.is_alive()
    publisher.close()

    wanted = [one.position for one in log.facts]
    got = _receive_all(amqp_url, wanted)
    # nothing lost
    assert set(got) == set(wanted)
    # in order, for whoever drops what he has seen
    assert list(dict.fromkeys(got)) == wanted
    # never back behind what was confirmed
    assert positions.moves == sorted(positions.moves)
    again = len(got) - len(wanted)
    assert again <= 2 * 500, f"{again} doubled"


def test_it_holds_at_what_a_queue_refuses_and_goes_on_after(
    rabbitmq: PrivateRabbitMQ, amqp_url: str
) -> None:
    connection = connect(amqp_url)
    full = kombu.Queue(
        "full",
        exchange=topology.events("workorders").for_kombu(),
        routing_key="#",
        queue_arguments={"x-max-length": 40, "x-overflow": "reject-publish"},
    )(connection.channel())
    full.declare()
    log, positions = GrowingLog(), StoredPosition()
    publisher = ConfirmingPublisher(amqp_url, "workorders")
    relay, stop = Relay(log, positions, publisher, ManualClock(NOON)), threading.Event()
    log.append(70)
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    wait_until("it fails twice", lambda: relay.failures >= 2, 20)
    # nothing may come in while it is emptied: what a queue takes of a burst is its own affair
    stop.set()
    thread.join(15)
    # part of the page was confirmed, and nothing behind the first refused event counts
    assert 0 < relay.position < log.head()
    got = _take_all(full)
    assert relay.position in got
    stop.clear()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    wait_until("all are told", lambda: relay.position == log.head(), 20)
    stop.set()
    thread.join(15)
    publisher.close()
    got += _take_all(full)
    assert list(dict.fromkeys(got)) == [one.position for one in log.facts]
    connection.release()
