"""A log that was restored from an older copy has another history: found out, and cured by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.eventlog.migrate import migrate_sqlite
from shared.eventlog.sqlite import SqliteStore
from shared.following.rebuild import rebuild
from tests.support.toy_service import JARS
from tests.unit.following.bench import GIVING, Bench, let_go, policy, settle
from tests.unit.following.conftest import Opening

OpenLog = Callable[[str], Bench]


@pytest.fixture
def open_log(tmp_path: Path) -> Iterator[OpenLog]:
    """The service that is followed, from a file of this name."""
    opened: list[Bench] = []

    def open_log(name: str) -> Bench:
        path = tmp_path / f"{name}.sqlite"
        if not path.exists():
            migrate_sqlite(path)
        opened.append(Bench(SqliteStore("toys", path)))
        return opened[-1]

    yield open_log
    for bench in opened:
        bench.close()


def _backup(tmp_path: Path, name: str) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "first.sqlite")) as source,
        closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as copy,
    ):
        source.backup(copy)


@pytest.fixture
def first(open_log: OpenLog) -> Bench:
    log = open_log("first")
    log.add("c1.x", 1, 1)
    return log


@pytest.mark.parametrize("events", [0, 1, 2, 3])
def test_a_history_that_lost_the_last_handled_event_is_found_out(
    light: Bench, first: Bench, open_log: OpenLog, tmp_path: Path, events: int
) -> None:
    """Shorter than where the follower stands, just as long with another event there, or longer."""
    _backup(tmp_path, "restored")
    first.add("c1.x", 1, 1)
    shown, acting = JARS, policy(follows="toys", handles={"CoinsTaken": 1})
    settle(light.follower(first.own, shown, acting))
    restored = open_log("restored")
    assert restored.log.store.log_id == first.log.store.log_id
    restored.add("c1.x", *[7] * events)
    settle(light.follower(restored.own, shown, acting))
    assert light.rows(shown)["c1.x"].coins == 4, "nothing of the other history is taken"
    for one in ("jars", GIVING):
        place = light.place(one, "toys")
        assert (place.status, place.position) == ("diverged", first.log.head())


def test_another_log_id_is_found_out_even_where_the_events_are_the_same(
    bench: Bench, first: Bench, open_log: OpenLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _backup(tmp_path, "other")
    settle(bench.follower(first.own, JARS))
    other = open_log("other")
    with other.spy.transaction() as tx:
        tx.execute("UPDATE log_identity SET log_id = 'another'")
    other.add("c1.x", 1)
    settle(bench.follower(other.own, JARS))
    assert (bench.place("jars", "toys").status, bench.rows(JARS)["c1.x"].moves) == ("diverged", 2)
    assert "toys has another history now; rebuild jars" in caplog.text


def test_it_is_found_out_in_mid_following_too(
    bench: Bench, first: Bench, open_log: OpenLog, tmp_path: Path
) -> None:
    _backup(tmp_path, "restored")
    first.add("c1.x", 1)
    follower = bench.follower(first.own, JARS)
    settle(follower)
    follower.source = open_log("restored").own
    let_go(follower)
    assert bench.place("jars", "toys").status == "diverged"


def test_a_restored_log_that_still_has_it_is_followed_on(
    bench: Bench, first: Bench, open_log: OpenLog, tmp_path: Path
) -> None:
    settle(bench.follower(first.own, JARS))
    _backup(tmp_path, "restored")
    first.add("c1.x", 1, 1)
    restored = open_log("restored")
    restored.add("c1.x", 7)
    settle(bench.follower(restored.own, JARS))
    assert bench.place("jars", "toys").status == "following"
    assert bench.rows(JARS)["c1.x"].coins == 9


def test_a_rebuild_cures_it(
    open_bench: Opening, first: Bench, open_log: OpenLog, tmp_path: Path
) -> None:
    _backup(tmp_path, "restored")
    first.add("c1.x", 1, 1)
    bench = open_bench()
    settle(bench.follower(first.own, JARS))
    restored = open_log("restored")
    restored.add("c1.x", 7)
    settle(bench.follower(restored.own, JARS))
    found = rebuild(JARS, restored.own, bench.spy, bench.builds, lambda progress: None)
    assert found.flipped and found.live_digest is None, "a stopped build is not compared"
    assert bench.rows(JARS)["c1.x"].coins == 9
    restored.add("c1.x", 1)
    after = open_bench()
    settle(after.follower(restored.own, JARS))
    assert after.rows(JARS)["c1.x"].coins == 10
