"""Policies: decided outside the transaction, written in one; and what becomes of each answer."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from shared.errors import Busy, Refused, TimedOut, Unavailable
from shared.eventlog.decider import Decider
from shared.eventlog.store import StoreError
from shared.following.acting import MOST_A_PAGE
from shared.following.handlers import Do, Done, ForgetPerson, Park, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact
from tests.support import toy
from tests.unit.following.bench import (
    GIVING,
    Answer,
    Bench,
    Till,
    add,
    let_go,
    only,
    paid,
    policy,
    settle,
    view,
)
from tests.unit.following.conftest import Opening

REFUSED = "wuye_policy_refusals_total"


def _take(fact: Fact, reader: Reader | None = None) -> Done:
    command = toy.Take(amount=fact.data["amount"])
    return Done(Do(toy.JAR, fact.subject, command, f"take:{fact.id}"))


def _raising(error: Exception, at: int) -> Callable[[Fact, Reader], Answer]:
    """Adds what was paid, but fails at one event."""

    def decide(fact: Fact, reader: Reader) -> Answer:
        if fact.position == at:
            raise error
        return add(fact)

    return decide


def test_at_most_a_page_of_events_goes_into_one_transaction(bench: Bench) -> None:
    came = MOST_A_PAGE + 20
    till = Till(*[paid(number, f"c1.{number}") for number in range(1, came + 1)])
    follower = bench.follower(till, policy(), view())
    before = bench.spy.transactions
    follower.step()
    # One of all the view's events, one of the policy's first ones.
    assert bench.spy.transactions - before == 2
    assert (bench.place(GIVING).position, bench.place("paid").position) == (MOST_A_PAGE, came)
    assert len(bench.added()) == MOST_A_PAGE
    settle(follower)
    assert [jar for jar, _ in bench.added()] == [fact.subject for fact in till.facts]


@pytest.mark.parametrize(("races", "taken"), [(1, 25), (2, 12), (4, 3), (6, 1), (8, 1)])
def test_each_lost_race_halves_the_page(light: Bench, races: int, taken: int) -> None:
    """Others add to the jar of the first event, always just before the policy commits."""
    till = Till(*[paid(number, f"c1.{number}") for number in range(1, 51)])
    tried: list[int] = []

    def decide(fact: Fact, reader: Reader) -> Answer:
        tried.append(fact.position)
        return add(fact)

    follower = light.follower(till, policy(decide))

    def race(left: int) -> None:
        light.add("c1.1", 100)
        if left > 1:
            light.spy.before_next(lambda: race(left - 1))

    light.spy.before_next(lambda: race(races))
    follower.step()
    assert tried.count(1) == races + 1
    assert light.place(GIVING).position == taken
    assert light.added() == [("c1.1", 100)] * races + [(f"c1.{n}", 1) for n in range(1, taken + 1)]
    settle(follower)
    assert sorted(jar for jar, coins in light.added() if coins == 1) == sorted(
        fact.subject for fact in till.facts
    )


def test_it_decides_outside_the_transaction(bench: Bench) -> None:
    """Or it could keep all others from writing, for as long as it likes."""
    shown = view()
    settle(bench.follower(Till(paid(1, amount=5)), shown))

    def decide(fact: Fact, reader: Reader) -> Answer:
        with bench.spy.transaction():  # refused inside another one
            pass
        coins = reader.rows(shown)[0].coins
        return Done(Do(toy.JAR, "c1.seen", toy.Add(amount=coins), f"seen:{fact.id}"))

    settle(bench.follower(Till(paid(1)), policy(decide)))
    assert bench.added() == [("c1.seen", 5)]


def test_commands_of_one_page_build_on_each_other(bench: Bench) -> None:
    till = Till(*[paid(number, amount=number) for number in range(1, 11)])
    settle(
        bench.follower(
            till, policy(lambda fact, r: _take(fact) if fact.position == 4 else add(fact))
        )
    )
    assert bench.coins() == sum(range(1, 11)) - 8


def test_its_events_say_who_made_them_and_why(bench: Bench) -> None:
    cause = paid(1, correlation_id="story", traceparent="00-1-1-01")
    settle(bench.follower(Till(cause), policy()))
    (event,) = bench.log.history("c1.a")
    assert event.meta.actor == "service:toys"
    assert event.meta.command_id == "add:till-1"
    assert event.meta.correlation_id == "story"
    assert event.meta.causation_id == "till-1"
    assert event.meta.traceparent == "00-1-1-01"


def test_the_same_events_followed_again_do_nothing_twice(open_bench: Opening) -> None:
    """As when the position was lost: ids of commands derive from their cause."""
    till = Till(*[paid(number) for number in range(1, 6)])
    settle(open_bench().follower(till, policy()))
    bench = open_bench()
    with bench.spy.transaction() as tx:
        tx.execute("DELETE FROM positions")
    settle(bench.follower(till, policy()))
    assert (bench.place(GIVING).position, bench.coins()) == (5, 5)


def test_a_refused_command_is_done_and_counted_with_its_cause(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    till = Till(paid(1, amount=5), paid(2, amount=9), paid(3, amount=2))
    settle(
        bench.follower(
            till, policy(lambda fact, reader: add(fact) if fact.position == 1 else _take(fact))
        )
    )
    assert (bench.place(GIVING).position, bench.coins(), bench.parked()) == (3, 3, [])
    assert bench.figure(REFUSED, handler=GIVING) == 1
    assert "is refused for till-2" in caplog.text and "only 5 there" in caplog.text


def test_a_refusal_is_counted_once_however_often_the_page_is_tried(bench: Bench) -> None:
    till = Till(paid(1, "c1.b"), paid(2, "c1.a", 9))
    follower = bench.follower(
        till, policy(lambda fact, reader: add(fact) if fact.position == 1 else _take(fact))
    )
    bench.spy.before_next(lambda: bench.add("c1.b", 1))
    settle(follower)
    assert bench.place(GIVING).position == 2
    assert bench.figure(REFUSED, handler=GIVING) == 1


def test_retry_holds_the_whole_handler_for_as_long_as_it_says(bench: Bench) -> None:
    paper: list[str] = []

    def decide(fact: Fact, reader: Reader) -> Answer:
        if fact.position == 2 and not paper:
            return Retry(7, "the printer is out of paper")
        return add(fact)

    till = Till(paid(1, "c1.a"), paid(2, "c1.b"), paid(3, "c1.c"))
    follower = bench.follower(till, policy(decide))
    follower.step()
    assert bench.added() == [("c1.a", 1)], "what came before it is done"
    before = time.monotonic()
    follower.step()
    assert before + 7 <= only(follower).hold_until <= time.monotonic() + 7
    assert (bench.added(), bench.parked()) == ([("c1.a", 1)], [])
    assert bench.place(GIVING).status == "following"
    paper.append("sheet")
    let_go(follower)
    assert [jar for jar, _ in bench.added()] == ["c1.a", "c1.b", "c1.c"]


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (Unavailable("u", retry_after=5.0), 5),
        (Busy("b", retry_after=0.5), 0.5),
        (TimedOut("t"), 1),
        (StoreError("s"), 1),
        (ConnectionError("c"), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_infrastructure_that_fails_holds_the_handler_and_never_parks(
    light: Bench, error: Exception, seconds: float
) -> None:
    till = Till(paid(1, "c1.a"), paid(2, "c1.b"), paid(3, "c1.c"))
    follower = light.follower(till, policy(_raising(error, 2)))
    settle(follower)
    before = time.monotonic()
    let_go(follower)
    held = only(follower).hold_until
    assert before + seconds <= held <= time.monotonic() + seconds
    assert (light.place(GIVING).position, light.place(GIVING).status) == (1, "following")
    assert (light.added(), light.parked()) == ([("c1.a", 1)], [])


def test_a_command_that_meets_failing_infrastructure_holds_too(light: Bench) -> None:
    """Half way through what one event asks for: nothing of it goes in with the event before."""

    def busy(command: object, state: object, meta: object) -> list[object]:
        raise Busy("too much at once")

    jam = Decider("jam", toy.Jar, busy, toy.evolve)

    def decide(fact: Fact, reader: Reader) -> Answer:
        if fact.position == 1:
            return add(fact)
        first = Do(toy.JAR, "c1.first", toy.Add(amount=1), f"first:{fact.id}")
        return Done(first, Do(jam, "c1.jam", toy.Add(amount=1), f"second:{fact.id}"))

    settle(light.follower(Till(paid(1), paid(2)), policy(decide)))
    assert (light.place(GIVING).position, light.added(), light.parked()) == (1, [("c1.a", 1)], [])


def test_nothing_of_an_event_is_done_that_fails_half_way(light: Bench) -> None:
    def decide(fact: Fact, reader: Reader) -> Answer:
        if fact.position == 1:
            return add(fact)
        first = Do(toy.JAR, "c1.first", toy.Add(amount=1), f"first:{fact.id}")
        return Done(first, Do(toy.JAR, "c1.second", "no such command", f"second:{fact.id}"))

    settle(light.follower(Till(paid(1), paid(2, "c1.b")), policy(decide)))
    assert light.added() == [("c1.a", 1)]
    assert [(subject, position) for subject, position, _ in light.parked()] == [("c1.b", 2)]


def test_a_person_can_be_forgotten(bench: Bench) -> None:
    token = bench.parts.keyring.seal("c1.li", "漏水", b"here")
    settle(bench.follower(Till(paid(1)), policy(lambda fact, r: Done(ForgetPerson("c1.li")))))
    assert bench.parts.keyring.open(token, b"here") is None


def test_a_refusal_raised_by_the_policy_itself_is_a_fault(light: Bench) -> None:
    """Only what its commands are refused is settled."""
    settle(light.follower(Till(paid(1)), policy(_raising(Refused("no"), 1))))
    assert len(light.parked()) == 1
    assert light.figure(REFUSED, handler=GIVING) == 0


def test_parked_is_parked_with_its_reason(light: Bench) -> None:
    settle(light.follower(Till(paid(1)), policy(lambda fact, reader: Park("nobody knows it"))))
    assert light.parked() == [("c1.a", 1, "nobody knows it")]
