"""Numbers for people: gaps are allowed, repeats are not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from shared.errors import Unavailable
from shared.eventlog import counters as counters_
from shared.eventlog.counters import MOST_A_BLOCK, Counters
from shared.eventlog.store import Store, StoreError, Tx
from tests.support.stores import Opener, Spy, connection_lost


def test_a_number_is_given_once_whoever_asks(open_store: Opener) -> None:
    given: list[int] = []
    store = open_store()
    # A file belongs to one process.
    others = open_store() if store.dialect == "postgres" else store
    processes = [Counters(store), Counters(others)]

    def take(counters: Counters) -> None:
        for _ in range(40):
            given.append(counters.next("R-2026"))

    takers = [threading.Thread(target=take, args=(processes[n % 2],)) for n in range(4)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert len(set(given)) == len(given) == 160
    # of each process the rest of a block, and one drawn ahead
    assert min(given) == 1 and max(given) <= 160 + 2 * 2 * MOST_A_BLOCK


class Held:
    """Transactions of a spied store begin, and go on when they are let."""

    def __init__(self, spy: Spy) -> None:
        self.begun, self.let = threading.Event(), threading.Event()
        spy.around = self.around

    @contextmanager
    def around(self) -> Iterator[None]:
        self.begun.set()
        assert self.let.wait(10)
        yield


@pytest.fixture
def spy(memory: Store) -> Spy:
    return Spy(memory)


@pytest.fixture
def busy(spy: Spy, monkeypatch: pytest.MonkeyPatch) -> Counters:
    """Blocks of 1, 2, 4 and 8 are drawn, however slow the test: of the last, four are left when
    eleven were given, and with the twelfth it runs out.
    """
    monkeypatch.setattr(counters_, "BUSY_SECONDS", 60.0)
    return Counters(spy)


def test_nobody_waits_for_ever_behind_one_who_does(spy: Spy) -> None:
    counters, held = Counters(spy, patience=0.05), Held(spy)
    first = threading.Thread(target=counters.next, args=("R",))
    first.start()
    assert held.begun.wait(10)
    with pytest.raises(Unavailable):
        counters.next("R")
    held.let.set()
    first.join()
    assert counters.next("R") == 2


def test_nobody_waits_for_the_next_block_while_there_are_numbers(spy: Spy, busy: Counters) -> None:
    given = [busy.next("R") for _ in range(11)]
    held = Held(spy)
    drawing = threading.Thread(target=lambda: given.append(busy.next("R")))
    drawing.start()
    assert held.begun.wait(10)
    given += [busy.next("R") for _ in range(3)]
    assert drawing.is_alive(), "it is still drawing"
    held.let.set()
    drawing.join(10)
    given += [busy.next("R") for _ in range(40)]
    assert sorted(given) == list(range(1, len(given) + 1))


def test_a_block_that_cannot_be_drawn_ahead_is_drawn_by_who_needs_it(
    spy: Spy, busy: Counters
) -> None:
    given = [busy.next("R") for _ in range(11)]
    spy.around = partial(connection_lost, committed=False)
    given += [busy.next("R") for _ in range(4)]
    with pytest.raises(StoreError):
        busy.next("R")
    spy.around = None
    given += [busy.next("R") for _ in range(40)]
    assert len(set(given)) == len(given)


def test_counters_do_not_wait_for_each_other(spy: Spy) -> None:
    counters, held = Counters(spy), Held(spy)
    drawing = threading.Thread(target=counters.next, args=("R",))
    drawing.start()
    assert held.begun.wait(10)
    spy.around = None
    assert counters.next("C") == 1
    held.let.set()
    drawing.join(10)


@pytest.mark.integration
def test_a_number_waits_for_no_standby(open_postgres: Opener) -> None:
    found: list[str] = []

    class Watched(Spy):
        @contextmanager
        def transaction(self) -> Iterator[Tx]:
            with self._store.transaction() as tx:
                yield tx
                found.append(tx.query("SHOW synchronous_commit")[0]["synchronous_commit"])

    assert Counters(Watched(open_postgres())).next("R") == 1
    assert found == ["off"]


def test_each_counter_counts_for_itself(memory: Store) -> None:
    counters = Counters(memory)
    assert [counters.next(name) for name in ("R-2026", "C-2026", "R-2026", "R-2027")] == [
        1,
        1,
        2,
        1,
    ]


def test_numbers_that_were_not_stored_are_not_given(memory: Store) -> None:
    spy = Spy(memory)
    mine, theirs = Counters(spy), Counters(memory)
    given = [mine.next("R") for _ in range(3)]
    for committed in (False, True):
        spy.around = partial(connection_lost, committed=committed)
        with pytest.raises(StoreError):
            for _ in range(MOST_A_BLOCK + 1):
                given.append(mine.next("R"))
        spy.around = None
        given += [theirs.next("R") for _ in range(3)]
        given += [mine.next("R") for _ in range(3)]
    assert len(set(given)) == len(given)
