"""Who stands at the same place goes past a page in one transaction, and still fails by itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from shared.following import positions
from shared.following.handlers import Do, Done, Park, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact
from tests.support import toy
from tests.support.stores import connection_lost
from tests.unit.following.bench import (
    GIVING,
    Answer,
    Bench,
    Till,
    add,
    fold,
    let_go,
    paid,
    policy,
    settle,
    view,
)
from tests.unit.following.conftest import Opening


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


def again(fact: Fact, reader: Reader | None = None) -> Answer:
    """As ``add``, for another reason."""
    command = toy.Add(amount=fact.data["amount"])
    return Done(Do(toy.JAR, fact.subject, command, f"again:{fact.id}"))


def _both(bench: Bench, till: Till, **decides: Any) -> Any:
    """Two policies on one place, by name."""
    return bench.follower(till, *[policy(decide, name) for name, decide in decides.items()])


def test_policies_that_act_share_a_transaction_and_build_on_each_other(bench: Bench) -> None:
    """Both add to the same jar: no race between them."""
    till = Till(*[paid(number) for number in range(1, 6)])
    follower = _both(bench, till, one=add, other=again)
    before = bench.spy.transactions
    follower.step()
    assert bench.spy.transactions == before + 1
    assert bench.coins() == 10
    assert bench.place("one").position == bench.place("other").position == 5


def test_a_page_of_policies_reads_what_it_needs_of_the_log_once(bench: Bench) -> None:
    till = Till(*[paid(number, f"c1.{number}") for number in range(1, 31)])
    follower = _both(bench, till, one=add, other=again)
    before = bench.spy.reads
    follower.step()
    assert len(bench.added()) == 60
    assert bench.spy.reads == before, "no stream is read by itself"


def test_one_that_waits_keeps_nothing_from_the_others(bench: Bench) -> None:
    def waiting(fact: Fact, reader: Reader) -> Answer:
        return Retry(60, "not yet") if fact.position == 3 else add(fact)

    till = Till(*[paid(number) for number in range(1, 6)])
    follower = _both(bench, till, ready=again, waits=waiting)
    settle(follower)
    assert (bench.place("ready").position, bench.place("waits").position) == (5, 2)
    assert bench.coins() == 7


def test_one_that_parks_keeps_nothing_from_the_others(bench: Bench) -> None:
    def parking(fact: Fact, reader: Reader) -> Answer:
        return Park("not now") if fact.position == 3 else add(fact)

    till = Till(*[paid(number, f"c1.{number}") for number in range(1, 6)])
    settle(_both(bench, till, ready=again, parks=parking))
    assert bench.place("ready").position == bench.place("parks").position == 5
    assert [one[:2] for one in bench.parked()] == [("c1.3", 3)]
    assert len(bench.added()) == 9


def test_after_a_lost_race_each_acts_by_itself(bench: Bench) -> None:
    till = Till(paid(1), paid(2))
    follower = _both(bench, till, one=add, other=again)
    bench.spy.before_next(lambda: bench.add("c1.a", 100))
    follower.step()
    assert bench.coins() == 104
    assert bench.place("one").position == bench.place("other").position == 2


@pytest.mark.parametrize("committed", [True, False], ids=["taken", "not taken"])
def test_what_policies_did_without_an_answer_is_done_once(bench: Bench, committed: bool) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    follower = _both(bench, till, one=add, other=again)
    bench.spy.at_transaction(1, partial(connection_lost, committed=committed))
    follower.step()
    let_go(follower)
    assert bench.coins() == 10


def test_another_leader_is_found_out_by_all_of_them(open_bench: Opening) -> None:
    till = Till(paid(1), paid(2))
    mine, theirs = open_bench(), open_bench()
    late = _both(mine, till, one=add, other=again)
    settle(_both(theirs, till, one=add, other=again))
    with pytest.raises(positions.LostLead):
        late.step()
    assert theirs.coins() == 4


def test_a_policy_asks_for_the_same_row_once_a_page(light: Bench) -> None:
    shown = view("shown")
    settle(light.follower(Till(paid(1), paid(2, "c1.b")), shown))
    till = Till(*[paid(number, f"c1.{number % 2}") for number in range(1, 11)])

    def looking(fact: Fact, reader: Reader) -> Answer:
        assert reader.row(shown, "c1.a") is not None
        assert reader.row(shown, "c1.none") is None
        assert len(reader.rows(shown)) == 2
        return Done()

    def ahead(facts: Any, reader: Reader) -> None:
        assert [fact.position for fact in facts] == list(range(1, 11))
        reader.look_up(shown, ["c1.a", "c1.none", "c1.a"])

    before = len(light.spy.statements)
    settle(light.follower(till, policy(looking, ahead=ahead)))
    asked = [one for one in light.spy.statements[before:] if "view_shown_1" in one]
    assert len(asked) == 2, "the rows looked up ahead together, and all rows"
    assert light.reader.row(shown, "c1.b") is not None
    assert len([one for one in light.spy.statements[before:] if "view_shown_1" in one]) == 3
