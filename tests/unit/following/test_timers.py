"""Timers: written with their cause, due in order, and safe to fire twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.following import timers
from shared.following.handlers import Do, Done, SetTimer
from shared.following.reader import Reader
from shared.following.timers import Timer
from shared.messaging.envelope import Fact
from tests.support import toy
from tests.support.stores import connection_lost
from tests.unit.following.bench import GIVING, Bench, Till, let_go, paid, policy, settle
from tests.unit.following.conftest import Opening

HOUR = timedelta(hours=1)


def _remind(fact: Fact, reader: Reader | None = None) -> Done:
    """As many hours later as was paid."""
    due = fact.time + fact.data["amount"] * HOUR
    request = {"id": fact.subject, "amount": 1}
    return Done(SetTimer(fact.subject, "reminder", due.isoformat(), "toys.add", request))


def _due(bench: Bench, hours: int) -> list[Timer]:
    return timers.due(bench.spy, toy.START + hours * HOUR)


def _fire(bench: Bench, timer: Timer) -> None:
    """As `serve` carries it out."""
    command = toy.Add(amount=timer.request["amount"])
    context = toy.context("service:toys", timer.command_id)
    bench.log.execute(toy.JAR, timer.request["id"], command, context)


def test_they_are_due_from_their_moment_on_the_oldest_first(bench: Bench) -> None:
    till = Till(paid(1, "c1.late", 3), paid(2, "c1.early", 1), paid(3, "c1.later", 9))
    settle(bench.follower(till, policy(_remind)))
    assert _due(bench, 0) == []
    assert timers.due(bench.spy, toy.START + HOUR - timedelta(microseconds=1)) == []
    assert [one.subject for one in _due(bench, 1)] == ["c1.early"]
    assert [one.subject for one in _due(bench, 3)] == ["c1.early", "c1.late"]
    (early,) = _due(bench, 1)
    assert (early.method, early.request) == ("toys.add", {"id": "c1.early", "amount": 1})


def test_a_moment_is_the_same_in_every_zone(bench: Bench) -> None:
    def decide(fact: Fact, reader: Reader) -> Done:
        due = ["2026-03-01T17:00:00+08:00", "2026-03-01T09:00:00Z"][fact.position - 1]
        return Done(SetTimer("c1.a", "reminder", due, "toys.add", {}))

    settle(bench.follower(Till(paid(1), paid(2)), policy(decide)))
    assert len(_due(bench, 1)) == 1


def test_one_without_a_zone_is_the_policys_fault(bench: Bench) -> None:
    def decide(fact: Fact, reader: Reader) -> Done:
        return Done(SetTimer("c1.a", "reminder", "2026-03-01T09:00:00", "toys.add", {}))

    settle(bench.follower(Till(paid(1)), policy(decide)))
    ((_, _, reason),) = bench.parked()
    assert "has no time zone" in reason


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_timer_its_events_and_the_position_stand_or_fall_together(
    bench: Bench, number: int, committed: bool
) -> None:
    def decide(fact: Fact, reader: Reader) -> Done:
        add = Do(toy.JAR, fact.subject, toy.Add(amount=1), f"add:{fact.id}")
        return Done(add, *_remind(fact).effects)

    follower = bench.follower(Till(paid(1)), policy(decide))
    bench.spy.at_transaction(number, lambda: connection_lost(committed=committed))
    follower.step()
    bench.spy.around = None
    moved = bench.place(GIVING).position
    assert (len(_due(bench, 1)), len(bench.added())) == (moved, moved)
    let_go(follower)
    assert (len(_due(bench, 1)), len(bench.added())) == (1, 1)


def test_an_event_that_is_parked_sets_no_timer(bench: Bench) -> None:
    def decide(fact: Fact, reader: Reader) -> Done:
        broken = Do(toy.JAR, "c1.a", "no such command", "id")
        return Done(*_remind(fact).effects, broken)

    settle(bench.follower(Till(paid(1)), policy(decide)))
    assert (_due(bench, 9), len(bench.parked())) == ([], 1)


def test_followed_again_they_are_not_set_again(open_bench: Opening) -> None:
    """Neither those that wait nor those that have fired."""
    till = Till(paid(1, "c1.a", 1), paid(2, "c1.b", 2))
    bench = open_bench()
    settle(bench.follower(till, policy(_remind)))
    timers.mark_fired(bench.spy, _due(bench, 1)[0])
    with bench.spy.transaction() as tx:
        tx.execute("DELETE FROM positions")
    settle(bench.follower(till, policy(_remind)))
    assert [one.subject for one in _due(bench, 9)] == ["c1.b"]


def test_one_that_has_fired_is_due_no_more_and_the_others_are(bench: Bench) -> None:
    till = Till(paid(1, "c1.a", 1), paid(2, "c1.b", 1), paid(3, "c1.a", 2))
    settle(bench.follower(till, policy(_remind)))
    first = _due(bench, 9)[0]
    timers.mark_fired(bench.spy, first)
    assert [(one.subject, one.due) for one in _due(bench, 9)] == [
        ("c1.b", first.due),
        ("c1.a", _due(bench, 9)[-1].due),
    ]


def test_fired_twice_it_does_nothing_twice(open_bench: Opening) -> None:
    """By two leaders, or by one that died before it could note that it had."""
    one, other = open_bench(), open_bench()
    settle(one.follower(Till(paid(1), paid(2, "c1.a", 2)), policy(_remind)))
    for bench in (one, other):
        for timer in _due(bench, 2):
            _fire(bench, timer)
    assert one.added() == [("c1.a", 1), ("c1.a", 1)], "each of the two once"


@pytest.mark.parametrize("other", ["subject", "rule", "due"])
def test_its_command_id_is_of_subject_rule_and_due_alone(other: str) -> None:
    values = {"subject": "c1.a", "rule": "reminder", "due": "2026-03-01T09:00:00.000000Z"}
    one = Timer("handler", **values, method="toys.add", request={"amount": 1})
    same = Timer("renamed", **values, method="toys.add", request={"amount": 1})
    another = Timer(
        "handler", **values | {other: "other"}, method="toys.add", request={"amount": 1}
    )
    assert one.command_id == same.command_id != another.command_id


def test_a_timer_that_waits_through_an_upgrade_keeps_its_command_id() -> None:
    one = Timer("h", "c1.a", "reminder", "2026-03-01T09:00:00.000000Z", "toys.add", {})
    assert one.command_id == "560d99ec-463d-5441-ac3a-23a51c450156"
