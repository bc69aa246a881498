"""The platform once a test session: on the stack, and embedded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.support.estate import SERVICES, Embedded, Estate, OnStack
from tests.support.push_service import SETTINGS
from tests.support.stack import Stack
from tests.support.stock import StockListener
from tests.support.tap import Tap


@pytest.fixture(scope="session")
def empty_stack(
    postgres: PrivatePostgres, rabbitmq: PrivateRabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """Databases, keys and a vhost with nothing in it: no process runs yet."""
    folder = tmp_path_factory.mktemp("estate")
    with Stack(postgres, rabbitmq, folder, SERVICES, environment=SETTINGS) as stack:
        yield stack


@pytest.fixture(scope="session")
def tap(empty_stack: Stack) -> Iterator[Tap]:
    """Hears every event from the very first one."""
    tap = Tap(empty_stack.broker_url, SERVICES)
    yield tap
    tap.close()


@pytest.fixture(scope="session")
def early_listener(empty_stack: Stack) -> Iterator[StockListener]:
    """A stock nameko service that was there before any of ours."""
    with StockListener(empty_stack.broker_url, "early") as listener:
        yield listener


@pytest.fixture(scope="session")
def running_stack(empty_stack: Stack, tap: Tap, early_listener: StockListener) -> Stack:
    empty_stack.start_all()
    return empty_stack


@pytest.fixture(scope="session")
def stack_estate(running_stack: Stack) -> Estate:
    estate = Estate("stack", OnStack(running_stack), running_stack.folder / "keys")
    estate.furnish()
    return estate


@pytest.fixture(scope="session")
def embedded_estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    folder = tmp_path_factory.mktemp("embedded")
    with Embedded(folder) as embedded:
        estate = Estate("embedded", embedded, folder / "data" / "keys")
        estate.furnish()
        yield estate


@pytest.fixture(
    params=[pytest.param("stack", marks=pytest.mark.integration), "embedded"], scope="session"
)
def estate(request: pytest.FixtureRequest) -> Estate:
    """The same test on both."""
    found: Estate = request.getfixturevalue(f"{request.param}_estate")
    return found
