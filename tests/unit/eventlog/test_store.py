"""What every store keeps to, whichever database is under it."""

from __future__ import annotations

import threading
import time
from typing import Any

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from shared.eventlog.keys import TableKeyStore
from shared.eventlog.looking import Held, Sought
from shared.eventlog.store import UNSTORABLE, Append, NestedTransaction, Store, StoreError
from tests.support.stores import Opener, append, item
from tests.support.toy import stream


def test_events_come_back_as_they_were_put_in(store: Store) -> None:
    a, b = stream(), stream()
    first, second = append(store, item(a, 0, 3), item(b, 0))
    assert first is not None and second is not None
    assert [e.originator_version for e in store.read_stream(a)] == [1, 2, 3]
    assert [e.state for e in store.read_stream(b)] == [f"{b}:1".encode()]
    assert [e.originator_version for e in store.read_stream(a, after=1)] == [2, 3]
    assert [e.originator_version for e in store.read_stream(a, after=1, upto=2)] == [2]
    assert [e.originator_version for e in store.read_stream(a, limit=2)] == [1, 2]
    last = store.last_of(a)
    assert last is not None and last.originator_version == 3
    assert store.position_of(a, 2) == first[1]
    (at,) = store.read_log_from(second[0], 5)
    assert at.originator_id == b
    assert store.head() == second[0]


def test_the_log_is_read_in_order_behind_a_position(store: Store) -> None:
    positions = [found[0] for n in range(7) for found in append(store, item(stream(), 0)) if found]
    assert positions == sorted(set(positions))
    assert [n.id for n in store.read_log(0, 100)] == positions
    assert [n.id for n in store.read_log(positions[2], 2)] == positions[3:5]
    assert list(store.read_log(positions[-1], 10)) == []


def test_streams_are_read_with_their_places_in_the_log(store: Store) -> None:
    a, b = stream(), stream()
    append(store, item(a, 0, 2), item(b, 0))
    append(store, item(a, 2))
    found = store.read_streams_log([b, stream(), a])
    assert [(one.originator_id, one.originator_version) for one in found] == [
        (b, 1),
        (a, 1),
        (a, 2),
        (a, 3),
    ]
    assert {one.id: one for one in found} == {one.id: one for one in store.read_log(0, 10)}
    assert store.read_streams_log([]) == []
    for limit in range(5):
        assert store.read_streams_log([b, a], limit) == found[:limit]


def test_places_of_the_log_are_looked_at_together(store: Store) -> None:
    positions = [found[0] for n in range(4) for found in append(store, item(stream(), 0)) if found]
    found = store.read_behind([0, positions[1], positions[1], positions[3]])
    assert [one and one.id for one in found] == [positions[0], positions[2], positions[2], None]
    assert found[1] == store.read_log(positions[1], 1)[0]


def test_what_is_sought_in_a_part_of_the_log_is_found_by_the_database(store: Store) -> None:
    bodies = [
        b'{"actor":"a","correlation_id":"one","data":{"said":"\\"actor\\":\\"b\\""}}',
        b'{"actor":"b","causation_id":"x","correlation_id":"two","data":{"about":"one"}}',
        b'{"actor":"a","correlation_id":"a 100% \\\\ one","data":{"correlation_id":"one"}}',
        '{"actor":"a","correlation_id":"水管","data":{}}'.encode(),
    ]
    streams = [stream() for _ in bodies]
    for at, body in zip(streams, bodies, strict=True):
        append(store, Append(at, 0, (StoredEvent(at, 1, "Taken" if b"x" in body else "T", body),)))
    head = store.head()

    def found(after: int = 0, upto: int = head, limit: int = 9, **sought: Any) -> list[int]:
        part = store.read_log_part(after, upto, limit, Sought(**sought))
        return [streams.index(str(one.originator_id)) for one in part]

    def held(*texts: str, member: str | None = None) -> Held:
        return Held([msgspec.json.encode(text) for text in texts], member)

    correlated = "correlation_id"
    assert found() == [0, 1, 2, 3]
    assert found(limit=2) == [0, 1]
    first, *_, last = (one.id for one in store.read_log(0, 9))
    assert found(after=first, upto=last - 1) == [1, 2]
    assert found(topics=["Taken", "Other"]) == [1]
    assert found(held=[[held("one", member=correlated)]]) == [0]
    assert found(held=[[held("one", "two", "waits", member=correlated)]]) == [0, 1]
    assert found(held=[[held("one")]]) == [0, 1, 2]
    assert found(held=[[held("a 100% \\ one", member=correlated)]]) == [2]
    assert found(held=[[held("水管", member=correlated)]]) == [3]
    assert found(held=[[held("x", member="causation_id"), held("one", member=correlated)]]) == [
        0,
        1,
    ]
    assert found(held=[[held("a", member="actor")], [held("one")]]) == [0, 2]
    assert found(held=[[held("b", member="actor")]], topics=["T"]) == []
    # of each length up to a thousand: more than a database takes, so others are found as well
    many = held(*("x" * length for length in range(1_000)), member="causation_id")
    assert found(held=[[many], [held("b", member="actor")]]) == [1]
    assert 1 in found(held=[[many]])
    same = held(*(f"{number:03}" for number in range(999)), "x", member="causation_id")
    assert found(held=[[same]]) == [1]


