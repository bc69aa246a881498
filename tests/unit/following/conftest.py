"""Followers on the databases that services run on, each test on both unless it asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shared.eventlog.store import Store
from shared.following.handlers import Handler
from tests.support.stores import Opener, opening
from tests.unit.following.bench import Bench

ON_DISK = ("sqlite", pytest.param("postgres", marks=pytest.mark.integration))

Opening = Callable[..., Bench]


@pytest.fixture(params=ON_DISK)
def open_store(request: pytest.FixtureRequest) -> Iterator[Opener]:
    with opening(request.param, request) as open_store:
        yield open_store


@pytest.fixture
def open_bench(open_store: Opener) -> Iterator[Opening]:
    """Another process of the service at each call."""
    opened: list[Bench] = []

    def open_bench(*handlers: Handler) -> Bench:
        opened.append(Bench(open_store(), *handlers))
        return opened[-1]

    yield open_bench
    for bench in opened:
        bench.close()


@pytest.fixture
def bench(open_bench: Opening) -> Bench:
    return open_bench()


@pytest.fixture
def memory(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opening("memory", request) as open_store:
        yield open_store()


@pytest.fixture
def light(memory: Store) -> Iterator[Bench]:
    """In memory: for rules that no database has a part in."""
    bench = Bench(memory)
    yield bench
    bench.close()
