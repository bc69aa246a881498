"""Who stands at the same place goes past a page in one transaction, and still fails by itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from shared.messaging.envelope import Fact
from tests.support.stores import connection_lost
from tests.unit.following.bench import GIVING, Bench, Till, fold, let_go, paid, policy, view


def failing(row: Any, fact: Fact) -> Any:
    if fact.position == 3:
        raise ValueError("this one not")
    return fold(row, fact)


def test_one_transaction_takes_them_all(bench: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    one, another = view("one"), view("another")
    follower = bench.follower(till, one, another)
    before = bench.spy.transactions
    follower.step()
    assert bench.spy.transactions == before + 1
    assert bench.rows(one) == bench.rows(another)
    assert bench.place("one").position == bench.place("another").position == 5


def test_a_policy_with_nothing_to_do_goes_along(bench: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    shown, idle, busy = view("shown"), policy(name="idle", handles={"Refunded": 1}), policy()
    follower = bench.follower(till, shown, idle, busy)
    before = bench.spy.transactions
    follower.step()
    assert bench.spy.transactions == before + 2, "one more for the policy that acts"
    assert bench.place("idle").position == bench.place(GIVING).position == 5
    assert bench.coins() == 5


def test_one_that_fails_keeps_nothing_from_the_others(bench: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    sound, faulty = view("sound"), view("faulty", failing)
    bench.follower(till, faulty, sound).step()
    assert bench.place("sound").position == 5
    assert bench.rows(sound)["c1.a"].moves == 5
    assert (bench.place("faulty").position, bench.place("faulty").status) == (2, "failed")
    assert bench.rows(faulty)["c1.a"].moves == 2


@pytest.mark.parametrize("committed", [True, False], ids=["taken", "not taken"])
def test_a_commit_without_an_answer_is_looked_up_for_each(bench: Bench, committed: bool) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    one, another = view("one"), view("another")
    follower = bench.follower(till, one, another)
    bench.spy.at_transaction(1, partial(connection_lost, committed=committed))
    follower.step()
    assert all(following.hold_until > 0 for following in follower.following)
    let_go(follower)
    assert bench.rows(one) == bench.rows(another)
    assert bench.rows(one)["c1.a"].moves == 5


def test_a_table_that_is_away_holds_the_others_once_at_most(bench: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    sound, another, without = view("sound"), view("another"), view("without")
    follower = bench.follower(till, without, sound, another)
    with bench.spy.transaction() as tx:
        tx.execute("ALTER TABLE view_without_1 RENAME TO away")
    follower.step()
    let_go(follower)
    assert bench.place("without").position == 0
    assert bench.place("sound").position == bench.place("another").position == 5
