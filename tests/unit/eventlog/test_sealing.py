"""Personal text in the log: sealed in the store, withheld outside, opened for those entitled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import msgspec
import pytest

from shared.errors import Invalid
from shared.eventlog.catalogue import Catalogue
from shared.eventlog.decider import Decider
from shared.eventlog.keys import TableKeyStore
from shared.eventlog.records import Meta
from shared.eventlog.snapshots import EVERY
from shared.eventlog.store import Store
from shared.messaging import envelope
from shared.privacy.keyring import BrokenSeal
from shared.privacy.personal import Personal
from tests.support.stores import Opener
from tests.support.toy import START, Bench, context, stream


class Complained(msgspec.Struct, frozen=True, kw_only=True):
    about: str
    resident: str | None
    text: Annotated[str | None, Personal("resident")]
    remark: Annotated[str | None, Personal("@actor")] = None
    pin: Annotated[str | None, Personal("resident", secret=True)] = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    resident: str | None = None
    text: Annotated[str | None, Personal("resident")] = None
    pin: Annotated[str | None, Personal("resident", secret=True)] = None


def _evolve(case: Case, event: Complained, meta: Meta) -> Case:
    return Case(resident=event.resident, text=event.text, pin=event.pin)


CATALOGUE = Catalogue("toys", ({"Complained": (1, Complained)}, {}))
CASE = Decider("case", Case, lambda command, case, meta: list(command), _evolve)
# Blanks and marks, which no base64 and no id holds by chance.
PIN, REMARK = "48 15 16", "how rude!"
SPOKEN = "水管漏水 🚿 ‮مرحبا e\N{COMBINING ACUTE ACCENT}"
EVENT = Complained(about="leak", resident="c1.li", text=SPOKEN, remark=REMARK, pin=PIN)


@pytest.fixture
def bench(store: Store) -> Iterator[Bench]:
    bench = Bench(store, CATALOGUE)
    yield bench
    bench.close()


def complain(bench: Bench, *events: Complained) -> str:
    one = stream()
    bench.log.execute(CASE, one, list(events or (EVENT,)), context("c1.wang"))
    return one


def test_stored_bytes_hold_no_plaintext(bench: Bench) -> None:
    one = complain(bench, *[EVENT] * EVERY)
    with bench.store.reading() as tx:
        kept = [bytes(row["state"]) for row in tx.query("SELECT state FROM stored_events")]
        kept += [bytes(row["state"]) for row in tx.query("SELECT state FROM snapshots")]
    assert len(kept) == EVERY + 1
    for stored in kept:
        for plain in (SPOKEN, "漏水", REMARK, PIN):
            assert plain.encode() not in stored
            assert msgspec.json.encode(plain)[1:-1] not in stored
    assert bench.log.history(one)[0].data == EVENT
    assert bench.log.load(CASE, one)[0] == Case(resident="c1.li", text=SPOKEN, pin=PIN)


def test_facts_for_the_exchange_are_without_it(bench: Bench) -> None:
    complain(bench)
    (fact,) = bench.log.read(0)
    assert fact.data == {
        "about": "leak",
        "resident": "c1.li",
        "text": None,
        "remark": None,
        "pin": None,
    }
    told = envelope.encode(fact)
    assert b"sealed:" not in told and SPOKEN.encode() not in told


def test_log_readers_get_it_opened_but_never_a_secret(bench: Bench) -> None:
    complain(bench)
    (fact,) = bench.log.read(0, opened=True)
    assert (fact.data["text"], fact.data["remark"]) == (SPOKEN, REMARK)
    assert fact.data["pin"] is None


def test_a_key_is_committed_before_anything_sealed_with_it_is_stored(
    bench: Bench, open_store: Opener
) -> None:
    """Otherwise a crash between the two would leave text that nobody can ever open."""
    bench.log.prepare(CASE, stream(), [EVENT], context("c1.wang"))
    keys = TableKeyStore(open_store())
    assert keys.get("c1.li") is not None and keys.get("c1.wang") is not None
    assert bench.log.head() == 0


def test_of_a_forgotten_person_nothing_is_left(bench: Bench, open_store: Opener) -> None:
    one = complain(bench)
    bench.keyring.destroy("c1.li")
    for log in (bench.log, Bench(bench.store, CATALOGUE).log):
        (event,) = log.history(one)
        assert event.data == msgspec.structs.replace(EVENT, text=None, pin=None)
        (fact,) = log.read(0, opened=True)
        assert (fact.data["text"], fact.data["remark"]) == (None, REMARK)
        assert log.load(CASE, one)[0] == Case(resident="c1.li")
    again = complain(bench)
    assert bench.log.history(again)[0].data.text is None


def test_text_of_nobody_is_its_actors(bench: Bench) -> None:
    one = complain(bench, msgspec.structs.replace(EVENT, resident=None, pin=None))
    assert bench.log.history(one)[0].data.text == SPOKEN
    bench.keyring.destroy("c1.wang")
    assert bench.log.history(one)[0].data.text is None


def test_a_sealed_text_opens_at_its_own_place_alone(bench: Bench) -> None:
    one = complain(bench, EVENT, EVENT)
    first, second = bench.store.read_stream(one)
    moved = type(second)(one, 2, second.topic, first.state)
    with pytest.raises(BrokenSeal):
        bench.mapper.decode(moved)


def test_half_a_character_is_invalid_and_nothing_is_written(bench: Bench) -> None:
    with pytest.raises(Invalid) as error:
        complain(bench, msgspec.structs.replace(EVENT, text="\ud83d"))
    assert list(error.value.fields) == ["text"]
    assert bench.log.head() == 0


def test_stored_bytes_are_canonical(bench: Bench) -> None:
    """Sorted members, no spaces, nothing that has its default: hashes over them can come later."""
    complain(bench, Complained(about="noise", resident=None, text=None))
    (stored,) = bench.store.read_log(0, 1)
    found = msgspec.json.decode(stored.state)
    assert stored.state == msgspec.json.encode(found, order="sorted")
    assert set(found) == {
        "actor",
        "command_digest",
        "command_id",
        "correlation_id",
        "data",
        "schema",
        "time",
    }


def test_meta_comes_back_as_it_was_given(bench: Bench) -> None:
    claimed = datetime(2026, 2, 1, 9, tzinfo=timezone(timedelta(hours=8)))
    given: Any = msgspec.structs.replace(
        context("c1.wang"), occurred_at=claimed, causation_id="cause", traceparent="00-1-2-01"
    )
    one = stream()
    answer = bench.log.execute(CASE, one, [EVENT], given)
    (event,) = bench.log.history(one)
    assert event.meta == answer.events[0].meta
    assert (event.meta.time, event.meta.occurred_at) == (START, claimed.astimezone(UTC))
    assert event.meta.occurred_at.tzinfo is UTC
    (fact,) = bench.log.read(0)
    assert (fact.id, fact.position, fact.version) == (event.id, answer.position, 1)
    assert (fact.causation_id, fact.traceparent) == ("cause", "00-1-2-01")
    assert (fact.community, fact.log, fact.schema) == ("c1", "toys", 1)
    assert bench.log.read_on(answer.position, 5, opened=False) == (event.id, [], answer.position)
