"""Several commands and other rows in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.eventlog.snapshots import EVERY
from shared.eventlog.store import LostRace, Tx
from shared.eventlog.unit_of_work import UnitOfWork
from tests.support.stores import Opener, Spy
from tests.support.toy import JAR, Add, Bench, Jar, NotEnough, Take, context, stream


@pytest.fixture
def bench(open_store: Opener) -> Iterator[Bench]:
    bench = Bench(open_store())
    yield bench
    bench.close()


def _count(tx: Tx) -> None:
    tx.execute("INSERT INTO counters (name, value) VALUES ('done', 1)")


def _counted(bench: Bench) -> int:
    with bench.store.reading() as tx:
        return len(tx.query("SELECT * FROM counters"))


def test_commands_build_on_those_before_and_go_in_together(bench: Bench) -> None:
    a, b = stream(), stream()
    work = UnitOfWork(bench.log)
    work.add(JAR, a, Add(amount=5), context())
    work.add(JAR, a, Take(amount=3), context())
    work.add(JAR, b, Add(amount=1), context())
    assert bench.log.head() == 0
    answers = work.commit(_count)
    assert [(one.version, one.state) for one in answers] == [
        (1, Jar(coins=5)),
        (2, Jar(coins=2)),
        (1, Jar(coins=1)),
    ]
    assert [one.position for one in answers] == [fact.position for fact in bench.log.read(0)]
    assert bench.log.load(JAR, a) == (Jar(coins=2), 2)
    assert _counted(bench) == 1


def test_a_lost_race_writes_nothing_of_it(bench: Bench) -> None:
    a, b = stream(), stream()
    work = UnitOfWork(bench.log)
    work.add(JAR, b, Add(amount=1), context())
    work.add(JAR, a, Add(amount=5), context())
    bench.log.execute(JAR, a, Add(amount=1), context())
    with pytest.raises(LostRace):
        work.commit(_count)
    assert (_counted(bench), bench.log.head()) == (0, 1)
    assert bench.log.load(JAR, b) == (Jar(), 0)


def test_what_was_stored_before_is_not_stored_again(bench: Bench) -> None:
    jar, once = stream(), context()
    bench.log.execute(JAR, jar, Add(amount=5), once)
    work = UnitOfWork(bench.log)
    work.add(JAR, jar, Add(amount=5), once)
    assert work.commit(_count) == []
    assert (_counted(bench), bench.log.load(JAR, jar)[1]) == (1, 1)


def test_what_comes_to_nothing_after_what_was_added_is_no_fault(bench: Bench) -> None:
    jar = stream()
    work = UnitOfWork(bench.log)
    work.add(JAR, jar, Add(amount=5), context())
    assert work.add(JAR, jar, Add(amount=0), context()) is None
    assert [(one.version, one.state) for one in work.commit(_count)] == [(1, Jar(coins=5))]


def test_a_refusal_leaves_what_was_added_before(bench: Bench) -> None:
    jar = stream()
    work = UnitOfWork(bench.log)
    work.add(JAR, jar, Add(amount=5), context())
    with pytest.raises(NotEnough):
        work.add(JAR, jar, Take(amount=6), context())
    assert [one.version for one in work.commit(_count)] == [1]


def test_what_was_added_after_a_savepoint_can_be_taken_back(bench: Bench) -> None:
    jar, later = stream(), context()
    work = UnitOfWork(bench.log)
    work.add(JAR, jar, Add(amount=5), context())
    undo = work.savepoint()
    work.add(JAR, jar, Take(amount=5), later)
    work.add(JAR, stream(), Add(amount=1), context())
    undo()
    work.add(JAR, jar, Add(amount=1), later)
    assert [one.state for one in work.commit(_count)] == [Jar(coins=5), Jar(coins=6)]
    assert bench.log.head() == 2


def test_what_is_foreseen_is_read_together_and_as_of_now(open_store: Opener) -> None:
    mine, other = Bench(Spy(open_store())), Bench(open_store())
    known, long, new = stream(), stream(), stream()
    mine.log.execute(JAR, known, Add(amount=1), context())
    other.log.execute(JAR, known, Add(amount=1, times=3), context())
    other.log.execute(JAR, long, Add(amount=1, times=EVERY + 5), context())
    before = mine.store.reads
    work = UnitOfWork(mine.log)
    work.foresee([(JAR, known), (JAR, new), (JAR, known)])
    work.add(JAR, known, Take(amount=4), context())
    work.add(JAR, new, Add(amount=1), context())
    with pytest.raises(NotEnough):
        work.add(JAR, known, Take(amount=1), context())
    if mine.store.dialect == "postgres":
        assert mine.store.reads == before, "one statement for all"
    work.foresee([(JAR, long)])
    work.add(JAR, long, Take(amount=EVERY + 5), context())
    assert [one.state.coins for one in work.commit(_count)] == [0, 1, 0]
    mine.close()
    other.close()
