"""The in-process broker keeps AMQP's promises."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from shared.messaging.inprocess import (
    Broker,
    BrokerGone,
    Consumer,
    Inbox,
    Locked,
    Mismatch,
    NoSuchThing,
    Queue,
)


@pytest.fixture
def broker() -> Broker:
    found = Broker()
    found.declare_exchange("news", "topic", True, False)
    return found


def _consumer(queue: Queue, inbox: Inbox, prefetch: int = 0, settles: bool = True) -> Consumer:
    return Consumer(queue=queue, inbox=inbox, prefetch=prefetch, settles=settles, target=None)


def _payloads(inbox: Inbox) -> list[Any]:
    found = []
    while (taken := inbox.take(0)) is not None:
        found.append(taken[1].payload)
    return found


@pytest.mark.parametrize(
    ("pattern", "key", "taken"),
    [
        ("#", "a", True),
        ("#", "a.b.c", True),
        ("#", "", True),
        ("a.#", "a", True),
        ("a.#", "a.b.c", True),
        ("a.#", "ab", False),
        ("#.c", "c", True),
        ("#.c", "a.b.c", True),
        ("a.#.c", "a.c", True),
        ("a.#.c", "a.b.b.c", True),
        ("*", "a", True),
        ("*", "a.b", False),
        ("a.*", "a", False),
        ("a.*", "a.b", True),
        ("a.*.c", "a.b.c", True),
        ("rpc.*", "rpc.submit", True),
        ("a.b", "a.b", True),
        ("a.b", "aXb", False),
        ("a(b", "a(b", True),
        ("工单.#", "工单.提交", True),
    ],
)
def test_topic_patterns(broker: Broker, pattern: str, key: str, taken: bool) -> None:
    broker.bind(broker.declare_queue("q"), "news", pattern)
    assert broker.publish("news", key, "x") is taken


def test_direct_and_fanout(broker: Broker) -> None:
    broker.declare_exchange("one", "direct", True, False)
    broker.declare_exchange("all", "fanout", True, False)
    queue = broker.declare_queue("q")
    broker.bind(queue, "one", "a.*")
    broker.bind(queue, "all", "")
    assert not broker.publish("one", "a.b", 1)
    assert broker.publish("one", "a.*", 2)
    assert broker.publish("all", "whatever", 3)
    assert broker.publish("", "q", 4)
    assert [letter.payload for letter in queue.letters] == [2, 3, 4]


def test_a_queue_bound_twice_gets_a_message_once(broker: Broker) -> None:
    queue = broker.declare_queue("q")
    broker.bind(queue, "news", "#")
    broker.bind(queue, "news", "a.*")
    broker.publish("news", "a.b", 1)
    assert len(queue.letters) == 1


def test_what_has_no_queue_vanishes_and_says_so(broker: Broker) -> None:
    assert broker.publish("news", "a", 1) is False
    with pytest.raises(NoSuchThing):
        broker.publish("olds", "a", 1)


def test_bindings_change_what_was_routed_before(broker: Broker) -> None:
    queue = broker.declare_queue("q")
    assert not broker.publish("news", "a", 1)
    broker.bind(queue, "news", "a")
    assert broker.publish("news", "a", 2)
    broker.unbind(queue, "news", "a")
    assert not broker.publish("news", "a", 3)
    broker.bind(queue, "news", "a")
    broker.delete_queue("q")
    assert not broker.publish("news", "a", 4)


def test_an_exchange_is_declared_alike_or_not_at_all(broker: Broker) -> None:
    broker.declare_exchange("news", "topic", True, False)
    with pytest.raises(Mismatch):
        broker.declare_exchange("news", "topic", False, False)


def test_an_exclusive_queue_belongs_to_one_connection_and_dies_with_it(broker: Broker) -> None:
    mine, theirs = broker.connect(), broker.connect()
    queue = broker.declare_queue("q", owner=mine)
    assert broker.queue("q", mine) is queue
    with pytest.raises(Locked):
        broker.queue("q", theirs)
    with pytest.raises(Locked):
        broker.declare_queue("q", owner=theirs)
    broker.disconnect(mine)
    with pytest.raises(NoSuchThing):
        broker.queue("q", mine)


def test_an_auto_delete_queue_goes_with_its_last_consumer(broker: Broker) -> None:
    inbox = broker.connect()
    queue = broker.declare_queue("q", auto_delete=True)
    first, second = _consumer(queue, inbox), _consumer(queue, inbox)
    broker.consume(first)
    broker.consume(second)
    broker.cancel(first)
    assert broker.queue("q") is queue
    broker.cancel(second)
    with pytest.raises(NoSuchThing):
        broker.queue("q")


def test_a_queue_that_expires_is_gone_when_nobody_used_it(broker: Broker) -> None:
    broker.declare_queue("q", expires=0.01)
    time.sleep(0.02)
    broker.declare_queue("other")
    with pytest.raises(NoSuchThing):
        broker.queue("q")


def test_a_full_queue_keeps_the_newest(broker: Broker) -> None:
    queue = broker.declare_queue("q", max_length=1)
    broker.bind(queue, "news", "#")
    for number in range(5):
        broker.publish("news", "a", number)
    assert [letter.payload for letter in queue.letters] == [4]


def test_prefetch_bounds_what_is_unsettled(broker: Broker) -> None:
    inbox = broker.connect()
    queue = broker.declare_queue("q")
    consumer = _consumer(queue, inbox, prefetch=2)
    broker.consume(consumer)
    for number in range(5):
        broker.publish("", "q", number)
    assert _payloads(inbox) == [0, 1]
    broker.settle(consumer)
    assert _payloads(inbox) == [2]


def test_consumers_take_turns(broker: Broker) -> None:
    first, second = broker.connect(), broker.connect()
    queue = broker.declare_queue("q")
    broker.consume(_consumer(queue, first))
    broker.consume(_consumer(queue, second, prefetch=1))
    for number in range(5):
        broker.publish("", "q", number)
    assert _payloads(first) == [0, 2, 3, 4]
    assert _payloads(second) == [1]


def test_what_a_cancelled_consumer_had_not_looked_at_goes_to_the_next(broker: Broker) -> None:
    inbox = broker.connect()
    queue = broker.declare_queue("q")
    consumer = _consumer(queue, inbox, settles=False)
    broker.consume(consumer)
    for number in range(3):
        broker.publish("", "q", number)
    taken = inbox.take(0)
    assert taken is not None
    assert taken[1].payload == 0
    broker.cancel(consumer)
    broker.publish("", "q", 3)
    broker.consume(_consumer(queue, inbox))
    again = [inbox.take(0) for _ in range(3)]
    assert [(one[1].payload, one[1].redelivered) for one in again if one] == [
        (1, True),
        (2, True),
        (3, False),
    ]


def test_a_waiting_connection_is_woken_by_a_message_and_only_its_own(broker: Broker) -> None:
    mine, theirs = broker.connect(), broker.connect()
    broker.consume(_consumer(broker.declare_queue("mine"), mine))
    broker.consume(_consumer(broker.declare_queue("theirs"), theirs))
    threading.Timer(0.05, broker.publish, ("", "mine", "x")).start()
    began = time.monotonic()
    taken = mine.take(5)
    assert taken is not None
    assert taken[1].payload == "x"
    assert time.monotonic() - began < 4
    assert theirs.take(0) is None


def test_an_empty_inbox_times_out(broker: Broker) -> None:
    began = time.monotonic()
    assert broker.connect().take(0.05) is None
    assert 0.04 < time.monotonic() - began < 4


def test_the_end_of_a_broker_wakes_everybody(broker: Broker) -> None:
    inbox = broker.connect()
    threading.Timer(0.05, broker.shut_down).start()
    with pytest.raises(BrokerGone):
        inbox.take(5)


def test_many_threads_lose_and_double_nothing(broker: Broker) -> None:
    queue = broker.declare_queue("q")
    got: list[int] = []
    until = time.monotonic() + 30

    def consume(inbox: Inbox, consumer: Consumer) -> None:
        while len(got) < 2000 and time.monotonic() < until:
            if (taken := inbox.take(0.1)) is None:
                continue
            got.append(taken[1].payload)
            broker.settle(consumer)

    def publish(start: int) -> None:
        for number in range(start, start + 500):
            broker.publish("", "q", number)

    workers = []
    for _ in range(4):
        inbox = broker.connect()
        consumer = _consumer(queue, inbox, prefetch=3)
        broker.consume(consumer)
        workers.append(threading.Thread(target=consume, args=(inbox, consumer)))
    workers += [threading.Thread(target=publish, args=(start,)) for start in range(0, 2000, 500)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(got) == list(range(2000))
