"""Rows that a leader wrote last are not read again, and are what reading would have given."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import msgspec
import pytest

from shared.following import kept
from shared.following.follower import Follower
from shared.following.kept import Kept
from shared.following.view import stream_of
from shared.messaging.envelope import Fact
from shared.privacy.personal import Personal
from tests.support.stores import connection_lost
from tests.unit.following.bench import Bench, Till, fold, let_go, paid, settle, view


def _two(bench: Bench, till: Till, **more: Any) -> Follower:
    """Two views at one place, as they are followed together."""
    return bench.follower(till, view("one", **more), view("other", **more))


def _reads(bench: Bench, do: Callable[[], object]) -> int:
    """How many statements read the rows of a view while this is done."""
    before = len(bench.spy.statements)
    do()
    return len([one for one in bench.spy.statements[before:] if "* FROM view_one_1" in one])


def test_what_was_written_is_not_read_again(light: Bench) -> None:
    till = Till(paid(1, "c1.a"), paid(2, "c1.b"))
    follower = _two(light, till)
    assert _reads(light, follower.step) == 1
    till.facts += [paid(3, "c1.a", 5), paid(4, "c1.b", 0), paid(5, "c1.a", 7)]
    assert _reads(light, follower.step) == 0
    till.facts += [paid(6, "c1.b", 2)]
    assert _reads(light, follower.step) == 0, "that a row is gone is known as well"
    till.facts += [paid(7, "c1.c", 2)]
    assert _reads(light, follower.step) == 1
    expected: dict[str, Any] = {}
    for fact in till.facts:
        expected[fact.subject] = fold(expected.get(fact.subject), fact)
    assert light.rows(view("one")) == light.rows(view("other")) == expected


def test_a_stream_s_first_event_finds_no_row_so_none_is_looked_for(light: Bench) -> None:
    till = Till(paid(1, "c1.a", version=1), paid(2, "c1.b", version=1), paid(3, "c1.b", version=2))
    assert _reads(light, _two(light, till, key=stream_of).step) == 0
    assert light.rows(view("one"))["c1.b"].moves == 2
    other = Till(*till.facts, paid(4, "c1.b", version=3), paid(5, "c1.c", version=1))
    assert _reads(light, _two(light, other, key=stream_of).step) == 1, "by a new leader"
    assert light.rows(view("one"))["c1.b"].moves == 3


@pytest.mark.parametrize("committed", [True, False], ids=["taken", "not taken"])
def test_after_a_failure_they_are_read_again(light: Bench, committed: bool) -> None:
    till = Till(paid(1))
    follower = _two(light, till)
    follower.step()
    till.facts.append(paid(2))
    light.spy.at_transaction(1, partial(connection_lost, committed=committed))
    follower.step()
    let_go(follower)
    till.facts.append(paid(3))
    settle(follower)
    assert light.rows(view("one"))["c1.a"].moves == light.rows(view("other"))["c1.a"].moves == 3


def test_a_view_that_went_by_itself_reads_again(light: Bench) -> None:
    def faulty(row: Any, fact: Fact) -> Any:
        if fact.data["amount"] == 13:
            raise ValueError("not this one")
        return fold(row, fact)

    till = Till(paid(1))
    sound, other = view("sound"), view("other")
    follower = light.follower(till, sound, other, view("faulty", faulty))
    settle(follower)
    till.facts.append(paid(2, amount=13))
    settle(follower)
    till.facts.append(paid(3))
    settle(follower)
    assert light.rows(sound)["c1.a"].moves == light.rows(other)["c1.a"].moves == 3


class Named(msgspec.Struct, frozen=True):
    key: str
    name: Annotated[str | None, Personal("key")] = None


def test_personal_text_is_read_anew_each_time(light: Bench) -> None:
    """In memory it would outlive its key."""

    def named(row: Named | None, fact: Fact) -> Named:
        return Named(fact.subject, f"{'' if row is None else row.name}{fact.data['amount']}")

    till = Till(paid(1, "c1.a"))
    follower = _two(light, till, evolve=named, row=Named)
    follower.step()
    till.facts.append(paid(2, "c1.a"))
    assert _reads(light, follower.step) == 1
    assert light.reader.row(view("one", row=Named), "c1.a").name == "11"


def test_no_more_are_kept_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    found = Kept()
    found.update({"a": 1, "b": 2})
    found.update({"a": 3})
    found.update({"c": 4})
    assert found.of(["a", "b", "c"]) == {"a": 3, "c": 4}
