"""Views: a page is folded with one SELECT, one upsert and the position; nothing passes a fault."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from shared.eventlog.store import Append
from shared.messaging.envelope import Fact
from tests.support.stores import item, opening
from tests.support.toy_service import JARS, Row
from tests.unit.following.bench import (
    Bench,
    Till,
    fold,
    only,
    paid,
    policy,
    settle,
    view,
)
from tests.unit.following.conftest import Opening

BROKEN = 13


def breaking(row: Row | None, fact: Fact) -> Row | None:
    if fact.data["amount"] == BROKEN:
        raise RuntimeError("this fold cannot take it")
    return fold(row, fact)


def test_a_page_takes_one_select_one_upsert_and_one_position(bench: Bench) -> None:
    shown = view()
    till = Till(*[paid(number, f"c1.{number % 400}") for number in range(1, 501)])
    follower = bench.follower(till, shown)
    bench.spy.statements.clear()
    bench.spy.transactions = 0
    follower.step()
    assert [statement.split()[0] for statement in bench.spy.statements] == [
        "SELECT",
        "UPDATE",
        "INSERT",
    ]
    assert bench.spy.transactions == 1
    rows = bench.rows(shown)
    assert (len(rows), sum(row.moves for row in rows.values())) == (400, 500)


def test_events_are_folded_in_order_across_rows_and_pages(bench: Bench) -> None:
    shown = view()
    till = Till(*[paid(number, "c1.ab"[: 3 + number % 2], number) for number in range(1, 8)])
    till.most = 3
    settle(bench.follower(till, shown))
    expected: dict[str, Any] = {}
    for fact in till.facts:
        expected[fact.subject] = fold(expected.get(fact.subject), fact)
    assert bench.rows(shown) == expected


@pytest.mark.parametrize("most", [1, 4])
def test_a_row_goes_and_comes_back(bench: Bench, most: int) -> None:
    """In pages of their own and all in one."""
    shown = view()
    till = Till(paid(1, amount=5), paid(2, amount=0))
    till.most = most
    follower = bench.follower(till, shown)
    settle(follower)
    assert bench.rows(shown) == {}
    till.facts += [paid(3, amount=0), paid(4, amount=7)]
    settle(follower)
    assert bench.rows(shown) == {"c1.a": Row(key="c1.a", coins=7, moves=1)}
    till.facts += [paid(5, amount=0), paid(6, amount=2)]
    settle(follower)
    assert bench.rows(shown) == {"c1.a": Row(key="c1.a", coins=2, moves=1)}


def test_an_event_that_concerns_no_row_is_passed(bench: Bench) -> None:
    shown = view(key=lambda fact: None if fact.subject == "c1.none" else fact.subject)
    settle(bench.follower(Till(paid(1), paid(2, "c1.none")), shown))
    assert set(bench.rows(shown)) == {"c1.a"}
    assert bench.place("paid").position == 2


def test_event_types_it_does_not_know_move_the_position_too(bench: Bench) -> None:
    shown = view()
    till = Till(paid(1, amount=5), paid(2, type="Refunded", schema=7), paid(3, type="Refunded"))
    till.most = 1
    settle(bench.follower(till, shown, policy()))
    assert bench.rows(shown) == {"c1.a": Row(key="c1.a", coins=5, moves=1)}
    assert bench.added() == [("c1.a", 5)]
    assert (bench.place("paid").position, bench.place("when_paid_then_add").position) == (3, 3)


def test_a_failing_event_stops_its_view_loudly_with_everything_before_it_in(
    open_bench: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    bench = open_bench()
    fragile, sound = view("fragile", breaking), view("sound")
    facts = [paid(number, f"c1.{number}") for number in range(1, 31)]
    facts[19] = paid(20, "c1.20", BROKEN)
    till = Till(*facts)
    settle(bench.follower(till, fragile, sound))
    assert set(bench.rows(fragile)) == {f"c1.{number}" for number in range(1, 20)}
    place = bench.place("fragile")
    assert (place.position, place.last_id, place.status) == (19, "till-19", "failed")
    assert len(bench.rows(sound)) == 30, "the other view goes on"
    told = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert any("fragile fails at Paid till-20 (position 20)" in str(one.message) for one in told)
    assert any(one.exc_info and "cannot take it" in str(one.exc_info[1]) for one in told)

    till.facts.append(paid(31, "c1.31"))
    next_leader = open_bench()
    settle(next_leader.follower(till, fragile, sound))
    assert "c1.31" not in next_leader.rows(fragile), "nothing passes what failed"
    assert "c1.31" in next_leader.rows(sound)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_failing_event_is_found_wherever_it_stands(light: Bench, at: int) -> None:
    facts = [paid(number) for number in range(1, 6)]
    facts[at - 1] = paid(at, amount=BROKEN)
    shown = view(evolve=breaking)
    settle(light.follower(Till(*facts), shown))
    assert light.place("paid").position == at - 1
    assert sum(row.moves for row in light.rows(shown).values()) == at - 1


def test_a_row_that_no_column_holds_is_the_events_fault(bench: Bench) -> None:
    """The same data fails again: it stops, and is not tried for ever."""

    def grow(row: Row | None, fact: Fact) -> Row:
        return Row(key=fact.subject, coins=2**70 if fact.position == 2 else 1, moves=1)

    shown = view(evolve=grow)
    settle(bench.follower(Till(paid(1), paid(2, "c1.b"), paid(3)), shown))
    assert (bench.place("paid").position, bench.place("paid").status) == (1, "failed")
    assert bench.rows(shown) == {"c1.a": Row(key="c1.a", coins=1, moves=1)}


def test_a_fold_that_answers_another_row_fails(light: Bench) -> None:
    shown = view(evolve=lambda row, fact: Row(key="c1.other", coins=0, moves=0))
    settle(light.follower(Till(paid(1)), shown))
    assert (light.place("paid").status, light.rows(shown)) == ("failed", {})


def test_a_database_that_fails_holds_a_view_and_does_not_stop_it(bench: Bench) -> None:
    shown = view()
    follower = bench.follower(Till(paid(1)), shown)
    with bench.spy.transaction() as tx:
        tx.execute("ALTER TABLE view_paid_1 RENAME TO away")
    follower.step()
    assert (bench.place("paid").status, bench.place("paid").position) == ("following", 0)
    assert only(follower).hold_until > 0
    assert bench.figure("wuye_follower_retries_total", handler="paid") == 1
    with bench.spy.transaction() as tx:
        tx.execute("ALTER TABLE away RENAME TO view_paid_1")
    only(follower).hold_until = 0.0
    settle(follower)
    assert bench.rows(shown)["c1.a"].moves == 1


def test_it_is_a_function_of_the_log_alone(open_bench: Opening) -> None:
    """A second build of the same events has the same digest, whatever the pages."""
    shown = view()
    till = Till(*[paid(number, f"c1.{number % 3}", number) for number in range(1, 20)])
    bench = open_bench()
    settle(bench.follower(till, shown))
    till.most = 4
    again = view("again")
    settle(bench.follower(till, again))
    with bench.spy.reading() as tx:
        digests = {bench.builds.table(one, 1).digest(tx) for one in (shown, again)}
    assert len(digests) == 1


@pytest.mark.integration
def test_holes_in_the_log_are_passed(request: pytest.FixtureRequest) -> None:
    """PostgreSQL gives the ids of what was rolled back to nobody."""
    with opening("postgres", request) as open_store:
        bench = Bench(open_store())
        follower = bench.follower(bench.own, JARS)
        bench.add("c1.x", 1)
        for lost in range(3):
            _rolled_back(bench, item(f"c1.lost-{lost}", 0, 2))
            bench.add("c1.x", 1)
            settle(follower)
        assert [fact.position for fact in bench.log.read(0)] == [1, 4, 7, 10], "there are holes"
        assert bench.place("jars", "toys").position == 10
        assert bench.rows(JARS)["c1.x"].moves == 4
        bench.parts.commits.close()


def _rolled_back(bench: Bench, item: Append) -> None:
    with pytest.raises(ZeroDivisionError), bench.spy.transaction() as tx:
        tx.append([item])
        raise ZeroDivisionError
