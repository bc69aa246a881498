"""Rows and position move together, by compare-and-set: right even where two leaders are at work."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from shared.following.handlers import Done
from shared.following.positions import LostLead
from tests.support.stores import connection_lost
from tests.support.toy_service import Row
from tests.unit.following.bench import (
    GIVING,
    Bench,
    Till,
    add,
    let_go,
    paid,
    policy,
    settle,
    view,
)
from tests.unit.following.conftest import Opening


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("number", [1, 2])
def test_rows_and_position_stand_or_fall_together(
    bench: Bench, number: int, committed: bool
) -> None:
    """Whichever commit of a page is lost, before or after it took."""
    shown = view()
    till = Till(paid(1, amount=5))
    follower = bench.follower(till, shown)
    bench.spy.at_transaction(number, lambda: connection_lost(committed=committed))
    follower.step()
    bench.spy.around = None
    moved = bench.place("paid").position == 1
    assert bool(bench.rows(shown)) is moved
    assert moved is (committed or number == 2), "a page takes one transaction"
    till.facts.append(paid(2, amount=5))
    let_go(follower)
    assert bench.rows(shown) == {"c1.a": Row(key="c1.a", coins=20, moves=2)}


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_policys_events_and_position_stand_or_fall_together(
    bench: Bench, number: int, committed: bool
) -> None:
    follower = bench.follower(Till(paid(1, amount=5), paid(2, "c1.b", 7)), policy())
    bench.spy.at_transaction(number, lambda: connection_lost(committed=committed))
    follower.step()
    bench.spy.around = None
    moved = bench.place(GIVING).position == 2
    assert bench.added() == ([("c1.a", 5), ("c1.b", 7)] if moved else [])
    assert moved is (committed or number == 2), "a page takes one transaction"
    let_go(follower)
    assert bench.added() == [("c1.a", 5), ("c1.b", 7)]


def test_of_two_leaders_only_one_moves_a_view(open_bench: Opening) -> None:
    shown, till = view(), Till(paid(1, amount=5))
    one, other = open_bench(), open_bench()
    leading, overtaken = one.follower(till, shown), other.follower(till, shown)
    assert leading.step()
    with pytest.raises(LostLead):
        overtaken.step()
    assert one.rows(shown) == {"c1.a": Row(key="c1.a", coins=5, moves=1)}


def test_an_overtaken_leader_does_not_turn_rows_back(open_bench: Opening) -> None:
    """It has folded an older page when the other is past a newer one."""
    shown, till = view(), Till(paid(1, amount=5))
    one, other = open_bench(), open_bench()
    leading, overtaken = one.follower(till, shown), other.follower(till, shown)

    def overtake() -> None:
        leading.step()
        till.facts.append(paid(2, amount=5))
        leading.step()

    other.spy.before_next(overtake)
    with pytest.raises(LostLead):
        overtaken.step()
    assert one.rows(shown) == {"c1.a": Row(key="c1.a", coins=20, moves=2)}
    assert one.place("paid").position == 2


def test_of_two_leaders_only_one_acts(open_bench: Opening) -> None:
    """The other has decided already, for another jar, when the first commits."""
    till = Till(paid(1))
    one, other = open_bench(), open_bench()
    leading = one.follower(till, policy(lambda fact, reader: add(paid(1, "c1.one"))))
    overtaken = other.follower(till, policy(lambda fact, reader: add(paid(1, "c1.other"))))
    other.spy.before_next(leading.step)
    with pytest.raises(LostLead):
        overtaken.step()
    assert one.added() == [("c1.one", 1)]


def test_an_overtaken_leader_cannot_stop_the_handler(open_bench: Opening) -> None:
    def fail(row: Row | None, fact: object) -> Row:
        raise RuntimeError("this release cannot fold it")

    till = Till(paid(1))
    one, other = open_bench(), open_bench()
    leading, overtaken = one.follower(till, view()), other.follower(till, view(evolve=fail))
    other.spy.before_next(leading.step)
    with pytest.raises(LostLead):
        overtaken.step()
    assert one.place("paid").status == "following"


def test_following_ends_where_the_lead_is_lost(open_bench: Opening) -> None:
    till = Till(paid(1))
    one, other = open_bench(), open_bench()
    leading, overtaken = one.follower(till, view()), other.follower(till, view())
    leading.step()
    stop, lost = threading.Event(), threading.Event()

    def run() -> None:
        with suppress(LostLead):
            overtaken.run(stop)
            return
        lost.set()

    thread = threading.Thread(target=run)
    thread.start()
    ended = lost.wait(10)
    stop.set()
    thread.join()
    assert ended


def test_the_next_leader_goes_on_where_the_last_one_stood(open_bench: Opening) -> None:
    shown, till = view(), Till(paid(1), paid(2))
    settle(open_bench().follower(till, shown))
    till.facts.append(paid(3))
    till.reads.clear()
    bench = open_bench()
    settle(bench.follower(till, shown))
    assert [after for after, _ in till.reads] == [2, 3]
    assert bench.rows(shown)["c1.a"].moves == 3


def test_each_handler_has_a_position_of_its_own_in_each_log(bench: Bench) -> None:
    """Even policies of one name."""
    till = Till(*[paid(position) for position in (1, 2, 3)])
    bench.add("c1.x", 1, 1)
    quiet = policy(lambda fact, reader: Done())
    own = policy(lambda fact, reader: Done(), follows="toys")
    late = policy(lambda fact, reader: Done(), name="another")
    settle(bench.follower(till, quiet), bench.follower(bench.own, own))
    bench.follower(till, late)
    assert bench.place(GIVING).position == 3
    assert bench.place(GIVING, "toys").position == bench.log.head()
    assert bench.place("another").position == 0


def test_a_changed_view_begins_anew_beside_the_one_that_older_processes_read(
    open_bench: Opening,
) -> None:
    older, newer = view(), view(build=2, evolve=lambda row, fact: Row(key="c1.a", coins=0, moves=0))
    till = Till(paid(1, amount=5))
    before, after = open_bench(), open_bench()
    old = before.follower(till, older)
    settle(old)
    settle(after.follower(till, newer))
    till.facts.append(paid(2, amount=5))
    settle(old)
    assert before.rows(older)["c1.a"].moves == 2
    assert after.rows(newer)["c1.a"].moves == 0
    assert before.place("paid", build=1).position == 2
    assert before.place("paid", build=2).position == 1
