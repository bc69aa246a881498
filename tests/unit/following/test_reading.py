"""Queries: read your own write, for a while, and say so where the view is still behind."""

from __future__ import annotations

import threading
import time

import pytest

from shared.errors import Unavailable
from shared.following.reader import REMEMBER_SECONDS
from tests.support.toy_service import JARS
from tests.unit.following.bench import Bench, Till, paid, settle, view
from tests.unit.following.conftest import Opening


def test_a_query_waits_until_its_view_shows_the_write(bench: Bench) -> None:
    stop = threading.Event()
    follower = bench.follower(bench.own, JARS)
    thread = threading.Thread(target=follower.run, args=(stop,))
    thread.start()
    try:
        for count in range(1, 6):
            position = bench.add("c1.x", 1)
            assert not bench.reader.wait(JARS, position, 20)
            assert bench.rows(JARS)["c1.x"].moves == count
    finally:
        stop.set()
        bench.own.close()
        thread.join()


def test_it_says_behind_after_two_seconds_and_answers_all_the_same(light: Bench) -> None:
    settle(light.follower(light.own, JARS))
    position = light.add("c1.x", 1)
    began = time.monotonic()
    assert light.reader.wait(JARS, position)
    assert 2.0 <= time.monotonic() - began < 5.0
    assert light.rows(JARS) == {}


@pytest.mark.parametrize("at_least", [None, 0, 1, 2])
def test_it_does_not_wait_for_what_it_shows_already(light: Bench, at_least: int | None) -> None:
    shown = view()
    settle(light.follower(Till(paid(1), paid(2)), shown))
    began = time.monotonic()
    assert not light.reader.wait(shown, at_least)
    assert time.monotonic() - began < 1.9


def test_a_view_that_was_never_built_is_unavailable_and_not_empty(bench: Bench) -> None:
    with pytest.raises(Unavailable, match="still being built") as found:
        bench.reader.rows(view())
    assert found.value.retry_after
    assert bench.reader.position(view()) == 0


def test_the_position_is_that_of_the_live_build(bench: Bench) -> None:
    shown = view()
    settle(bench.follower(Till(paid(1), paid(4)), shown))
    bench.builds.add(shown)
    assert bench.reader.position(shown) == 4


class Standing:
    """The time as a test sets it."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize("share", [0.51, 1.01])
def test_a_remembered_row_is_as_old_as_a_second_at_most(
    open_bench: Opening, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Whoever asks half-way reads it again."""
    bench, leading = open_bench(), open_bench()
    time = Standing()
    monkeypatch.setattr("shared.following.reader.time", time)
    leading.add("c1.x", 1)
    settle(leading.follower(leading.own, JARS))
    first = bench.reader.recent_row(JARS, "c1.x")
    leading.add("c1.x", 1)
    settle(leading.follower(leading.own, JARS))
    assert bench.reader.recent_row(JARS, "c1.x") == first
    assert leading.reader.recent_row(JARS, "c1.x").moves == 2, "it knows that rows changed"
    time.now += share * REMEMBER_SECONDS
    assert bench.reader.recent_row(JARS, "c1.x").moves == 2


@pytest.mark.parametrize("waited", [False, True])
def test_a_remembered_row_is_never_older_than_what_a_caller_has_seen(
    bench: Bench, waited: bool
) -> None:
    bench.add("c1.x", 1)
    settle(bench.follower(bench.own, JARS))
    assert bench.reader.recent_row(JARS, "c1.x").moves == 1
    position = bench.add("c1.x", 1)
    settle(bench.follower(bench.own, JARS))
    if waited:
        assert not bench.reader.wait(JARS, position)
    else:
        assert bench.reader.has_reached(JARS, position)
    assert bench.reader.recent_row(JARS, "c1.x").moves == 2


def test_what_is_not_there_is_looked_for_every_time(open_bench: Opening) -> None:
    bench, leading = open_bench(), open_bench()
    settle(leading.follower(leading.own, JARS))
    assert bench.reader.recent_row(JARS, "c1.x") is None
    leading.add("c1.x", 1)
    settle(leading.follower(leading.own, JARS))
    assert bench.reader.recent_row(JARS, "c1.x").moves == 1


def test_whoever_leads_looks_again_for_what_is_not_there_once_rows_changed(light: Bench) -> None:
    follower = light.follower(light.own, JARS)
    settle(follower)

    def asked() -> int:
        return len([one for one in light.spy.statements if "FROM view_jars_1" in one])

    assert light.reader.recent_row(JARS, "c1.x") is None
    before = asked()
    assert light.reader.recent_row(JARS, "c1.x") is None
    assert asked() == before
    light.add("c1.x", 1)
    settle(follower)
    assert light.reader.recent_row(JARS, "c1.x").moves == 1


def test_rows_of_a_value_are_read_once_a_look(light: Bench) -> None:
    light.add("c1.x", 1)
    light.add("c1.y", 1)
    settle(light.follower(light.own, JARS))
    before = len(light.spy.statements)
    with light.reader.one_look():
        found = light.reader.rows_of(JARS, "key", ["c1.x", "c1.none", "c1.y"])
        assert [row.key for row in found] == ["c1.x", "c1.y"]
        assert light.reader.rows_of(JARS, "key", ["c1.y"]) == found[1:]
        assert light.reader.rows_of(JARS, "key", ["c1.none"]) == []
    asked = [one for one in light.spy.statements[before:] if "FROM view_jars_1" in one]
    assert len(asked) == 1


def test_what_a_follower_has_brought_a_view_to_needs_no_look(light: Bench) -> None:
    position = light.add("c1.x", 1)
    settle(light.follower(light.own, JARS))
    before = len(light.spy.statements)
    assert light.reader.has_reached(JARS, position)
    assert len(light.spy.statements) == before
    assert not light.reader.has_reached(JARS, position + 1)
