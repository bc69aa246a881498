"""Answers, where the way to the broker is bad."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import kombu
import msgspec
import pytest

from shared.errors import NotFound
from shared.hosting.answering import Answers
from shared.messaging import topology
from shared.messaging.connections import CONNECT_SECONDS, connect
from tests.support.door import Door
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration

KEY = "caller"


@pytest.fixture
def queue(amqp_url: str) -> Iterator[kombu.Queue]:
    """Where the caller looks for its answer."""
    with connect(amqp_url) as connection:
        found = topology.replies("test", KEY).for_kombu()(connection.channel())
        found.declare()
        yield found


def test_one_that_finds_no_connection_goes_out_on_the_next(
    amqp_url: str, queue: kombu.Queue
) -> None:
    door = Door(amqp_url)
    door.hold()
    opened = threading.Timer(CONNECT_SECONDS + 1, door.let_go)
    opened.start()
    answers = Answers(door.url)
    try:
        answers.send(KEY, "call-1", None, NotFound("No such order."))
    finally:
        answers.close()
        opened.join()
        door.shut()
    message = wait_until("the answer", queue.get, 20)
    assert message.properties["correlation_id"] == "call-1"
    assert "No such order." in msgspec.json.decode(message.body)["error"]["value"]


def test_a_broker_that_is_away_keeps_nobody_for_long(amqp_url: str) -> None:
    answers = Answers(Door(amqp_url, shut=True).url)
    answers.send(KEY, "call-1", {"id": "WO-1"}, None)
    answers.close()
