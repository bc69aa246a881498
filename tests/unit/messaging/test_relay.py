"""The relay's promises, on an in-process broker: order, no gap, compare-and-set, the unknown."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import kombu
import pytest

from shared.clock import ManualClock
from shared.errors import Unavailable
from shared.messaging import embedded, topology
from shared.messaging.connections import connect
from shared.messaging.envelope import Fact, decode
from shared.messaging.publisher import EmbeddedPublisher
from shared.messaging.relay import LostLead, Relay
from tests.support.waiting import wait_until

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _fact(position: int) -> Fact:
    return Fact(
        id=f"id-{position}",
        log="workorders",
        position=position,
        type="WorkOrderRated",
        schema=1,
        subject="garden.1",
        version=position,
        community="garden",
        time=NOON,
        occurred_at=NOON,
        actor="li",
        command_id="c",
        correlation_id="c",
        data={"stars": 5},
    )


class ListedLog:
    """A log in a list, with holes between positions as a real one has."""

    def __init__(self, count: int) -> None:
        self.facts = [_fact(3 * number) for number in range(1, count + 1)]

    def read_some(self, after: int, limit: int) -> Sequence[Fact]:
        return [fact for fact in self.facts if fact.position > after][:limit]

    def wait(self, after: int, timeout: float) -> bool:
        time.sleep(min(timeout, 0.01))
        return bool(self.read_some(after, 1))

    def head(self) -> int:
        return self.facts[-1].position if self.facts else 0


class OnePosition:
    """One position; ``failing`` makes the next move fail before or after it was done."""

    def __init__(self, value: int = 0) -> None:
        self.value = value
        self.failing: str | None = None

    def get(self, name: str) -> int:
        return self.value

    def advance(self, name: str, from_: int, to: int) -> bool:
        failing, self.failing = self.failing, None
        if failing == "before":
            raise OSError("the database is away")
        if self.value != from_:
            return False
        self.value = to
        if failing == "after":
            raise OSError("the database went away")
        return True


class Receiver:
    """Everything the exchange tells, in the order it comes."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url)
        self._queue = kombu.Queue(
            "all", exchange=topology.events("workorders").for_kombu(), routing_key="#"
        )(self._connection.channel())
        self._queue.declare()

    def positions(self) -> list[int]:
        found = []
        while (message := self._queue.get(no_ack=True)) is not None:
            found.append(decode(message.body).position)
        return found


@pytest.fixture
def url() -> Iterator[str]:
    name = f"t-{uuid.uuid4().hex}"
    yield f"wuye-embedded://{name}/"
    embedded.drop(name)


@pytest.fixture
def relay_of(url: str) -> Iterator[Callable[..., Relay]]:
    publisher = EmbeddedPublisher(url, "workorders")
    yield lambda log, positions, clock=None: Relay(
        log, positions, publisher, clock or ManualClock(NOON)
    )
    publisher.close()


def test_it_tells_all_in_order_from_its_position_on(
    url: str, relay_of: Callable[..., Relay]
) -> None:
    receiver, log, positions = Receiver(url), ListedLog(1200), OnePosition(3)
    relay = relay_of(log, positions)
    assert [relay.step() for _ in range(4)] == [500, 500, 199, 0]
    assert receiver.positions() == [fact.position for fact in log.facts[1:]]
    assert (relay.position, positions.value, relay.published) == (3600, 3600, 1199)


def test_it_runs_until_stopped_and_sees_what_is_new(
    url: str, relay_of: Callable[..., Relay]
) -> None:
    receiver, log = Receiver(url), ListedLog(2)
    relay, stop = relay_of(log, OnePosition()), threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    wait_until("it is told", lambda: relay.position == 6, 10)
    log.facts.append(_fact(9))
    wait_until("so is what is new", lambda: relay.position == 9, 10)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert receiver.positions() == [3, 6, 9]


def test_a_second_leader_is_stopped_by_the_position(relay_of: Callable[..., Relay]) -> None:
    log, positions = ListedLog(2), OnePosition()
    first, second = relay_of(log, positions), relay_of(log, positions)
    second.step()
    log.facts.append(_fact(9))
    first.step()
    log.facts.append(_fact(12))
    with pytest.raises(LostLead):
        second.run(threading.Event())
    assert positions.value == 9


