"""The log's stores, each test on all of them unless it asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.eventlog.store import Store
from tests.support.stores import KINDS, Opener, opening
from tests.support.toy import Bench


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest) -> Iterator[Opener]:
    with opening(request.param, request) as open_store:
        yield open_store


@pytest.fixture
def store(open_store: Opener) -> Store:
    return open_store()


@pytest.fixture
def memory(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opening("memory", request) as open_store:
        yield open_store()


@pytest.fixture
def open_postgres(request: pytest.FixtureRequest) -> Iterator[Opener]:
    with opening("postgres", request) as open_store:
        yield open_store


@pytest.fixture
def bench(memory: Store) -> Iterator[Bench]:
    """A log in memory: for rules that no database has a part in."""
    bench = Bench(memory)
    yield bench
    bench.close()


@pytest.fixture
def two(open_store: Opener) -> Iterator[tuple[Bench, Bench]]:
    """Two processes at work on one log."""
    one, other = Bench(open_store()), Bench(open_store())
    yield one, other
    one.close()
    other.close()
