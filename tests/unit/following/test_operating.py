"""Rebuilds that operators ask for: carried out by the leader, and by the next one if it dies."""

from __future__ import annotations

import threading
from typing import Any

from shared.following import intentions
from shared.following.intentions import Intention
from tests.support import toy
from tests.support.toy_service import Row
from tests.support.waiting import wait_until
from tests.unit.following.bench import Bench, Till, paid, settle, view
from tests.unit.following.conftest import Opening

SHOWN = view()


def _ask(bench: Bench, target: str = "paid", **detail: Any) -> str:
    return intentions.add(
        bench.spy,
        target,
        "rebuild",
        target,
        "c1.alice",
        toy.START,
        {"accept_difference": False} | detail,
    )


def _asked(bench: Bench, target: str = "paid") -> Intention:
    found = intentions.get(bench.spy, target)
    assert found is not None
    return found


def _spoiled(bench: Bench, till: Till) -> None:
    """The live build is not what the log makes of it."""
    settle(bench.follower(till, SHOWN))
    with bench.spy.transaction() as tx:
        tx.execute("UPDATE view_paid_1 SET coins = 99")


def test_a_rebuild_that_is_asked_for_is_done_and_told(open_bench: Opening) -> None:
    bench, till = open_bench(SHOWN), Till(paid(1), paid(2))
    settle(bench.follower(till, SHOWN))
    _ask(bench)
    assert bench.builds.ensure(SHOWN).build == 1, "asking alone does nothing"
    bench.operating(till).round()
    asked = _asked(bench)
    assert asked.status == "done"
    assert asked.detail["flipped"] and asked.detail["position"] == 2
    assert asked.detail["live_digest"] == asked.detail["new_digest"]
    assert bench.builds.ensure(SHOWN).build == 2


def test_it_is_done_once(open_bench: Opening) -> None:
    bench, till = open_bench(SHOWN), Till(paid(1))
    settle(bench.follower(till, SHOWN))
    _ask(bench)
    operating = bench.operating(till)
    operating.round()
    operating.round()
    assert bench.builds.ensure(SHOWN).build == 2


def test_another_digest_is_told_and_accepted_only_where_that_was_asked(
    open_bench: Opening,
) -> None:
    bench, till = open_bench(SHOWN), Till(paid(1))
    _spoiled(bench, till)
    _ask(bench)
    bench.operating(till).round()
    asked = _asked(bench)
    assert (asked.status, asked.detail["flipped"]) == ("done", False)
    assert asked.detail["live_digest"] != asked.detail["new_digest"]
    assert bench.rows(SHOWN)["c1.a"].coins == 99


def test_a_rebuild_that_fails_says_why(open_bench: Opening) -> None:
    def fail(row: Row | None, fact: object) -> Row:
        raise RuntimeError("this release cannot fold it")

    till, good = Till(paid(1)), open_bench(SHOWN)
    settle(good.follower(till, SHOWN))
    bench = open_bench(view(evolve=fail))
    _ask(bench)
    _ask(bench, "nothing")
    bench.operating(till).round()
    assert _asked(bench).status == _asked(bench, "nothing").status == "failed"
    assert "paid fails at Paid till-1" in _asked(bench).detail["reason"]
    assert _asked(bench, "nothing").detail == {"reason": "no such view"}
    assert good.rows(SHOWN)["c1.a"].coins == 1


def test_one_that_is_interrupted_is_taken_up_by_the_next_leader_as_it_was_asked(
    open_bench: Opening,
) -> None:
    """With what was accepted, and without what the first one left."""
    bench, till = open_bench(SHOWN), Till(*[paid(number) for number in range(1, 6)])
    till.most = 2
    _spoiled(bench, till)
    _ask(bench, accept_difference=True)
    stop = threading.Event()

    class Ending(Till):
        """The process is told to end when it has read a page."""

        def read(self, after: int, limit: int = 500, *, text: bool = True) -> Any:
            stop.set()
            return till.read(after, limit, text=text)

    bench.operating(Ending(), stop=stop).round()
    assert _asked(bench).status == "running"
    assert bench.rows(SHOWN)["c1.a"].coins == 99

    after = open_bench(SHOWN)
    after.operating(till).round()
    assert (_asked(after).status, _asked(after).detail["flipped"]) == ("done", True)
    assert after.rows(SHOWN)["c1.a"].moves == 5
    assert after.rows(SHOWN)["c1.a"].coins != 99


def test_builds_that_were_replaced_or_left_behind_are_dropped_after_a_while(
    open_bench: Opening,
) -> None:
    """Not at once: other processes take the old one for the live one for a second."""
    bench, till = open_bench(SHOWN), Till(paid(1))
    settle(bench.follower(till, SHOWN))
    bench.builds.add(SHOWN)
    operating = bench.operating(till)
    operating.round()
    assert len(bench.builds.retired(SHOWN)) == 1

    def swept() -> bool:
        operating.round()
        return not bench.builds.retired(SHOWN)

    wait_until("it is dropped", swept, seconds=10)
    assert bench.rows(SHOWN)["c1.a"].moves == 1
