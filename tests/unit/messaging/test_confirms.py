"""Counting confirms: in any order, several at once, with refusals between."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.confirming import Batch
from shared.messaging.envelope import Fact

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _batch(count: int, first_tag: int = 1) -> Batch:
    batch = Batch(
        [
            Fact(
                id=f"id-{position}",
                log="workorders",
                position=position,
                type="WorkOrderRated",
                schema=1,
                subject="garden.1",
                version=position,
                community="garden",
                time=NOON,
                occurred_at=NOON,
                actor="li",
                command_id="c",
                correlation_id="c",
                data={},
            )
            for position in range(1, count + 1)
        ]
    )
    batch.start(first_tag)
    return batch


def test_one_by_one() -> None:
    batch = _batch(3, first_tag=101)
    for tag, confirmed in ((101, 1), (102, 2), (103, 3)):
        assert not batch.finished.is_set()
        batch.settle(tag, multiple=False, confirmed=True)
        assert batch.confirmed == confirmed
    assert batch.finished.is_set()


def test_out_of_order_counts_only_without_a_gap() -> None:
    batch = _batch(4)
    for tag, confirmed in ((3, 0), (1, 1), (4, 1), (2, 4)):
        batch.settle(tag, multiple=False, confirmed=True)
        assert batch.confirmed == confirmed
    assert batch.finished.is_set()


def test_several_at_once() -> None:
    batch = _batch(5, first_tag=11)
    batch.settle(13, multiple=True, confirmed=True)
    assert batch.confirmed == 3
    batch.settle(15, multiple=True, confirmed=True)
    assert batch.confirmed == 5
    assert batch.finished.is_set()


def test_nothing_behind_a_refusal_counts() -> None:
    batch = _batch(4)
    batch.settle(1, multiple=False, confirmed=True)
    batch.settle(2, multiple=False, confirmed=False)
    batch.settle(4, multiple=True, confirmed=True)
    assert batch.confirmed == 1
    assert batch.finished.is_set()


def test_confirms_from_before_it_was_sent_are_not_its_own() -> None:
    batch = Batch(())
    batch.settle(1, multiple=True, confirmed=True)
    assert batch.confirmed == 0


@pytest.mark.parametrize("refused", [set(), {1}, {3, 7}])
@given(data=st.data())
def test_any_order_gives_the_leading_run(refused: set[int], data: st.DataObject) -> None:
    batch = _batch(8)
    for tag in data.draw(st.permutations(range(1, 9))):
        batch.settle(tag, multiple=False, confirmed=tag not in refused)
    assert batch.confirmed == (min(refused) - 1 if refused else 8)
    assert batch.finished.is_set()
