"""One derived, deletable snapshot a stream: a long stream answers as fast as a short one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from shared.eventlog.decider import Decider
from shared.eventlog.snapshots import EVERY
from shared.eventlog.store import Store, StoreError
from tests.support.stores import Opener, Spy
from tests.support.toy import JAR, START, Add, Bench, CoinsAdded, Jar, Take, context, stream


def fill(bench: Bench, jar: str, count: int, *, at_once: int = 100) -> None:
    while count:
        times = min(count, at_once)
        bench.log.execute(JAR, jar, Add(amount=1, times=times), context())
        count -= times


def snapshots(store: Store) -> list[tuple[str, int]]:
    with store.reading() as tx:
        rows = tx.query("SELECT decider, version FROM snapshots ORDER BY decider")
    return [(row["decider"], row["version"]) for row in rows]


def test_a_snapshot_every_256_events(open_store: Opener) -> None:
    bench = Bench(open_store())
    jar = stream()
    fill(bench, jar, EVERY - 1)
    assert snapshots(bench.store) == []
    fill(bench, jar, 1)
    assert snapshots(bench.store) == [("jar", 256)]
    fill(bench, jar, EVERY - 1)
    assert snapshots(bench.store) == [("jar", 256)]
    fill(bench, jar, 1)
    assert snapshots(bench.store) == [("jar", 512)]
    bench.close()


def test_a_cold_process_reads_no_more_of_a_long_stream_than_of_a_short_one(memory: Store) -> None:
    bench, jar = Bench(memory), stream()
    fill(bench, jar, 10_000, at_once=250)
    spy = Spy(memory)
    cold = Bench(spy)
    answer = cold.log.execute(JAR, jar, Take(amount=1), context())
    assert (answer.version, answer.state) == (10_001, Jar(coins=9_999))
    # A first page, which shows that the stream is long, and what came after the snapshot.
    assert spy.rows_read <= 2 * EVERY
    spy.rows_read = 0
    cold.log.execute(JAR, jar, Take(amount=1), context())
    assert spy.rows_read == 0
    assert cold.log.load(JAR, jar)[1] == 10_002
    assert spy.rows_read == 0
    bench.close()


def test_snapshots_are_derived_and_may_be_deleted(open_store: Opener) -> None:
    bench, jar = Bench(open_store()), stream()
    once = context()
    bench.log.execute(JAR, jar, Add(amount=5), once)
    fill(bench, jar, 1_200)  # more than is read at a time
    with bench.store.transaction() as tx:
        tx.execute("DELETE FROM snapshots")
    cold = Bench(open_store())
    assert cold.log.load(JAR, jar) == (Jar(coins=1_205), 1_201)
    assert cold.log.execute(JAR, jar, Add(amount=5), once).repeated
    assert snapshots(bench.store) == [("jar", 1201)]
    bench.close()
    cold.close()


def test_a_command_from_before_the_snapshot_is_found(memory: Store) -> None:
    bench, jar, once = Bench(memory), stream(), context()
    bench.log.execute(JAR, jar, Add(amount=5), once)
    fill(bench, jar, 2 * EVERY)
    again = Bench(memory).log.execute(JAR, jar, Add(amount=5), once)
    assert (again.repeated, again.version, again.state) == (True, 1, Jar(coins=5))
    bench.close()


def test_time_does_not_run_backwards_behind_a_snapshot(memory: Store) -> None:
    bench, jar = Bench(memory), stream()
    fill(bench, jar, EVERY)
    cold = Bench(memory)
    cold.clock.set(START - timedelta(hours=1))
    cold.log.execute(JAR, jar, Add(amount=1), context())
    assert cold.log.history(jar, after=EVERY)[0].meta.time == START
    bench.close()


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    coins: int = 0
    gifts: int = 0


def _fold(bank: Any, event: Any, meta: Any) -> Any:
    amount = event.amount if isinstance(event, CoinsAdded) else -event.amount
    return msgspec.structs.replace(bank, coins=bank.coins + amount)


def test_a_changed_state_struct_ignores_older_snapshots(memory: Store) -> None:
    bench, jar = Bench(memory), stream()
    fill(bench, jar, 300)
    changed = Decider("jar", Bank, JAR.decide, _fold)
    assert changed.state_version != JAR.state_version
    assert Bench(memory).log.load(changed, jar) == (Bank(coins=300), 300)
    bench.close()


def test_a_changed_mind_is_a_new_revision(memory: Store) -> None:
    bench, jar = Bench(memory), stream()
    fill(bench, jar, 300)

    def doubled(jar: Jar, event: Any, meta: Any) -> Jar:
        return Jar(coins=jar.coins + 2 * event.amount)

    again = Decider("jar", Jar, JAR.decide, doubled, revision=2)
    assert Bench(memory).log.load(again, jar) == (Jar(coins=600), 300)
    bench.close()


def test_a_snapshot_that_cannot_be_read_is_not_used(memory: Store) -> None:
    bench, jar = Bench(memory), stream()
    fill(bench, jar, 300)
    for broken in (b"{", b'{"coins":"many"}'):
        with memory.transaction() as tx:
            tx.execute("UPDATE snapshots SET state = :state", {"state": broken})
        assert Bench(memory).log.load(JAR, jar) == (Jar(coins=300), 300)
    bench.close()


def test_a_snapshot_of_a_longer_history_is_not_used(memory: Store) -> None:
    bench, jar = Bench(memory), stream()
    fill(bench, jar, 300)
    with memory.transaction() as tx:
        tx.execute("UPDATE snapshots SET version = 301")
    assert Bench(memory).log.load(JAR, jar) == (Jar(coins=300), 300)
    bench.close()


def test_a_command_is_carried_out_although_its_snapshot_fails(
    memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, jar = Bench(memory), stream()

    def fail(*args: object) -> None:
        raise StoreError("disk full")

    monkeypatch.setattr("shared.eventlog.snapshots.Snapshots.save", fail)
    fill(bench, jar, 300)
    assert bench.log.load(JAR, jar) == (Jar(coins=300), 300)
    assert Bench(memory).log.load(JAR, jar) == (Jar(coins=300), 300)
    bench.close()
