"""The tables of views: what a row holds comes back the same, sorts the same, and is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import msgspec
import pytest

from shared.messaging.envelope import Fact
from shared.privacy.personal import Personal
from tests.unit.following.bench import Bench, Till, paid, settle, view


class Wide(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    text: str | None
    number: int | None
    ratio: float | None
    yes: bool | None
    moment: datetime | None
    many: tuple[str, ...] = ()
    nested: dict[str, int] | None = None
    who: str = ""
    said: Annotated[str | None, Personal("who")] = None


EMPTY = Wide(key="", text=None, number=None, ratio=None, yes=None, moment=None)
NOON = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


def _shown(*rows: Wide) -> tuple[Any, Till]:
    """A view in which event n makes the n-th of these rows."""

    def key(fact: Fact) -> str:
        return rows[fact.position - 1].key

    def evolve(row: Wide | None, fact: Fact) -> Wide:
        return rows[fact.position - 1]

    till = Till(*[paid(number) for number in range(1, len(rows) + 1)])
    return view(key=key, evolve=evolve, row=Wide, indexes=[("moment", "key")]), till


def _made(key: str, **values: Any) -> Wide:
    return msgspec.structs.replace(EMPTY, key=key, **values)


def test_rows_come_back_as_they_were(bench: Bench) -> None:
    rows = [
        _made("c1.none"),
        _made("c1.half", ratio=0.5, yes=True),
        _made(
            "c1.all",
            text="水管 'quoted' ü",
            number=-(2**62),
            ratio=3,
            yes=False,
            moment=NOON,
            many=("b", "a"),
            nested={"z": 1, "a": 2},
            who="c1.li",
            said="漏水",
        ),
    ]
    shown, till = _shown(*rows)
    settle(bench.follower(till, shown))
    written = [one for one in bench.spy.statements if one.startswith("INSERT INTO view_paid_1")]
    assert len(written) == 1, "whole numbers among floats do not split the page"
    assert bench.reader.rows(shown) == sorted(rows, key=lambda row: row.key)
    assert bench.reader.row(shown, "c1.all") == rows[2]
    assert bench.reader.row(shown, "c1.nobody") is None


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_a_float_that_is_no_number_stops_the_view(bench: Bench, number: str) -> None:
    """JSON has none of them, and SQLite keeps one of the two as nothing."""
    shown, till = _shown(_made("c1.1", ratio=0.5), _made("c1.2", ratio=float(number)))
    settle(bench.follower(till, shown))
    assert (bench.place("paid").position, bench.place("paid").status) == (1, "failed")
    assert [row.key for row in bench.reader.rows(shown)] == ["c1.1"]


def test_moments_are_asked_for_and_sorted_by_time_whatever_their_zone(bench: Bench) -> None:
    east = timezone(timedelta(hours=8))
    moments = [NOON, NOON.astimezone(east) - timedelta(hours=1), NOON + timedelta(microseconds=1)]
    shown, till = _shown(*[_made(f"c1.{n}", moment=moment) for n, moment in enumerate(moments)])
    settle(bench.follower(till, shown))
    found = bench.reader.rows(
        shown, where="moment <= :until", params={"until": NOON.astimezone(east)}, order="moment"
    )
    assert [row.key for row in found] == ["c1.1", "c1.0"]
    assert bench.reader.count(shown, where="moment > :after", params={"after": NOON}) == 1
    assert len(bench.reader.rows(shown, limit=2)) == 2


def test_text_sorts_by_code_point(bench: Bench) -> None:
    keys = ["b", "B", "ä", "a", "_", "中"]
    shown, till = _shown(*[_made(key) for key in keys])
    settle(bench.follower(till, shown))
    assert [row.key for row in bench.reader.rows(shown)] == sorted(keys)


def test_personal_columns_are_sealed_and_gone_with_the_key(bench: Bench) -> None:
    shown, till = _shown(
        _made("c1.1", who="c1.li", said="漏水"), _made("c1.2", who="c1.mei", said="停电")
    )
    settle(bench.follower(till, shown))
    with bench.spy.reading() as tx:
        kept = [row["said"] for row in tx.query("SELECT said FROM view_paid_1 ORDER BY key")]
    assert all(said.startswith("sealed:") and "漏水" not in said for said in kept)
    bench.parts.keyring.destroy("c1.li")
    assert [row.said for row in bench.reader.rows(shown)] == [None, "停电"]


def test_equal_rows_have_equal_digests_and_others_do_not(bench: Bench) -> None:
    """Sealing is random, and digests see through it."""
    rows = [_made(f"c1.{n}", number=n, who="c1.li", said="漏水") for n in range(1, 4)]
    other = [*rows[:2], msgspec.structs.replace(rows[2], said="停电")]
    digests = []
    for number, made in enumerate((rows, rows[::-1], other, rows[:2])):
        shown, till = _shown(*made)
        shown = replace(shown, name=f"paid{number}")
        settle(bench.follower(till, shown))
        with bench.spy.reading() as tx:
            digests.append(bench.builds.table(shown, 1).digest(tx))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
