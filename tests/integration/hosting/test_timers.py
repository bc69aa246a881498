"""Timers fire once: in time, after a downtime, and where two leaders fire them."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from shared.following.tables import moment_text
from tests.integration.hosting.bench import Bench, jar
from tests.integration.hosting.programs.amounts import TIMED, TIMED_LATER, TIMED_TO_FAIL
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


def _wait_for_interest(bench: Bench, *jars: str) -> None:
    wait_until("the timer fired", lambda: all(bench.moves()[one] >= 2 for one in jars))


def _moves_by_timers(bench: Bench, one: str) -> list[str]:
    rows = bench.query("toys", "SELECT state FROM stored_events WHERE originator_id = %s", one)
    events = [json.loads(state) for (state,) in rows]
    return [event["command_id"] for event in events if event["actor"] == "service:toys"]


def test_one_that_is_due_fires_once_and_one_that_fails_holds_up_no_other(bench: Bench) -> None:
    bench.both()
    failing, one = jar(), jar()
    bench.add(failing, TIMED_TO_FAIL)
    bench.add(one, TIMED)
    _wait_for_interest(bench, one)
    time.sleep(1.5)
    assert len(_moves_by_timers(bench, one)) == 1
    left = "SELECT subject FROM timers WHERE NOT fired"
    wait_until("the other is settled", lambda: bench.query("toys", left) == [(failing,)])
    bench.query("toys", "UPDATE timers SET fired = true RETURNING 1")


def test_those_missed_in_a_downtime_fire_afterwards(bench: Bench) -> None:
    _, work = bench.both()
    one = jar()
    bench.add(one, TIMED_LATER)
    wait_until(
        "the timer is set",
        lambda: bench.query("toys", "SELECT 1 FROM timers WHERE subject = %s", one),
    )
    work.kill()
    # its moment comes while nobody is there
    past = moment_text(datetime.now(UTC) - timedelta(seconds=5))
    bench.query("toys", "UPDATE timers SET due = %s WHERE subject = %s RETURNING 1", past, one)
    assert bench.moves()[one] == 1
    bench.work()
    _wait_for_interest(bench, one)
    time.sleep(1.5)
    assert len(_moves_by_timers(bench, one)) == 1


def test_two_leaders_fire_twice_and_it_happens_once(bench: Bench) -> None:
    """No lease: both lead. What one of them does to the other's positions ends that one."""
    bench.both()
    bench.without("toys", "work")
    jars = [jar() for _ in range(20)]
    for one in jars:
        bench.add(one, TIMED)
    leaders = [bench.run("toys", "work", NO_LEASE="1") for _ in range(2)]
    for leader in leaders:
        leader.until_logged("leading")
    _wait_for_interest(bench, *jars)
    more = jar()
    bench.add(more, TIMED)

    def goes_on() -> bool:
        # Each may have ended the other; whoever looks after them starts one anew.
        if not any(leader.alive() for leader in leaders):
            leaders.append(bench.run("toys", "work"))
        return bench.moves()[more] >= 2

    wait_until("a leader goes on", goes_on)
    time.sleep(1.5)
    for one in [*jars, more]:
        assert len(_moves_by_timers(bench, one)) == 1
    for leader in leaders:
        assert leader.alive() or leader.process.returncode == 1
    for leader in leaders:
        if leader.alive():
            # it may find out meanwhile that the other one moved on
            assert leader.stop() in (0, 1)
    _view_is_right(bench, jars)


def _view_is_right(bench: Bench, jars: list[str]) -> None:
    bench.work()
    bench.settle()
    moves = bench.moves()
    for one in jars:
        assert bench.call("toys", "get", {"id": one})["moves"] == moves[one]
