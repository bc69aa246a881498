"""Fixtures every test may use: real servers, private to this test session.

    def test_something(database: str, amqp_url: str) -> None: ...

The servers start with the first test that asks for one, so unit tests pay nothing for them.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_rerunfailures import StatusDB

from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.support.emptying import empty
from tests.support.fixtures import (  # noqa: F401
    early_listener,
    embedded_estate,
    empty_stack,
    estate,
    running_stack,
    stack_estate,
    tap,
)

# How long an example takes says something of the machine's other work, and nothing of ours.
settings.register_profile(
    "wuye", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("wuye")

_numbers = itertools.count(1)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Reruns are counted in each process for itself: to tell the first one takes 50 ms a test."""
    if hasattr(config, "workerinput"):
        config.failures_db = StatusDB()  # type: ignore[attr-defined]


# What is collected stays to the end: it is not looked through for garbage again and again.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For several processes at once: a file stays in one, and so do all that share a platform."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    used = set(getattr(item, "fixturenames", ()))
    callspec = getattr(item, "callspec", None)
    if callspec is not None and "estate" in callspec.params:
        return str(callspec.params["estate"])
    if "empty_stack" in used:
        return "stack"
    if "embedded_estate" in used:
        return "embedded"
    if "site" in used:
        # two platforms side by side are sooner at the end than all these tests on one
        return "windows" if item.path.name.startswith("test_browser_") else "site"
    return str(item.path.relative_to(item.config.rootpath))


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbitMQ]:
    """One private RabbitMQ node for the session; who kills it starts it again."""
    node = PrivateRabbitMQ(tmp_path_factory.mktemp("rabbitmq"))
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePostgres]:
    """One private PostgreSQL cluster for the session, with full durability."""
    cluster = PrivatePostgres(tmp_path_factory.mktemp("postgres"))
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def one_database(postgres: PrivatePostgres) -> Iterator[str]:
    yield postgres.create_database("one")
    postgres.drop_database("one")


@pytest.fixture
def database(one_database: str) -> Iterator[str]:
    """The superuser URL of an empty database, emptied after the test."""
    yield one_database
    empty(one_database)


@pytest.fixture
def amqp_url(rabbitmq: PrivateRabbitMQ) -> Iterator[str]:
    """The AMQP URL of an empty vhost, deleted with all its queues after the test."""
    name = f"test_{next(_numbers)}"
    yield rabbitmq.add_vhost(name)
    rabbitmq.delete_vhost(name)
