"""Wire names are written down; upcasters are checked at start; what is newer is not guessed at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from shared.errors import Unavailable
from shared.eventlog.catalogue import Catalogue, CatalogueError, NewerEvent, UnknownEvent
from shared.eventlog.store import Append, Store
from shared.privacy.personal import Personal
from tests.support.stores import append
from tests.support.toy import EVENTS, JAR, Add, Bench, CoinsAdded, CoinsTaken, context, stream


class CoinsCounted(msgspec.Struct, frozen=True):
    amount: int
    currency: str
    by: str


def add_currency(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "currency": "CNY"}


def add_counter(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "by": "nobody"}


UPCASTERS = {("CoinsCounted", 1): add_currency, ("CoinsCounted", 2): add_counter}


def test_every_older_version_needs_its_upcaster_at_start() -> None:
    table = {"CoinsCounted": (3, CoinsCounted)}
    Catalogue("toys", (table, UPCASTERS))
    with pytest.raises(CatalogueError, match=r"missing for \[\('CoinsCounted', 2\)\]"):
        Catalogue("toys", (table, {("CoinsCounted", 1): add_currency}))
    with pytest.raises(CatalogueError, match=r"without an event for \[\('CoinsCounted', 3\)\]"):
        Catalogue("toys", (table, {**UPCASTERS, ("CoinsCounted", 3): add_counter}))


def test_what_the_next_release_writes_may_be_read_before_it_is_written() -> None:
    def without_note(data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in data.items() if name != "note"}

    table = {"CoinsCounted": (3, CoinsCounted)}
    ahead = Catalogue("toys", (table, {**UPCASTERS, ("CoinsCounted", 4): without_note}))
    assert (ahead.reads("CoinsCounted"), ahead.of_name("CoinsCounted").schema) == (4, 3)
    assert ahead.upcast("CoinsCounted", 4, {"amount": 5, "note": "x"}) == {"amount": 5}
    assert ahead.upcast("CoinsCounted", 2, {"amount": 5}) == {"amount": 5, "by": "nobody"}
    with pytest.raises(NewerEvent):
        ahead.upcast("CoinsCounted", 5, {"amount": 5})
    assert Catalogue("toys", (table, UPCASTERS)).reads("CoinsCounted") == 3


def test_a_name_and_a_class_are_written_down_once() -> None:
    for tables in (
        ({"A": (1, CoinsAdded)}, {"A": (1, CoinsTaken)}),
        ({"A": (1, CoinsAdded)}, {"B": (1, CoinsAdded)}),
    ):
        with pytest.raises(CatalogueError, match="twice"):
            Catalogue("toys", *((table, {}) for table in tables))


def test_the_wire_name_is_the_one_written_down_whatever_the_class_is_called(memory: Store) -> None:
    bench = Bench(memory, Catalogue("toys", ({"JarFilled": (1, CoinsAdded)}, {})))
    jar = stream()
    bench.log.execute(JAR, jar, Add(amount=5), context())
    assert [stored.topic for stored in memory.read_stream(jar)] == ["JarFilled"]
    assert [(fact.type, fact.data["amount"]) for fact in bench.log.read(0)] == [("JarFilled", 5)]
    assert bench.log.history(jar)[0].data == CoinsAdded(amount=5)
    bench.close()


def test_a_marker_that_would_leave_text_plain_ends_the_start() -> None:
    class Leaky(msgspec.Struct, frozen=True):
        text: Annotated[str, Personal("@actor")]

    with pytest.raises(TypeError, match="text"):
        Catalogue("toys", ({"Leaky": (1, Leaky)}, {}))


def old(store: Store, one: str, version: int, name: str, schema: int, **data: Any) -> None:
    body = {
        "actor": "c1.alice",
        "command_digest": "d",
        "command_id": f"c{version}",
        "correlation_id": "c",
        "data": data,
        "schema": schema,
        "time": "2026-01-01T00:00:00Z",
    }
    event = StoredEvent(one, version, name, msgspec.json.encode(body))
    assert append(store, Append(one, version - 1, (event,))) != [None]


def test_older_versions_are_brought_up_step_by_step(memory: Store) -> None:
    catalogue = Catalogue("toys", ({"CoinsCounted": (3, CoinsCounted)}, UPCASTERS))
    bench, one = Bench(memory, catalogue), stream()
    old(memory, one, 1, "CoinsCounted", 1, amount=5)
    old(memory, one, 2, "CoinsCounted", 2, amount=6, currency="EUR")
    old(memory, one, 3, "CoinsCounted", 3, amount=7, currency="USD", by="c1.wang")
    assert [event.data for event in bench.log.history(one)] == [
        CoinsCounted(5, "CNY", "nobody"),
        CoinsCounted(6, "EUR", "nobody"),
        CoinsCounted(7, "USD", "c1.wang"),
    ]
    assert [(fact.schema, fact.data["currency"]) for fact in bench.log.read(0)] == [
        (3, "CNY"),
        (3, "EUR"),
        (3, "USD"),
    ]
    bench.close()


@pytest.fixture
def bench(memory: Store) -> Iterator[Bench]:
    bench = Bench(memory)
    yield bench
    bench.close()


@pytest.mark.parametrize(("name", "schema"), [("CoinsAdded", 2), ("CoinsMelted", 1)])
def test_what_a_newer_release_wrote_is_held_at_and_not_passed(
    bench: Bench, name: str, schema: int
) -> None:
    jar = stream()
    bench.log.execute(JAR, jar, Add(amount=1, times=2), context())
    old(bench.store, jar, 3, name, schema, amount=1)
    old(bench.store, stream(), 1, "CoinsAdded", 1, amount=1)
    assert [fact.position for fact in bench.log.read(0)] == [1, 2]
    with pytest.raises(NewerEvent):
        bench.log.read(2)
    # A caller is told to come again, as after the upgrade it will do.
    with pytest.raises(Unavailable):
        bench.log.load(JAR, jar)


def test_a_name_nobody_wrote_down_is_unknown(bench: Bench) -> None:
    with pytest.raises(UnknownEvent):
        bench.mapper.catalogue.of_name("CoinsMelted")
    assert [entry.name for entry in bench.mapper.catalogue] == list(EVENTS)
