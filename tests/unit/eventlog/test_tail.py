"""The newest events in memory: read and decoded once, and never in the place of the store."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from eventsourcing.persistence import Notification

from shared.eventlog import tail
from shared.eventlog.catalogue import NewerEvent
from shared.eventlog.store import Append, Store
from shared.eventlog.tail import Tail
from tests.support.stores import Opener, item
from tests.support.toy import JAR, Add, Bench, context, stream
from tests.unit.eventlog import test_sealing as sealing
from tests.unit.eventlog.test_catalogue import old


class Asked:
    """A store that counts how often its log is read, and may be exchanged for another."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.times = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def read_log(self, after: int, limit: int) -> Sequence[Notification]:
        self.times += 1
        return self.store.read_log(after, limit)

    def read_log_from(self, first: int, limit: int) -> Sequence[Notification]:
        self.times += 1
        return self.store.read_log_from(first, limit)


@pytest.fixture
def asked(bench: Bench) -> Asked:
    return Asked(bench.store)


@pytest.fixture
def kept(asked: Asked, bench: Bench) -> Tail:
    return Tail(asked, bench.mapper)


def fill(bench: Bench, count: int) -> None:
    bench.log.execute(JAR, stream(), Add(amount=1, times=count), context())


def positions(tail: Tail, after: int, limit: int = 500) -> list[int]:
    return [one.fact.position for one in tail.read(after, limit).events]


def test_who_comes_later_is_given_what_was_read(bench: Bench, asked: Asked, kept: Tail) -> None:
    fill(bench, 5)
    first = kept.read(0, 500)
    assert (asked.times, first.head, first.from_memory) == (1, 5, False)
    assert kept.read(0, 500).events == first.events
    assert (positions(kept, 2), positions(kept, 0, 3)) == ([3, 4, 5], [1, 2, 3])
    assert kept.read(3, 1).anchor == first.events[2].fact.id
    assert asked.times == 1


def test_who_stands_at_its_end_asks_the_store(bench: Bench, asked: Asked, kept: Tail) -> None:
    fill(bench, 2)
    end = kept.read(0, 500).events[-1].fact
    for _ in range(2):
        found = kept.read(end.position, 500)
        assert (found.anchor, found.events, found.head) == (end.id, [], end.position)
    fill(bench, 3)
    assert positions(kept, end.position) == [3, 4, 5]
    assert asked.times == 4
    assert positions(kept, 0) == [1, 2, 3, 4, 5] and asked.times == 4


def test_what_is_older_is_read_from_the_store(
    bench: Bench, asked: Asked, kept: Tail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST", 3)
    fill(bench, 20)
    for after in range(0, 20, 2):
        assert positions(kept, after, 2) == [after + 1, after + 2]
    assert len(kept._kept) <= 6, "no more is kept than that"
    before = asked.times
    assert positions(kept, 2, 4) == [3, 4, 5, 6] and asked.times == before + 1
    assert positions(kept, 17) == [18, 19, 20] and asked.times == before + 1


@pytest.mark.parametrize("events", [0, 3, 5, 8], ids=["empty", "shorter", "as long", "longer"])
def test_another_history_is_never_mixed_with_what_was_kept(
    bench: Bench, asked: Asked, kept: Tail, memory: Store, open_store: Opener, events: int
) -> None:
    fill(bench, 5)
    assert len(positions(kept, 0)) == 5
    restored = Bench(open_store())
    if events:
        fill(restored, events)
    asked.store = restored.store
    known = {fact.id for fact in bench.log.read(0)}
    found = kept.read(5, 500)
    assert found.anchor not in known, "the reader sees that its last event is not there"
    assert [one.fact for one in kept.read(0, 500).events] == restored.log.read(0)
    restored.close()


def test_a_forgotten_persons_text_is_not_kept(memory: Store) -> None:
    bench = Bench(memory, sealing.CATALOGUE)
    sealing.complain(bench)
    kept = Tail(memory, bench.mapper)
    assert bench.mapper.opened(kept.read(0, 1).events[0]).data["text"] == sealing.SPOKEN
    bench.keyring.destroy("c1.li")
    again = kept.read(0, 1)
    assert again.from_memory and bench.mapper.opened(again.events[0]).data["text"] is None
    assert again.events[0].fact.data["text"] is None


def test_it_ends_before_an_event_of_a_newer_release(bench: Bench, kept: Tail) -> None:
    fill(bench, 2)
    old(bench.store, stream(), 1, "CoinsMelted", 1, amount=1)
    fill(bench, 1)
    for _ in range(2):
        assert positions(kept, 0) == [1, 2]
        with pytest.raises(NewerEvent):
            kept.read(2, 500)


def rolled_back(store: Store, item: Append) -> None:
    with pytest.raises(LookupError), store.transaction() as tx:
        tx.append([item])
        raise LookupError


def test_readers_side_by_side_miss_nothing_and_see_nothing_twice(
    open_store: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While others write, with positions left out, and more written than is kept."""
    monkeypatch.setattr(tail, "MOST", 10)
    bench, writing = Bench(open_store()), threading.Event()
    kept = Tail(bench.store, bench.mapper)
    seen: list[list[int]] = [[] for _ in range(4)]

    def write() -> None:
        for number in range(60):
            if number % 7 == 3:
                rolled_back(bench.store, item(stream(), 0))
            old(bench.store, stream(), 1, "CoinsAdded", 1, amount=number)
        writing.set()

    def read(found: list[int], limit: int) -> None:
        while True:
            last = writing.is_set()
            more = positions(kept, found[-1] if found else 0, limit)
            found += more
            if last and not more:
                return

    threads = [threading.Thread(target=write)]
    threads += [
        threading.Thread(target=read, args=(found, random.choice([1, 3, 50]))) for found in seen
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    truth = [one.id for one in bench.store.read_log(0, 500)]
    assert len(truth) == 60 and all(found == truth for found in seen)
    bench.close()