def test_an_empty_log_answers(store: Store) -> None:
    assert store.head() == 0
    assert list(store.read_log(0, 10)) == list(store.read_stream("c1.x")) == []
    assert store.last_of("c1.x") is None
    assert list(store.read_log_from(1, 10)) == []
    assert store.read_streams_log(["c1.x"]) == []
    assert store.read_behind([0, 7]) == [None, None]


def test_one_loser_does_not_fail_the_others_of_its_transaction(store: Store) -> None:
    a, b, c = stream(), stream(), stream()
    append(store, item(a, 0))
    outcome = append(store, item(a, 0, 2), item(b, 0), item(c, 5), item(a, 1))
    assert [found is not None for found in outcome] == [False, True, False, True]
    assert [len(store.read_stream(s)) for s in (a, b, c)] == [2, 1, 0]


def test_of_two_items_on_one_stream_the_later_one_must_know_the_earlier(store: Store) -> None:
    a = stream()
    outcome = append(store, item(a, 0, 2), item(a, 0), item(a, 2))
    assert [found and len(found) for found in outcome] == [2, None, 1]
    assert [e.originator_version for e in store.read_stream(a)] == [1, 2, 3]


def test_a_transaction_of_its_own_keeps_to_the_same_rules(store: Store) -> None:
    a, b, c = stream(), stream(), stream()
    assert store.append([item(a, 0), item(b, 0)]) == [[1], [2]]
    outcome = store.append([item(a, 0), item(a, 1, 2), item(a, 1), item(a, 3), item(c, 5)])
    assert [found and len(found) for found in outcome] == [None, 2, None, 1, None]
    won = [found for found in outcome if found]
    assert won == [[store.position_of(a, 2), store.position_of(a, 3)], [store.position_of(a, 4)]]
    assert [len(store.read_stream(s)) for s in (a, b, c)] == [4, 1, 0]
    assert store.append([item(a, 0)]) == [None]
    with store.transaction(), pytest.raises(NestedTransaction):
        store.append([item(c, 0)])


def test_what_is_rolled_back_was_never_there_and_ids_still_rise(store: Store) -> None:
    a = stream()
    (before,) = append(store, item(a, 0))
    with pytest.raises(RuntimeError, match="changed my mind"), store.transaction() as tx:
        tx.append([item(a, 1)])
        raise RuntimeError("changed my mind")
    assert len(store.read_stream(a)) == 1
    (after,) = append(store, item(a, 1))
    # Where ids have holes after a rollback (PostgreSQL), after[0] is not before[0] + 1.
    assert before is not None and after is not None and after[0] > before[0]
    assert [n.id for n in store.read_log(0, 10)] == [before[0], after[0]]


