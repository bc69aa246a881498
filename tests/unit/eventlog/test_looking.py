"""What can be sought in events as they are stored."""

from __future__ import annotations

import msgspec
import pytest

from shared.eventlog.looking import MEMBERS, Held, Sought
from tests.support.toy import JAR, Add, Bench, context, stream


def test_the_members_that_can_be_sought_are_stored_before_the_data(bench: Bench) -> None:
    caused = msgspec.structs.replace(context(), causation_id="cause")
    bench.log.execute(JAR, stream(), Add(amount=1), caused)
    (stored,) = bench.store.read_log(0, 1)
    own = stored.state.partition(b'"data":')[0]
    assert [member for member in MEMBERS if f'"{member}":'.encode() not in own] == []


def test_a_member_that_its_data_may_hold_first_cannot_be_sought() -> None:
    with pytest.raises(ValueError, match="behind the data"):
        Held([b'"1"'], "occurred_at")


def test_with_arrays_a_statement_is_the_same_text_however_much_is_sought() -> None:
    def condition(much: int) -> str:
        texts = [f'"{number:03}"'.encode() for number in range(much)]
        held = [[Held(texts, "correlation_id"), Held(texts, "causation_id")]]
        topics = [f"Topic{number}" for number in range(much)]
        found, given = Sought(topics, held).condition("position({text} IN state)", arrays=True)
        assert len(given) == 5
        return found

    assert condition(1) == condition(500)
