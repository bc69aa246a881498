"""Parked events: their subject waits in order, the others go on; too many stop the handler."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import pytest

from shared.errors import Unavailable
from shared.following import parked
from shared.following.acting import MOST_PARKED
from shared.following.handlers import Park, Policy, Retry
from shared.following.parked import MOST_REASON
from shared.following.reader import Reader
from shared.messaging.envelope import Fact
from tests.support.stores import connection_lost
from tests.support.waiting import wait_until
from tests.unit.following.bench import GIVING, Answer, Bench, Till, add, paid, policy, settle
from tests.unit.following.conftest import Opening

BEHIND = "an earlier event of this subject is parked"


class Mood:
    """What the policy answers for an event instead of adding; changed by the test."""

    def __init__(self) -> None:
        self.answers: dict[int, Callable[[], Answer]] = {}

    def decide(self, fact: Fact, reader: Reader) -> Answer:
        answer = self.answers.get(fact.position)
        return answer() if answer else add(fact)

    def park(self, *positions: int) -> None:
        self.answers |= {position: lambda: Park("not now") for position in positions}

    @property
    def policy(self) -> Policy:
        return policy(self.decide)


@pytest.fixture
def mood() -> Mood:
    return Mood()


def _fail() -> Answer:
    raise LookupError("no such jar")


def test_what_fails_when_looked_up_together_parks_its_own_subject_alone(light: Bench) -> None:
    """A damaged row, say: it held everything."""

    def look(facts: Sequence[Fact], reader: Reader) -> None:
        for fact in facts:
            decide(fact, reader)

    def decide(fact: Fact, reader: Reader) -> Answer:
        return _fail() if fact.subject == "c1.a" else add(fact)

    settle(light.follower(Till(paid(1), paid(2, "c1.b", 2)), policy(decide, ahead=look)))
    assert light.parked() == [("c1.a", 1, "LookupError: no such jar")]
    assert light.added() == [("c1.b", 2)]


def test_a_parked_event_parks_its_subject_and_the_others_go_on(bench: Bench, mood: Mood) -> None:
    mood.park(1)
    till = Till(paid(1), paid(2, "c1.b", 2), paid(3, amount=3), paid(4, "c1.b", 4))
    follower = bench.follower(till, mood.policy)
    settle(follower)
    assert bench.parked() == [("c1.a", 1, "not now"), ("c1.a", 3, BEHIND)]
    assert bench.added() == [("c1.b", 2), ("c1.b", 4)]
    assert bench.place(GIVING).position == 4
    till.facts += [paid(5), paid(6, "c1.b", 6)]
    settle(follower)
    assert bench.parked()[2:] == [("c1.a", 5, BEHIND)], "in later pages too"
    assert bench.added()[2:] == [("c1.b", 6)]


def test_it_stays_parked_for_the_next_leader(open_bench: Opening, mood: Mood) -> None:
    mood.park(1)
    till = Till(paid(1))
    settle(open_bench().follower(till, mood.policy))
    till.facts.append(paid(2))
    bench = open_bench()
    settle(bench.follower(till, mood.policy))
    assert bench.parked() == [("c1.a", 1, "not now"), ("c1.a", 2, BEHIND)]


def test_one_policys_parked_events_are_nothing_to_another(bench: Bench, mood: Mood) -> None:
    mood.park(1)
    settle(bench.follower(Till(paid(1)), mood.policy, policy(name="another")))
    assert bench.parked() == [("c1.a", 1, "not now")]
    assert bench.added() == [("c1.a", 1)]


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
def test_parked_rows_and_position_stand_or_fall_together(
    bench: Bench, mood: Mood, committed: bool
) -> None:
    mood.park(1)
    follower = bench.follower(Till(paid(1)), mood.policy)
    bench.spy.at_transaction(1, lambda: connection_lost(committed=committed))
    follower.step()
    bench.spy.around = None
    assert (bench.place(GIVING).position, len(bench.parked())) == (int(committed),) * 2


def test_what_a_policy_cannot_handle_is_parked_loudly(
    bench: Bench, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    mood.answers = {1: _fail}
    settle(bench.follower(Till(paid(1), paid(2, "c1.b")), mood.policy))
    assert bench.parked() == [("c1.a", 1, "LookupError: no such jar")]
    assert bench.added() == [("c1.b", 1)]
    (told,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert f"policy {GIVING} fails at Paid till-1" in told.message
    assert told.exc_info


@pytest.mark.parametrize("reason", ["a\0b", "x" * 10_000], ids=["nul", "long"])
def test_any_reason_can_be_kept(bench: Bench, reason: str) -> None:
    settle(bench.follower(Till(paid(1)), policy(lambda fact, reader: Park(reason))))
    (kept,) = bench.parked()
    assert kept[2] == reason.replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST_REASON]


def test_a_hundred_subjects_may_be_parked_and_one_more_stops_the_handler(
    bench: Bench, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    facts = [paid(number, f"c1.{number}") for number in range(1, 103)]
    mood.park(*[fact.position for fact in facts])
    # More of the same subjects does no harm.
    more = [paid(200 + number, f"c1.{number}") for number in range(1, 11)]
    till = Till(*facts[:100], *more)
    follower = bench.follower(till, mood.policy)
    settle(follower)
    assert (bench.place(GIVING).position, bench.place(GIVING).status) == (210, "following")
    assert len(bench.parked()) == 110
    till.facts.append(paid(300, "c1.one-more", 7))
    mood.park(300)
    settle(follower)
    assert (bench.place(GIVING).position, bench.place(GIVING).status) == (210, "crowded")
    assert len(bench.parked()) == 110
    assert MOST_PARKED == 100 and f"{MOST_PARKED} subjects are parked" in caplog.text
    till.facts.append(paid(301, "c1.sound"))
    settle(follower)
    assert bench.added() == [], "it has stopped, for good events too"


def test_before_it_stops_what_came_earlier_in_the_page_is_done(light: Bench, mood: Mood) -> None:
    till = Till(*[paid(number, f"c1.{number}") for number in range(1, 101)])
    mood.park(*range(1, 101), 103)
    till.facts += [paid(101, "c1.good"), paid(102, "c1.better"), paid(103, "c1.bad")]
    settle(light.follower(till, mood.policy))
    assert (light.place(GIVING).position, light.place(GIVING).status) == (102, "crowded")
    assert [jar for jar, _ in light.added()] == ["c1.good", "c1.better"]


def test_it_goes_on_by_itself_once_there_is_room(light: Bench, mood: Mood) -> None:
    till = Till(*[paid(number, f"c1.{number}") for number in range(1, 102)])
    mood.park(*range(1, 102))
    follower = light.follower(till, mood.policy)
    settle(follower)
    assert light.place(GIVING).status == "crowded"
    parked.intend(light.spy, GIVING, "c1.7", "drop")
    light.operating(till).round()
    wait_until("it goes on", lambda: follower.step(), seconds=10)
    assert (light.place(GIVING).position, light.place(GIVING).status) == (101, "following")
    assert len(light.parked()) == 100


# -- what operators ask for ------------------------------------------------------------------------


def test_the_leader_retries_what_an_operator_wants_retried_in_order(
    bench: Bench, mood: Mood
) -> None:
    mood.park(1)
    till = Till(paid(1, amount=1), paid(2, "c1.b", 2), paid(3, amount=3), paid(4, amount=4))
    settle(bench.follower(till, mood.policy))
    operating = bench.operating(till)
    mood.answers.clear()
    operating.round()
    assert len(bench.parked()) == 3, "nothing happens unless somebody wants it"
    assert parked.intend(bench.spy, GIVING, "c1.a", "retry") == 3
    operating.round()
    assert bench.parked() == []
    assert bench.added() == [("c1.b", 2), ("c1.a", 1), ("c1.a", 3), ("c1.a", 4)]


def test_where_one_fails_again_those_behind_it_stay_behind_it(bench: Bench, mood: Mood) -> None:
    mood.park(1, 3)
    till = Till(*[paid(number, amount=number) for number in range(1, 6)], paid(6, "c1.b", 6))
    mood.park(6)
    settle(bench.follower(till, mood.policy))
    del mood.answers[1]
    del mood.answers[6]
    for subject in ("c1.a", "c1.b"):
        parked.intend(bench.spy, GIVING, subject, "retry")
    operating = bench.operating(till)
    operating.round()
    assert bench.added() == [("c1.a", 1), ("c1.a", 2), ("c1.b", 6)]
    assert [position for _, position, _ in bench.parked()] == [3, 4, 5]
    mood.answers.clear()
    operating.round()
    assert len(bench.parked()) == 3, "the wish was for one try"


@pytest.mark.parametrize("hold", [lambda: Retry(1, "soon"), None], ids=["retry", "unavailable"])
def test_a_retry_that_only_has_to_wait_is_tried_again(
    light: Bench, mood: Mood, hold: Callable[[], Answer] | None
) -> None:
    def unavailable() -> Answer:
        raise Unavailable("no broker")

    mood.park(1)
    till = Till(paid(1, amount=1), paid(2, amount=2))
    settle(light.follower(till, mood.policy))
    mood.answers = {1: hold or unavailable}
    parked.intend(light.spy, GIVING, "c1.a", "retry")
    operating = light.operating(till)
    operating.round()
    assert (light.added(), len(light.parked())) == ([], 2)
    mood.answers.clear()
    operating.round()
    assert (light.added(), light.parked()) == ([("c1.a", 1), ("c1.a", 2)], [])


def test_a_retry_and_its_row_stand_or_fall_together(bench: Bench, mood: Mood) -> None:
    mood.park(1)
    till = Till(paid(1, amount=5))
    settle(bench.follower(till, mood.policy))
    mood.answers.clear()
    parked.intend(bench.spy, GIVING, "c1.a", "retry")
    for number in (1, 2):
        bench.spy.at_transaction(number, lambda: connection_lost(committed=False))
        try:
            bench.operating(till).round()
        except Exception as error:
            assert "connection was lost" in str(error)
        bench.spy.around = None
        assert bool(bench.added()) is not bool(bench.parked())
    bench.operating(till).round()
    assert (bench.added(), bench.parked()) == ([("c1.a", 5)], [])


def test_a_retry_finds_out_another_history(bench: Bench, mood: Mood) -> None:
    """What was parked is not what stands there now."""
    mood.park(1)
    till = Till(paid(1))
    settle(bench.follower(till, mood.policy))
    mood.answers.clear()
    till.facts = [paid(1, id="till-other")]
    parked.intend(bench.spy, GIVING, "c1.a", "retry")
    bench.operating(till).round()
    assert (bench.added(), len(bench.parked())) == ([], 1)


def test_the_leader_drops_what_an_operator_wants_dropped_and_the_subject_goes_on(
    bench: Bench, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    mood.park(1, 2)
    till = Till(paid(1), paid(2, "c1.b"), paid(3, amount=3))
    follower = bench.follower(till, mood.policy)
    settle(follower)
    parked.intend(bench.spy, GIVING, "c1.a", "drop")
    bench.operating(till).round()
    assert bench.parked() == [("c1.b", 2, "not now")]
    assert "dropped by an operator: till-1" in caplog.text
    till.facts.append(paid(4, amount=4))
    settle(follower)
    assert bench.added() == [("c1.a", 4)]


def test_a_wish_ends_where_a_new_event_was_parked_behind_it(bench: Bench, mood: Mood) -> None:
    """What nobody had seen when they asked is not dropped with it."""
    mood.park(1)
    till = Till(paid(1))
    follower = bench.follower(till, mood.policy)
    settle(follower)
    parked.intend(bench.spy, GIVING, "c1.a", "drop")
    till.facts.append(paid(2))
    settle(follower)
    bench.operating(till).round()
    assert bench.parked() == [("c1.a", 2, BEHIND)]
