"""What operators do: rebuild views under load, and look after what failed or was set aside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.errors import Forbidden, NotFound
from shared.identity.keys import ServiceIdentity
from tests.integration.hosting.bench import Bench, figures, jar
from tests.integration.hosting.programs.amounts import BREAKING, PARKED, bonus
from tests.support.load import Load
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


@contextmanager
def _watching(bench: Bench, one: str) -> Iterator[list[int]]:
    """What queries see of a jar meanwhile: its coins only ever grow."""
    seen = [bench.call("toys", "get", {"id": one})["coins"]]
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.005):
            seen.append(bench.call("toys", "get", {"id": one})["coins"])

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def test_a_rebuild_under_load_is_not_seen_and_loses_nothing(bench: Bench) -> None:
    bench.both()
    load = Load(bench)
    for _ in range(5):
        bench.add(load.jars[0])
    bench.settle()
    before = bench.view("jars")
    with load, _watching(bench, load.jars[0]) as seen:
        load.more(20)
        for _ in range(3):
            found = bench.rebuild("jars")
            assert found["status"] == "done", found
            assert found["detail"]["flipped"]
            assert found["detail"]["live_digest"] == found["detail"]["new_digest"]
        load.more(20)
    assert seen == sorted(seen), "a query saw less than one before it"
    assert len(seen) > 20 and seen[0] >= 5
    at_least = bench.add(jar())["position"]
    bench.settle()
    moves = bench.moves()
    for one in load.jars:
        shown = bench.call("toys", "get", {"id": one, "at_least": at_least})
        assert (shown["coins"], shown["moves"]) == (moves[one], moves[one])
    after = bench.view("jars")
    assert after["build"] == before["build"] + 3
    _only_live_builds_are_left(bench, "jars")


def test_a_view_that_fails_stops_alone_and_a_rebuild_mends_it(bench: Bench) -> None:
    _, work = bench.both()
    one = jar()
    bench.add(one)
    bench.settle()
    sound = bench.call("toys", "tally", {})["moves"]
    bench.add(one, BREAKING)
    answer = bench.add(one)
    shown = {"coins": BREAKING + 2, "moves": 3, "behind": False}
    asked = {"id": one, "at_least": answer["position"]}
    wait_until("the other view goes on", lambda: bench.call("toys", "get", asked) == shown)
    wait_until("it says what stopped", lambda: "tallies: failed" in str(work.missing()))
    assert set(work.missing()) == {"following"}
    wait_until(
        "in the figures too",
        lambda: figures(work)["wuye_follower_stopped{handler=tallies,service=toys}"] == 1,
    )
    assert bench.call("toys", "tally", {}) == {"moves": sound, "behind": False}
    assert bench.call("toys", "tally", {"at_least": answer["position"]})["behind"]
    failed = bench.rebuild("tallies")
    assert failed["status"] == "failed" and "tallies fails at" in failed["detail"]["reason"]
    assert bench.view("tallies")["status"] == "failed"

    bench.switch("mended")
    assert bench.rebuild("tallies")["status"] == "done"
    work.wait_ready()
    whole = {"moves": sum(bench.moves().values()), "behind": False}
    asked = {"at_least": answer["position"]}
    wait_until("it has all", lambda: bench.call("toys", "tally", asked) == whole)
    _only_live_builds_are_left(bench, "tallies")


def test_parked_events_wait_for_an_operator(bench: Bench) -> None:
    _, work = bench.both()
    one, other, dropped = jar(), jar(), jar()
    for each in (one, dropped):
        bench.add(each, PARKED)
        bench.add(each, PARKED)
    bench.add(other)
    bench.settle()
    policy = "when_coins_added_then_give_bonus"
    parked = [row for row in _parked(bench) if row["subject"] in (one, dropped)]
    assert [(row["subject"], row["reason"]) for row in parked] == [
        (one, "not yet"),
        (one, "an earlier event of this subject is parked"),
        (dropped, "not yet"),
        (dropped, "an earlier event of this subject is parked"),
    ]
    gauge = f"wuye_follower_parked_events{{handler={policy},service=toys}}"
    wait_until("it is counted", lambda: figures(work)[gauge] == 4)
    assert work.missing() == {}, "parked events are no reason to be not ready"

    subject = {"handler": policy, "subject": one}
    assert bench.call("toys.ops", "retry_parked", subject) == {"events": 2, "intention": "retry"}
    wait_until("it fails again", lambda: not [r for r in _parked(bench) if r["intention"]])
    assert len(_parked(bench)) == 4

    bench.switch("pardoned")
    bench.call("toys.ops", "retry_parked", subject)
    bench.call("toys.ops", "drop_parked", {"handler": policy, "subject": dropped})
    wait_until("nothing is parked", lambda: not _parked(bench))
    wait_until("nothing is counted", lambda: figures(work)[gauge] == 0)
    moves = bench.moves()
    assert (moves[bonus(one)], moves[bonus(dropped)]) == (2, 0)
    bench.add(dropped, PARKED)
    bench.settle()
    assert bench.moves()[bonus(dropped)] == 1, "later events of it are handled again"
    with pytest.raises(NotFound):
        bench.call("toys.ops", "retry_parked", subject)


def test_what_was_parked_by_a_policy_that_is_gone_harms_nobody(bench: Bench) -> None:
    """A retry is refused in the log, and dropping it still works."""
    _, work = bench.both()
    bench.query(
        "toys",
        "INSERT INTO parked (handler, subject, position, event_id, log, reason, parked_at) "
        "VALUES ('gone', 'c1.x', 1, 'e', 'toys', 'r', 't') RETURNING 1",
    )
    subject = {"handler": "gone", "subject": "c1.x"}
    bench.call("toys.ops", "retry_parked", subject)
    work.until_logged("gone does not exist here any more")
    wait_until("the wish is gone", lambda: not [r for r in _parked(bench) if r["intention"]])
    bench.call("toys.ops", "drop_parked", subject)
    wait_until("nothing is parked", lambda: not _parked(bench))
    assert work.alive()


def test_only_operators_ask_and_only_for_what_there_is(bench: Bench) -> None:
    bench.both()
    private = bench.operator._key
    resident = ServiceIdentity("operator", private, bench.operator._clock, ())
    for method, request in (
        ("rebuild", {"view": "jars"}),
        ("views", {}),
        ("parked", {}),
        ("retry_parked", {"handler": "h", "subject": "s"}),
    ):
        with pytest.raises(Forbidden):
            bench.call("toys.ops", method, request, resident.token())
    with pytest.raises(NotFound, match="jars, tallies"):
        bench.call("toys.ops", "rebuild", {"view": "nothing"})
    with pytest.raises(NotFound):
        bench.call("toys.ops", "rebuild_status", {"id": "nothing"})


def _parked(bench: Bench) -> list[dict[str, str]]:
    found: list[dict[str, str]] = bench.call("toys.ops", "parked", {})["parked"]
    return found


def _only_live_builds_are_left(bench: Bench, view: str) -> None:
    tables = f"SELECT count(*) FROM pg_tables WHERE tablename ~ '^view_{view}_'"
    wait_until(
        "what was replaced is dropped",
        lambda: (
            bench.query("toys", tables) == [(1,)]
            and bench.query("toys", "SELECT count(*) FROM view_builds WHERE view = %s", view)
            == [(1,)]
        ),
    )
