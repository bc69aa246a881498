"""Run under eventlet, as services do: what threads do elsewhere, greenlets do here."""

# ruff: noqa: E402 — monkey-patching comes before everything else

from __future__ import annotations

from shared.hosting.green import patch

patch()

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import eventlet

from shared.eventlog.groupcommit import OutcomeUnknown
from shared.eventlog.migrate import migrate_sqlite
from shared.eventlog.postgres import PostgresStore
from shared.eventlog.sqlite import SqliteStore
from shared.eventlog.store import Store
from tests.support.stores import Spy, append, item
from tests.support.toy import JAR, Add, Bench, context, stream


def the_hub_runs_on_while_the_store_works(store: Store) -> None:
    """On PostgreSQL alone: a slow statement must not stop the other greenlets."""
    ticks: list[float] = []

    def tick() -> None:
        while True:
            eventlet.sleep(0.01)
            ticks.append(time.monotonic())

    ticking = eventlet.spawn(tick)
    with store.reading() as tx:
        tx.query("SELECT pg_sleep(1)")
    ticking.kill()
    assert len(ticks) > 5, f"the hub stood still: {len(ticks)} ticks"


def a_waiting_reader_is_woken_soon(store: Store) -> None:
    woken = []
    head = store.head()
    waiting = eventlet.spawn(lambda: woken.append(store.signal.wait(head, 5)))
    eventlet.sleep(0.3)
    append(store, item(stream(), 0))
    began = time.monotonic()
    waiting.wait()
    assert woken == [True] and time.monotonic() - began < 2


def each_greenlet_has_a_turn_of_its_own(store: Store) -> None:
    """While one holds a reading transaction open over a switch, another one writes."""
    with store.reading() as tx:
        writing = eventlet.spawn(append, store, item(stream(), 0))
        assert writing.wait() != [None]
        assert tx.query("SELECT 1 AS one") == [{"one": 1}]


def concurrent_commands_are_all_carried_out(bench: Bench) -> None:
    """Four race for one stream: as many as may lose to each other without a conflict."""
    one = stream()
    pool = eventlet.GreenPool(20)
    answers = list(
        pool.imap(
            lambda n: bench.log.execute(
                JAR, one if n % 15 == 0 else stream(), Add(amount=1), context()
            ),
            range(60),
        )
    )
    assert len({answer.position for answer in answers}) == 60
    assert bench.log.load(JAR, one)[1] == 4


def the_flush_answers_everybody_even_when_killed(store: Store) -> None:
    spy = Spy(store)
    bench = Bench(spy)
    entered, holding = threading.Event(), threading.Event()
    flushing: list[Any] = []

    @contextmanager
    def around() -> Iterator[None]:
        flushing.append(eventlet.getcurrent())
        entered.set()
        holding.wait()
        yield

    spy.around = around
    told: list[Any] = []

    def save() -> None:
        try:
            told.append(bench.commits.append(item(stream(), 0)))
        except OutcomeUnknown as error:
            told.append(error)

    savers = [eventlet.spawn(save)]
    entered.wait()
    savers += [eventlet.spawn(save) for _ in range(5)]
    eventlet.sleep(0.05)
    eventlet.kill(flushing[0])
    for saver in savers:
        saver.wait()
    assert len(told) == 6 and all(isinstance(each, OutcomeUnknown) for each in told)
    spy.around = None
    assert bench.commits.append(item(stream(), 0))
    bench.commits.close()


if __name__ == "__main__":
    place = sys.argv[1]
    opened: Store
    if place.startswith("postgresql"):
        opened = PostgresStore("toys", place)
        the_hub_runs_on_while_the_store_works(opened)
        each_greenlet_has_a_turn_of_its_own(opened)
    else:
        migrate_sqlite(Path(place))
        opened = SqliteStore("toys", Path(place))
    a_waiting_reader_is_woken_soon(opened)
    concurrent_commands_are_all_carried_out(Bench(opened))
    the_flush_answers_everybody_even_when_killed(opened)
    opened.close()
    print("all well")
