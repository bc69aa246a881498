"""One follower a log: handlers share its pages, hold and stop each by itself, and go on after."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from shared.errors import Unavailable
from shared.eventlog.store import Append, StoreError
from shared.following.acting import MOST_A_PAGE
from shared.following.follower import Follower
from shared.following.handlers import Done, Retry
from shared.following.source import PAGE
from shared.messaging.envelope import Fact
from tests.support.stores import append
from tests.support.waiting import wait_until
from tests.unit.following.bench import (
    GIVING,
    Bench,
    Till,
    let_go,
    only,
    paid,
    policy,
    settle,
    view,
)
from tests.unit.following.conftest import Opening


@contextmanager
def _running(follower: Follower) -> Iterator[None]:
    stop, ended = threading.Event(), threading.Event()

    def run() -> None:
        follower.run(stop)
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        follower.source.close()
        thread.join()
    assert ended.is_set(), "it ran until it was told to stop"


def test_handlers_at_the_same_place_share_the_pulled_page(light: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 4)])
    one, another, acting = view("one"), view("another"), policy()
    light.follower(till, one, another, acting).step()
    assert till.reads == [(0, PAGE)]
    assert light.rows(one) == light.rows(another)
    assert light.place(GIVING).position == 3


def test_a_handler_elsewhere_pulls_a_page_of_its_own_until_it_has_caught_up(light: Bench) -> None:
    till = Till(paid(1), paid(2))
    early, late = view("early"), view("late")
    settle(light.follower(till, early))
    till.facts.append(paid(3))
    till.reads.clear()
    follower = light.follower(till, early, late)
    settle(follower)
    assert till.reads == [(0, PAGE), (2, PAGE), (3, PAGE)]
    assert light.rows(early) == light.rows(late)


def test_policies_alone_ask_for_short_pages(light: Bench) -> None:
    till = Till(*[paid(number, f"c1.{number}") for number in range(1, MOST_A_PAGE + 2)])
    light.follower(till, policy()).step()
    assert till.reads == [(0, MOST_A_PAGE)]
    assert light.place(GIVING).position == MOST_A_PAGE < PAGE


def test_policies_let_events_come_together_and_views_do_not(
    light: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # longer than this test takes
    monkeypatch.setattr("shared.following.follower.POLICIES_GATHER_SECONDS", 60.0)
    till = Till(paid(1))
    follower = light.follower(till, view("shown"), policy())
    follower.step(patient=True)
    assert light.place("shown").position == light.place(GIVING).position == 1, "the first at once"
    till.facts.append(paid(2))
    follower.step(patient=True)
    assert (light.place("shown").position, light.place(GIVING).position) == (2, 1)
    for one in follower.following:
        one.gather_until = time.monotonic()
    follower.step(patient=True)
    assert light.place(GIVING).position == 2
    assert light.coins() == 2


class Stop(threading.Event):
    """Set by the first wait; ``waited`` is how long that would have been."""

    waited: float | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self.waited = timeout
        self.set()
        return True


@pytest.mark.parametrize(("busy", "seconds"), [(0, 0.03), (1e9, 0.01)], ids=["busy", "calm"])
def test_where_much_comes_more_of_it_comes_together(
    light: Bench, monkeypatch: pytest.MonkeyPatch, busy: float, seconds: float
) -> None:
    monkeypatch.setattr("shared.following.follower.BUSY", busy)
    monkeypatch.setattr("shared.following.follower.IDLE_SECONDS", 0.0)
    stop = Stop()
    light.follower(Till(paid(1)), view("shown"), policy()).run(stop)
    assert stop.waited == seconds


def test_policies_that_are_far_behind_wait_for_nothing(light: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 2 * MOST_A_PAGE + 2)])
    follower = light.follower(till, policy())
    for _ in range(2):
        follower.step(patient=True)
    assert light.place(GIVING).position == 2 * MOST_A_PAGE


def test_an_event_of_a_newer_release_holds_and_alarms_while_the_others_go_on(
    open_bench: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    newer, older = view("knows", handles={"Paid": 2}), view("waits")
    till = Till(paid(1), paid(2), paid(3, schema=2), paid(4))
    bench = open_bench()
    follower = bench.follower(till, newer, older, policy())
    settle(follower)
    assert bench.rows(newer)["c1.a"].moves == 4
    assert bench.rows(older)["c1.a"].moves == 2, "everything before it is in"
    assert [bench.place(one).position for one in ("waits", GIVING)] == [2, 2]
    assert [bench.place(one).status for one in ("waits", GIVING)] == ["following", "following"]
    for one in ("waits", GIVING):
        assert f"{one} knows no version 2 of Paid" in caplog.text
        assert bench.figure("wuye_follower_retries_total", handler=one) == 1
    assert bench.parked() == []

    let_go(follower)
    assert bench.place("waits").position == 2, "it holds until it is upgraded"

    upgraded = open_bench()
    known = view("waits", handles={"Paid": 2})
    settle(upgraded.follower(till, known, policy(handles={"Paid": 2})))
    assert upgraded.rows(known)["c1.a"].moves == 4
    assert [amount for _, amount in upgraded.added()] == [1, 1, 1, 1]


def test_a_held_handler_is_not_asked_again_before_its_time(light: Bench) -> None:
    asked: list[int] = []

    def wait(fact: object, reader: object) -> Retry:
        asked.append(1)
        return Retry(3600, "not yet")

    follower = light.follower(Till(paid(1)), policy(wait), view())
    for _ in range(3):
        follower.step()
    assert asked == [1]
    assert light.place("paid").position == 1


def test_one_handlers_fault_does_not_hold_up_the_others(light: Bench) -> None:
    def fail(row: object, fact: object) -> None:
        raise ZeroDivisionError

    till = Till(paid(1), paid(2))
    sound, acting = view("sound"), policy()
    settle(light.follower(till, view("broken", fail), sound, acting))
    assert light.place("broken").status == "failed"
    assert light.rows(sound)["c1.a"].moves == 2
    assert light.coins() == 2


def test_a_source_that_fails_is_asked_again(light: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it is that cannot be reached: the broker, the database, a socket."""
    till, shown = Till(paid(1)), view()
    till.failing = [Unavailable("no broker"), StoreError("no database"), OSError("no socket")]
    with _running(light.follower(till, shown)):
        wait_until("it got through", lambda: light.place("paid").position == 1)
    for reason in ("no broker", "no database", "no socket"):
        assert reason in caplog.text