def test_rows_and_events_of_one_transaction_stand_or_fall_together(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction() as tx:
        tx.execute("INSERT INTO counters (name, value) VALUES ('n', 1)")
        raise RuntimeError
    with store.reading() as tx:
        assert tx.query("SELECT * FROM counters") == []


def test_events_are_never_changed_or_deleted(store: Store) -> None:
    append(store, item(stream(), 0))
    statements = ["UPDATE stored_events SET topic = 'Other'", "DELETE FROM stored_events"]
    if store.dialect == "postgres":
        statements.append("TRUNCATE stored_events")
    for statement in statements:
        with pytest.raises(StoreError), store.transaction() as tx:
            tx.execute(statement)
    assert [n.topic for n in store.read_log(0, 10)] == ["CoinsTaken"]


def test_a_log_has_an_identity_of_its_own(open_store: Opener) -> None:
    store = open_store()
    assert store.log_id and open_store().log_id == store.log_id


def test_a_waiting_reader_is_woken_by_another_process(open_store: Opener) -> None:
    reader, writer = open_store(), open_store()
    if reader.dialect == "sqlite":
        writer = reader  # one process alone has the file
    assert not reader.signal.wait(0, 0.05)
    writing = threading.Timer(0.1, append, (writer, item(stream(), 0)))
    writing.start()
    began = time.monotonic()
    assert reader.signal.wait(0, 5)
    assert time.monotonic() - began < 4
    writing.join()
    assert reader.signal.wait(0, 0) and not reader.signal.wait(reader.head(), 0.01)


def test_concurrent_writers_leave_every_event_in_order_to_a_reader(open_store: Opener) -> None:
    stores = [open_store(), open_store()]
    done = threading.Event()
    seen: list[int] = []

    def write(store: Store) -> None:
        for _ in range(15):
            append(store, item(stream(), 0, 2))

    def read() -> None:
        while True:
            last = done.is_set()
            for found in stores[0].read_log(seen[-1] if seen else 0, 7):
                seen.append(found.id)
            if last and stores[0].head() == seen[-1]:
                return

    writers = [threading.Thread(target=write, args=(store,)) for store in stores * 2]
    reader = threading.Thread(target=read)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert len(seen) == 4 * 15 * 2 and seen == sorted(set(seen))


def test_reading_inside_a_transaction_does_not_wait_for_itself(store: Store) -> None:
    """A view's digest opens sealed rows in mid-transaction while others queue up to write."""
    started = threading.Event()

    def queue_up() -> None:
        started.set()
        append(store, item(stream(), 0))

    other = threading.Thread(target=queue_up, daemon=True)
    began = time.monotonic()
    with store.transaction() as tx:
        tx.execute("INSERT INTO counters (name, value) VALUES ('n', 7)")
        other.start()
        started.wait()
        time.sleep(0.05)
        assert store.log_id  # asked of the store for the first time
        with store.reading() as inner:
            assert inner.query("SELECT value FROM counters") == [{"value": 7}]
        assert tx.query("SELECT value FROM counters") == [{"value": 7}]
    other.join()
    assert time.monotonic() - began < 3
    with store.reading() as tx, store.reading() as inner:
        assert inner is tx


def test_a_transaction_inside_another_is_refused_at_once(store: Store) -> None:
    keys = TableKeyStore(store)
    with store.transaction(), pytest.raises(NestedTransaction):
        keys.put_if_absent("p", b"key")
    with store.reading(), pytest.raises(NestedTransaction):
        keys.put_if_absent("p", b"key")
    assert keys.put_if_absent("p", b"key") == b"key"


def test_a_fault_of_the_database_is_a_store_error_and_over_with_its_transaction(
    store: Store,
) -> None:
    for work in (store.transaction, store.reading):
        with pytest.raises(StoreError), work() as tx:
            tx.query("SELECT * FROM nowhere")
    with pytest.raises(UNSTORABLE), store.transaction() as tx:
        tx.execute("INSERT INTO counters (name, value) VALUES ('n', NULL)")
    assert append(store, item(stream(), 0)) != [None]


def test_a_closed_store_says_so(store: Store) -> None:
    append(store, item(stream(), 0))
    store.ping()
    store.close()
    for ask in (store.head, lambda: store.read_log(0, 1), lambda: append(store, item("c1.x", 0))):
        with pytest.raises(StoreError):
            ask()


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(store: Store) -> None:
    ask, full = ("SHOW synchronous_commit", "on")
    if store.dialect == "sqlite":
        ask, full = ("PRAGMA synchronous", 2)
    with store.transaction() as tx:
        assert [list(row.values()) for row in tx.query(ask)] == [[full]]


def test_sql_is_written_once_for_both(store: Store) -> None:
    with store.reading() as tx:
        rows = tx.query(
            "SELECT ':not_a_name it''s :neither' AS a, '100 %' AS b, 7 % 4 AS c, "
            "CAST(:value AS text) AS d WHERE 'x%' LIKE 'x%' AND :other = 1",
            {"value": "v", "other": 1},
        )
    assert rows == [{"a": ":not_a_name it's :neither", "b": "100 %", "c": 3, "d": "v"}]


def test_keys_of_people_are_made_once_and_destroyed_for_good(open_store: Opener) -> None:
    one, other = TableKeyStore(open_store()), TableKeyStore(open_store())
    assert one.get("p") is None
    assert one.put_if_absent("p", b"first") == b"first"
    assert other.put_if_absent("p", b"second") == b"first"
    one.destroy("p")
    one.destroy("never seen")
    assert other.get("p") is None
    assert other.put_if_absent("p", b"third") is None
    assert other.put_if_absent("never seen", b"key") is None