@pytest.mark.parametrize(("failing", "told"), [("before", [3, 6, 3, 6]), ("after", [3, 6])])
def test_a_move_of_unknown_outcome_is_looked_up(
    url: str, relay_of: Callable[..., Relay], failing: str, told: list[int]
) -> None:
    receiver, positions = Receiver(url), OnePosition()
    relay = relay_of(ListedLog(2), positions)
    positions.failing = failing
    with pytest.raises(OSError, match="database"):
        relay.step()
    relay.step()
    assert relay.position == positions.value == 6
    assert receiver.positions() == told


def test_after_a_move_of_unknown_outcome_another_leader_is_noticed(
    relay_of: Callable[..., Relay],
) -> None:
    positions = OnePosition()
    relay = relay_of(ListedLog(2), positions)
    positions.failing = "before"
    with pytest.raises(OSError, match="database"):
        relay.step()
    positions.value = 3
    with pytest.raises(LostLead):
        relay.step()


def test_it_goes_on_after_failures_without_skipping(
    url: str, relay_of: Callable[..., Relay]
) -> None:
    receiver, positions = Receiver(url), OnePosition()
    positions.failing = "before"
    relay, stop = relay_of(ListedLog(2), positions), threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    wait_until("it is told", lambda: relay.position == 6, 10)
    stop.set()
    thread.join(5)
    assert relay.failures == 1
    assert receiver.positions() == [3, 6, 3, 6]


class Doubtful:
    """The broker, but of each page no more than the first ``most`` are confirmed."""

    def __init__(self, publisher: EmbeddedPublisher, most: int) -> None:
        self._publisher = publisher
        self.most = most

    def publish(self, batch: Sequence[Fact]) -> int:
        return min(self._publisher.publish(batch), self.most)


def test_what_was_not_confirmed_is_told_again_from_the_first_of_it_on(url: str) -> None:
    receiver, positions = Receiver(url), OnePosition()
    publisher = EmbeddedPublisher(url, "workorders")
    doubtful = Doubtful(publisher, most=2)
    relay = Relay(ListedLog(4), positions, doubtful, ManualClock(NOON + timedelta(seconds=9)))
    with pytest.raises(Unavailable, match="2 of 4"):
        relay.step()
    assert (relay.position, positions.value, relay.published) == (6, 6, 2)
    assert relay.oldest_unpublished_seconds() == 9.0
    doubtful.most = 0
    with pytest.raises(Unavailable, match="0 of 2"):
        relay.step()
    assert (relay.position, positions.value) == (6, 6)
    doubtful.most = 500
    assert relay.step() == 2
    assert receiver.positions() == [3, 6, 9, 12, 9, 12, 9, 12]
    assert positions.value == 12
    publisher.close()


def test_it_tells_how_far_behind_it_is(url: str, relay_of: Callable[..., Relay]) -> None:
    clock, log, positions = ManualClock(NOON), ListedLog(2), OnePosition()
    relay = relay_of(log, positions, clock)
    assert (relay.lag(), relay.oldest_unpublished_seconds()) == (6, 0.0)
    positions.failing = "before"
    clock.advance(timedelta(seconds=7))
    with pytest.raises(OSError, match="database"):
        relay.step()
    assert relay.oldest_unpublished_seconds() == 7.0
    relay.step()
    assert (relay.lag(), relay.oldest_unpublished_seconds()) == (0, 0.0)


def test_a_broker_that_is_gone_is_unavailable_and_then_back(url: str) -> None:
    publisher = EmbeddedPublisher(url, "workorders")
    assert publisher.publish([_fact(3)]) == 1
    embedded.drop(url.split("/")[2])
    with pytest.raises(Unavailable):
        publisher.publish([_fact(3)])
    receiver = Receiver(url)
    assert publisher.publish([_fact(3)]) == 1
    assert receiver.positions() == [3]
    publisher.close()
