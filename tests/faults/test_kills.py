"""Something dies in mid-load: every acknowledged command is once in the log, once in the view."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.eventlog.postgres import LEASE_LOCK
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.support.load import Load
from tests.support.stack import Stack
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.integration]


@pytest.fixture
def stack(postgres: PrivatePostgres, rabbitmq: PrivateRabbitMQ, tmp_path: Path) -> Iterator[Stack]:
    modules = {"toys": "tests.support.toy_process"}
    with Stack(postgres, rabbitmq, tmp_path, ["toys"], modules=modules) as stack:
        stack.start_all()
        yield stack


def _kill_serve(stack: Stack) -> None:
    stack.kill("toys", "serve")
    stack.start("toys", "serve")


def _kill_work(stack: Stack) -> None:
    stack.kill("toys", "work")
    stack.start("toys", "work")


def _kill_lease(stack: Stack) -> None:
    """The lock's connection dies: the leader notices within a second or so, and ends."""
    found = stack.query(
        "toys",
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database "
        "WHERE locktype = 'advisory' AND datname = current_database() "
        "AND (classid::bigint << 32 | objid::bigint) = %s",
        LEASE_LOCK,
    )
    assert found == [(True,)]
    assert stack.processes["toys", "work"].wait(15) == 1
    stack.start("toys", "work")


@pytest.mark.parametrize("fault", [_kill_serve, _kill_work, _kill_lease])
def test_a_process_dies_in_mid_load(stack: Stack, fault: Callable[[Stack], None]) -> None:
    with Load(stack) as load:
        load.more(50)
        fault(stack)
        load.more(100)
    _nothing_lost_nothing_twice(stack, load)


def test_the_broker_dies_in_mid_load(stack: Stack, rabbitmq: PrivateRabbitMQ) -> None:
    with Load(stack) as load:
        load.more(50)
        rabbitmq.kill()
        rabbitmq.start()
        load.more(100, seconds=90)
    _nothing_lost_nothing_twice(stack, load)
    assert [process.poll() for process in stack.processes.values()] == [None, None]


def test_the_database_dies_in_mid_load(stack: Stack, postgres: PrivatePostgres) -> None:
    with Load(stack) as load:
        load.more(50)
        postgres.kill()
        postgres.start()
        wait_until(
            "work has taken the lead again",
            lambda: stack.processes["toys", "work"].poll() is not None,
        )
        stack.start("toys", "work")
        load.more(100, seconds=90)
    _nothing_lost_nothing_twice(stack, load)


def test_two_leaders_cannot_both_move_a_position(stack: Stack) -> None:
    """A second ``work`` stands by while the first lives, and takes over when it dies."""
    first = stack.processes["toys", "work"]
    second = stack.start("toys", "work")
    with Load(stack) as load:
        load.more(50)
        first.kill()
        first.wait()
        load.more(50)
    _nothing_lost_nothing_twice(stack, load)
    assert second.poll() is None


def _nothing_lost_nothing_twice(stack: Stack, load: Load) -> None:
    stack.settle(60)
    rows = stack.query("toys", "SELECT originator_id, state FROM stored_events")
    stored = Counter(json.loads(state)["command_id"] for _, state in rows)
    assert [command for command, count in stored.items() if count > 1] == []
    assert set(load.acknowledged) - set(stored) == set()
    in_log = Counter(stream for stream, _ in rows)
    for jar in load.jars:
        found = stack.call("toys", "get", {"id": jar})
        assert (found["coins"], found["moves"]) == (in_log[jar], in_log[jar])