def test_while_its_log_cannot_be_read_a_follower_counts_as_behind(light: Bench) -> None:
    till = Till(paid(1))
    follower = light.follower(till, view())
    follower.step()
    assert only(follower).behind_seconds == 0
    till.failing = [Unavailable("no broker")]
    with pytest.raises(Unavailable):
        follower.step()
    assert only(follower).behind_seconds > 0
    follower.step()
    assert only(follower).behind_seconds == 0


def test_it_says_how_far_it_is_behind(light: Bench) -> None:
    till = Till(*[paid(number) for number in range(1, 6)])
    till.most = 2
    follower = light.follower(till, view())
    lags = []
    while follower.step():
        lags.append((only(follower).lag, only(follower).behind_seconds > 0))
    assert lags == [(3, True), (1, True), (0, False)]


def test_it_is_woken_when_its_own_log_grows(bench: Bench) -> None:
    """Long before it would ask by itself."""
    seen: list[int] = []

    def see(fact: Fact, reader: object) -> Done:
        seen.append(fact.position)
        return Done()

    acting = policy(see, follows="toys", handles={"CoinsAdded": 1})
    with _running(bench.follower(bench.own, acting)):
        for _ in range(3):
            position = bench.add("c1.x", 1)
            wait_until("it is handled", partial(seen.__contains__, position), seconds=2)


def test_an_event_name_of_a_newer_release_holds_its_whole_log(
    light: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    light.add("c1.x", 1)
    known = light.spy.read_stream("c1.x")[0]
    newer = replace(known, originator_id="c1.y", topic="CoinsPolished")
    append(light.spy, Append("c1.y", 0, (newer,)))
    light.add("c1.x", 1)
    acting = policy(lambda fact, reader: Done(), follows="toys", handles={"CoinsAdded": 1})
    with _running(light.follower(light.own, acting)):
        wait_until("it says so", lambda: "has no event CoinsPolished" in caplog.text)
    assert light.place(GIVING, "toys").position == 1
