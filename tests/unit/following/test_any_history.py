"""Whatever happened, however it was cut into pages, wherever it crashed: rows are a fold of it."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventlog.store import StoreError
from shared.following.follower import Follower
from shared.following.rebuild import rebuild
from shared.following.source import PAGE, Page
from shared.following.view import View
from shared.messaging.envelope import Fact
from tests.support.stores import connection_lost
from tests.unit.following.bench import Bench, Till, fold, paid, settle, view

_numbers = itertools.count(1)


class Cut(Till):
    """Each page is as short as the next number says."""

    def __init__(self, facts: list[Fact], cuts: list[int]) -> None:
        super().__init__(*facts)
        self._cuts = iter(cuts)

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        self.most = next(self._cuts, PAGE)
        return super().read(after, limit, text=text)


@st.composite
def _histories(draw: st.DrawFn) -> list[Fact]:
    """Jars filled and emptied, events of other types between, and holes."""
    facts: list[Fact] = []
    position = 0
    for _ in range(draw(st.integers(0, 25))):
        position += draw(st.sampled_from([1, 1, 1, 2, 5]))
        kind = draw(st.sampled_from(["Paid", "Paid", "Paid", "Refunded"]))
        jar, amount = draw(st.sampled_from(["c1.a", "c1.b", "c1.c"])), draw(st.integers(0, 3))
        facts.append(paid(position, jar, amount, type=kind))
    return facts


CRASHES = st.lists(st.sampled_from(["", "", "before", "after", "new leader"]), max_size=12)
CUTS = st.lists(st.integers(1, 6), max_size=12)


def _expected(facts: list[Fact]) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for fact in facts:
        if fact.type == "Paid":
            rows[fact.subject] = fold(rows.get(fact.subject), fact)
    return {key: row for key, row in rows.items() if row is not None}


def _digest(bench: Bench, shown: View) -> str:
    table = bench.builds.live(shown)
    assert table is not None
    with bench.spy.reading() as tx:
        return table.digest(tx)


def _step(bench: Bench, follower: Follower, crash: str) -> None:
    if crash in ("before", "after"):
        bench.spy.at_transaction(1, lambda: connection_lost(committed=crash == "after"))
    with suppress(StoreError):
        follower.step()
    bench.spy.around = None
    for one in follower.following:
        one.hold_until = 0.0


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(facts=_histories(), cuts=CUTS, crashes=CRASHES)
def test_rows_equal_a_fold_from_zero(
    bench: Bench, facts: list[Fact], cuts: list[int], crashes: list[str]
) -> None:
    shown = view(f"paid{next(_numbers)}")
    till = Cut(facts, cuts)
    follower = bench.follower(till, shown)
    for crash in crashes:
        if crash == "new leader":
            follower = bench.follower(till, shown)
        _step(bench, follower, crash)
        # At every moment, not only in the end, rows are what the position says.
        position = bench.place(shown.name).position
        so_far = [fact for fact in facts if fact.position <= position]
        assert bench.rows(shown) == _expected(so_far)
    settle(follower)
    assert bench.rows(shown) == _expected(facts)
    assert bench.place(shown.name).position == (facts[-1].position if facts else 0)

    rebuilt = rebuild(shown, Cut(facts, cuts), bench.spy, bench.builds, lambda progress: None)
    assert rebuilt.flipped and rebuilt.live_digest == rebuilt.new_digest
    once = view(f"paid{next(_numbers)}")
    settle(bench.follower(Till(*facts), once))
    assert _digest(bench, once) == _digest(bench, shown) == rebuilt.new_digest
