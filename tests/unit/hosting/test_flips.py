"""A build that another process replaced and dropped: queries go on with the one that is live."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.eventlog.store import Store, StoreError
from shared.following.builds import Builds
from shared.following.reader import Reader
from shared.following.tables import ViewTable
from tests.support.stores import KINDS, opening
from tests.support.toy import Bench
from tests.support.toy_service import JARS, Row


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with opening(request.param, request) as open_store:
        yield Bench(open_store())


@pytest.fixture
def builds(bench: Bench) -> Builds:
    """What this process knows: the build it saw, for a second."""
    found = Builds(bench.store, bench.sealer)
    _write(bench.store, found.ensure(JARS), coins=1)
    return found


def test_every_kind_of_query_goes_on(bench: Bench, builds: Builds) -> None:
    reader = Reader(bench.store, builds)
    assert reader.row(JARS, "c1.x") == Row(key="c1.x", coins=1, moves=1)
    _replaced_elsewhere(bench, coins=2)
    assert reader.row(JARS, "c1.x") == Row(key="c1.x", coins=2, moves=1)
    assert reader.rows(JARS) == [Row(key="c1.x", coins=2, moves=1)]
    _replaced_elsewhere(bench, coins=3)
    assert reader.rows(JARS, where="coins = 3") == [Row(key="c1.x", coins=3, moves=1)]
    _replaced_elsewhere(bench, coins=4)
    assert reader.count(JARS, where="coins = 4") == 1


def test_a_query_that_is_wrong_stays_wrong(bench: Bench, builds: Builds) -> None:
    with pytest.raises(StoreError):
        Reader(bench.store, builds).rows(JARS, where="nothing = 1")


def _replaced_elsewhere(bench: Bench, *, coins: int) -> None:
    builds = Builds(bench.store, bench.sealer)
    old, new = builds.ensure(JARS), builds.add(JARS)
    _write(bench.store, new, coins=coins)
    with bench.store.transaction() as tx:
        builds.flip(tx, new)
    builds.discard(old)


def _write(store: Store, table: ViewTable, *, coins: int) -> None:
    with store.transaction() as tx:
        table.write(tx, [table.to_columns(Row(key="c1.x", coins=coins, moves=1))])
