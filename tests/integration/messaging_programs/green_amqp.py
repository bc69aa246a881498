"""In a monkey-patched process, on RabbitMQ: the checks. ``WUYE_TEST_AMQP_URL`` says where."""

from __future__ import annotations

import os
from collections.abc import Iterator

import kombu
import pytest

from shared.messaging.connections import connect
from tests.integration.messaging_programs import stock
from tests.integration.messaging_programs.event_checks import *  # noqa: F403
from tests.integration.messaging_programs.heartbeat_checks import *  # noqa: F403
from tests.integration.messaging_programs.rpc_checks import *  # noqa: F403


@pytest.fixture(scope="module")
def service_url() -> Iterator[str]:
    url = os.environ["WUYE_TEST_AMQP_URL"]
    runner = stock.start(url, stock.Answering)
    yield url
    runner.stop()


@pytest.fixture
def broker_url() -> Iterator[str]:
    url = os.environ["WUYE_TEST_AMQP_URL"]
    yield url
    connection = connect(url)
    kombu.Queue("all")(connection.channel()).delete()
    connection.release()
