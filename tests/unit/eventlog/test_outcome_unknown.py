"""When the database fails in mid-commit, each caller looks for its command in its own stream."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from shared.errors import Unavailable, WuyeError
from shared.eventlog.decider import Answer
from shared.eventlog.store import Store, StoreError
from shared.servers import PrivatePostgres
from tests.support.stores import Opener, Spy, connection_lost
from tests.support.toy import JAR, Add, Bench, Jar, context, stream
from tests.support.waiting import wait_until


@pytest.fixture
def spied(memory: Store) -> Iterator[tuple[Bench, Spy]]:
    spy = Spy(memory)
    bench = Bench(spy)
    yield bench, spy
    bench.close()


def test_a_command_that_was_stored_after_all_is_answered(spied: tuple[Bench, Spy]) -> None:
    bench, spy = spied
    order = stream()
    spy.around = partial(connection_lost, committed=True)
    answer = bench.log.execute(JAR, order, Add(amount=3, times=2), context())
    assert (answer.version, answer.position, answer.state) == (2, 2, Jar(coins=6))


def test_a_command_that_was_not_stored_may_be_sent_again(spied: tuple[Bench, Spy]) -> None:
    bench, spy = spied
    order, once = stream(), context()
    spy.around = partial(connection_lost, committed=False)
    with pytest.raises(Unavailable) as error:
        bench.log.execute(JAR, order, Add(amount=3), once)
    assert error.value.retry_after
    spy.around = None
    assert bench.log.execute(JAR, order, Add(amount=3), once).version == 1
    assert bench.log.execute(JAR, order, Add(amount=3), once).repeated


def test_while_the_store_is_away_all_that_can_be_said_is_unavailable(
    spied: tuple[Bench, Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, spy = spied

    def away(*args: object, **kwargs: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(spy, "read_stream", away)
    with pytest.raises(Unavailable):
        bench.log.execute(JAR, stream(), Add(amount=3), context())


class Caller(threading.Thread):
    def __init__(self, bench: Bench, order: str) -> None:
        super().__init__(daemon=True)
        self.bench, self.order, self.context = bench, order, context()
        self.outcome: Answer | WuyeError | None = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.bench.log.execute(JAR, self.order, Add(amount=3), self.context)
        except WuyeError as error:
            self.outcome = error


def _backend_in(owner: psycopg.Connection[tuple[int]], condition: str) -> int:
    asked = f"SELECT pid FROM pg_stat_activity WHERE usename = 'toys' AND {condition}".encode()
    pid: int = wait_until("a backend gets there", lambda: owner.execute(asked).fetchone(), 5)[0]
    return pid


@pytest.mark.integration
@pytest.mark.faults
def test_a_backend_killed_before_its_commit_took(open_postgres: Opener, database: str) -> None:
    bench = Bench(open_postgres())
    order = stream()
    with psycopg.connect(database, autocommit=True) as owner:
        # A trigger that runs at COMMIT makes the commit slow enough to be met.
        owner.execute(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(5); RETURN NULL; END $$"
        )
        owner.execute(
            "CREATE CONSTRAINT TRIGGER dawdling AFTER INSERT ON stored_events "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()"
        )
        caller = Caller(bench, order)
        owner.execute(
            "SELECT pg_terminate_backend(%s, 5000)",
            (_backend_in(owner, "wait_event = 'PgSleep'"),),
        )
        caller.join(10)
        assert isinstance(caller.outcome, Unavailable)
        owner.execute("DROP TRIGGER dawdling ON stored_events")
    again = bench.log.execute(JAR, order, Add(amount=3), caller.context)
    assert (again.version, again.repeated) == (1, False)
    bench.close()


@pytest.mark.integration
@pytest.mark.faults
def test_a_backend_killed_after_its_commit_took(
    open_postgres: Opener, database: str, postgres: PrivatePostgres
) -> None:
    """A commit that waits for a standby has taken already when its backend dies."""
    bench = Bench(open_postgres())
    order = stream()
    bench.log.execute(JAR, stream(), Add(amount=1), context())
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = local")
        postgres.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        postgres.execute("SELECT pg_reload_conf()")
        try:
            caller = Caller(bench, order)
            waiting = _backend_in(owner, "wait_event = 'SyncRep'")
        finally:
            owner.execute("ALTER SYSTEM RESET synchronous_standby_names")
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", (waiting,))
            owner.execute("SELECT pg_reload_conf()")
        caller.join(10)
    assert isinstance(caller.outcome, Answer)
    assert (caller.outcome.version, caller.outcome.repeated) == (1, True)
    assert len(bench.log.history(order)) == 1
    bench.close()
