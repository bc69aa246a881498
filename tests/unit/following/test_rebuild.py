"""Rebuilding: a new build beside the live one, compared and flipped at the same place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from shared.eventlog.store import StoreError
from shared.following.rebuild import Progress, rebuild
from shared.following.source import PAGE, Page
from shared.following.view import View
from shared.following.viewing import Stopped
from shared.messaging.envelope import Fact
from tests.support.stores import connection_lost
from tests.support.toy_service import Row
from tests.unit.following.bench import Bench, Till, fold, let_go, only, paid, settle, view
from tests.unit.following.conftest import Opening


def _rebuilt(
    bench: Bench,
    shown: View,
    till: Till,
    tell: Callable[[Progress], None] = lambda progress: None,
    **more: Any,
) -> Progress:
    return rebuild(shown, till, bench.spy, bench.builds, tell, **more)


def _builds(bench: Bench, view: str = "paid") -> list[tuple[int, bool]]:
    with bench.spy.reading() as tx:
        rows = tx.query(
            "SELECT build, live FROM view_builds WHERE view = :view ORDER BY build", {"view": view}
        )
    return [(row["build"], bool(row["live"])) for row in rows]


def _placed(bench: Bench, view: str = "paid") -> dict[int, int]:
    """Build to position, of all that have one."""
    with bench.spy.reading() as tx:
        rows = tx.query(
            "SELECT build, position FROM positions WHERE handler = :view", {"view": view}
        )
    return {row["build"]: row["position"] for row in rows}


def _spoil(bench: Bench, build: int = 1) -> None:
    """Somebody changed a row by hand."""
    with bench.spy.transaction() as tx:
        tx.execute(f"UPDATE view_paid_{build} SET coins = 99 WHERE key = 'c1.1'")


def _till(count: int, most: int = 500) -> Till:
    till = Till(*[paid(number, f"c1.{number % 3}", number) for number in range(1, count + 1)])
    till.most = most
    return till


def test_the_new_build_takes_over_with_its_position_and_the_old_one_has_none(bench: Bench) -> None:
    shown, till = view(), _till(7)
    settle(bench.follower(till, shown))
    before = bench.rows(shown)
    found = _rebuilt(bench, shown, till)
    assert found.flipped and found.live_digest == found.new_digest is not None
    assert _builds(bench) == [(1, False), (2, True)]
    assert _placed(bench) == {2: 7}
    assert bench.reader.position(shown) == 7
    assert bench.rows(shown) == before


def test_meanwhile_the_live_build_answers_and_follows(bench: Bench) -> None:
    """Every row of the new build is served only once it is as far as the live one."""
    shown, till = view(), _till(20, most=4)
    follower = bench.follower(till, shown)
    settle(follower)
    seen: list[tuple[int, int]] = []

    def look(progress: Progress) -> None:
        if progress.flipped:
            return
        number = len(till.facts) + 1
        if number <= 24:
            till.facts.append(paid(number, f"c1.{number % 3}", number))
        settle(follower)
        moves = sum(row.moves for row in bench.rows(shown).values())
        seen.append((moves, bench.reader.position(shown)))

    found = _rebuilt(bench, shown, till, look)
    assert found.flipped
    assert seen == [(min(n, 24),) * 2 for n in range(21, 21 + len(seen))] and len(seen) >= 6
    assert _placed(bench) == {2: 24}
    assert sum(row.moves for row in bench.rows(shown).values()) == 24


def test_it_never_passes_the_live_build_so_that_they_can_meet(bench: Bench) -> None:
    shown, till = view(), _till(10)
    till.facts, later = till.facts[:6], till.facts[6:]
    follower = bench.follower(till, shown)
    settle(follower)
    till.facts += later
    found = _rebuilt(bench, shown, till)
    assert (found.flipped, found.position) == (True, 6)
    settle(follower)
    assert bench.reader.position(shown) == 10


def test_it_waits_where_the_live_build_moves_on_in_the_last_moment(bench: Bench) -> None:
    """Between reading to the end and comparing."""
    shown, till = view(), _till(7)
    follower = bench.follower(till, shown)
    settle(follower)

    class Growing(Till):
        def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
            page = till.read(after, limit, text=text)
            if after == 7 and len(till.facts) == 7:
                till.facts.append(paid(8))
                settle(follower)
            return page

    found = _rebuilt(bench, shown, Growing())
    assert (found.flipped, found.position) == (True, 8)
    assert bench.reader.position(shown) == 8


@pytest.mark.parametrize("accepted", [False, True])
def test_other_digests_are_flipped_only_where_that_is_accepted(
    bench: Bench, accepted: bool
) -> None:
    shown, till = view(), _till(7)
    follower = bench.follower(till, shown)
    settle(follower)
    right = bench.rows(shown)
    _spoil(bench)
    found = _rebuilt(bench, shown, till, accept_difference=accepted)
    assert found.flipped is accepted
    assert found.live_digest != found.new_digest
    assert _builds(bench) == ([(1, False), (2, True)] if accepted else [(1, True)])
    assert _placed(bench) == {2 if accepted else 1: 7}
    assert (bench.rows(shown) == right) is accepted
    till.facts.append(paid(8))
    settle(follower)
    assert bench.rows(shown)["c1.a"].moves == 1, "what is live goes on"


def test_a_build_that_failed_is_not_compared_and_the_new_one_goes_to_the_end(
    open_bench: Opening,
) -> None:
    def fail(row: Row | None, fact: Fact) -> Row | None:
        if fact.position == 4:
            raise RuntimeError("this release cannot fold it")
        return fold(row, fact)

    till, mended = _till(7), view()
    settle(open_bench().follower(till, view(evolve=fail)))
    bench = open_bench()
    assert bench.place("paid").status == "failed"
    found = _rebuilt(bench, mended, till)
    assert (found.flipped, found.live_digest) == (True, None)
    assert bench.reader.position(mended) == 7
    assert sum(row.moves for row in bench.rows(mended).values()) == 7


def test_one_that_fails_leaves_everything_as_it_was(bench: Bench) -> None:
    def fail(row: Row | None, fact: Fact) -> Row:
        raise RuntimeError("this release cannot fold it")

    till, shown = _till(7), view()
    settle(bench.follower(till, shown))
    with pytest.raises(Stopped, match="paid fails at Paid till-1"):
        _rebuilt(bench, view(evolve=fail), till)
    assert (_builds(bench), _placed(bench)) == ([(1, True)], {1: 7})
    assert bench.reader.position(shown) == 7


def test_a_history_that_changes_meanwhile_is_not_built_from(bench: Bench) -> None:
    till, shown = _till(8, most=2), view()
    settle(bench.follower(till, shown))

    def restore(progress: Progress) -> None:
        till.log_id = "another"

    with pytest.raises(Stopped, match="changed its history"):
        _rebuilt(bench, shown, till, restore)
    assert _builds(bench) == [(1, True)]


def test_the_next_rebuild_clears_what_was_replaced_or_left_half_done(bench: Bench) -> None:
    till, shown = _till(7), view()
    settle(bench.follower(till, shown))
    _rebuilt(bench, shown, till)
    left = bench.builds.add(shown)
    assert _builds(bench) == [(1, False), (2, True), (3, False)]
    assert _rebuilt(bench, shown, till).flipped
    # Numbers are given anew only behind the highest that is left.
    assert _builds(bench) == [(2, False), (3, True)]
    assert left.build == 3
    with pytest.raises(StoreError), bench.spy.reading() as tx:
        tx.query("SELECT * FROM view_paid_1")


def test_a_follower_goes_on_in_the_new_build_without_losing_the_lead(bench: Bench) -> None:
    till, shown = _till(7), view()
    follower = bench.follower(till, shown)
    settle(follower)
    _rebuilt(bench, shown, till)
    till.facts.append(paid(8))
    settle(follower)
    assert (only(follower).build, only(follower).place.position) == (2, 8)
    assert _placed(bench) == {2: 8}


_when_read: dict[int, Callable[[], None]] = {}
"""Thread to what comes between, once, as it reads its next row."""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    moves: int

    def __post_init__(self) -> None:
        come_between = _when_read.pop(threading.get_ident(), None)
        if come_between is not None:
            come_between()


def test_no_position_moves_between_comparing_and_flipping(open_bench: Opening) -> None:
    """Or a query could see less after the flip than before it."""
    shown = view(row=Watched, evolve=lambda row, fact: Watched(key="c1.a", moves=fact.position))
    till = Till(paid(1), paid(2))
    bench, leading = open_bench(), open_bench()
    follower = leading.follower(till, shown)
    settle(follower)
    moving = threading.Thread(target=lambda: settle(follower))
    waited: list[bool] = []

    def try_to_move() -> None:
        till.facts.append(paid(3))
        moving.start()
        moving.join(0.5)
        waited.append(moving.is_alive())

    def watch(progress: Progress) -> None:
        """Once everything is folded, rows are read for the digests alone."""
        if progress.position == 2 and not waited:
            _when_read[threading.get_ident()] = try_to_move

    found = _rebuilt(bench, shown, till, watch)
    moving.join()
    assert waited == [True]
    assert (found.flipped, found.position) == (True, 2)
    let_go(follower)
    assert bench.reader.position(shown) == 3


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
def test_whichever_commit_is_lost_one_whole_build_is_live(bench: Bench, committed: bool) -> None:
    """As when the database goes away in mid-rebuild, at each of its transactions in turn."""
    shown, till = view(), _till(6, most=3)
    follower = bench.follower(till, shown)
    settle(follower)
    right = bench.rows(shown)
    lost = 0
    while True:
        bench.spy.at_transaction(lost + 1, lambda: connection_lost(committed=committed))
        try:
            _rebuilt(bench, shown, till)
        except StoreError:
            lost += 1
        else:
            break
        finally:
            bench.spy.around = None
            bench.builds.forget(shown)
        live = [build for build, live in _builds(bench) if live]
        assert len(live) == 1, f"transaction {lost}"
        assert _placed(bench)[live[0]] == 6, f"transaction {lost}"
        assert bench.rows(shown) == right, f"transaction {lost}"
    assert lost >= 4
    till.facts.append(paid(7))
    settle(follower)
    # Its old build may be dropped by now: it has held, to look again.
    let_go(follower)
    assert bench.reader.position(shown) == 7
