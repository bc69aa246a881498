"""A leader dies in the middle of something, and the next one takes it up."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pika
import psycopg
import pytest

from shared.messaging.envelope import decode
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.support.door import Door
from tests.support.load import Load
from tests.support.running import Processes, Running
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.integration]

# Commits that move a handler take this long, so that a leader can be killed in the middle of one.
SLOW_COMMITS = """
    CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(4); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON positions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.position > OLD.position) EXECUTE FUNCTION linger();
"""
QUICK_COMMITS = "DROP TRIGGER slow ON positions; DROP FUNCTION linger"


@pytest.fixture(scope="module")
def stack(
    postgres: PrivatePostgres, rabbitmq: PrivateRabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Processes]:
    modules = {"toys": "tests.support.toy_process"}
    folder = tmp_path_factory.mktemp("takeover")
    with Processes(postgres, rabbitmq, folder, ["toys"], modules=modules) as stack:
        stack.run("toys", "serve").wait_ready()
        yield stack


@pytest.fixture
def leader(stack: Processes) -> Iterator[Running]:
    found = stack.run("toys", "work")
    found.until_logged("leading")
    yield found
    if found.alive():
        assert found.stop() == 0


def test_the_last_commit_of_a_dead_leader_comes_after_the_next_one_began(
    stack: Processes, leader: Running, postgres: PrivatePostgres
) -> None:
    """The database goes on with a commit whose client died. The next leader must not take its
    place from before it: it would find its position moved, and end.
    """
    _add(stack)
    stack.settle()
    following = stack.run("toys", "work")
    following.until_logged("standing by")
    database = stack.owner_urls["toys"].rpartition("/")[2]
    postgres.execute(SLOW_COMMITS, database=database)
    try:
        _add(stack)
        lingering = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
        wait_until(
            "both commits linger", lambda: stack.query("toys", lingering)[0][0] == 2, seconds=10
        )
        leader.kill()
        following.until_logged("leading", 4)
        assert stack.query("toys", lingering)[0][0] == 2, "the commits of the dead are still there"
        postgres.execute(QUICK_COMMITS, database=database)
    finally:
        postgres.execute(
            "DROP TRIGGER IF EXISTS slow ON positions",
            "DROP FUNCTION IF EXISTS linger",
            database=database,
        )
    _add(stack)
    stack.settle()
    time.sleep(1.5)
    assert following.alive()
    assert following.stop() == 0


def _add(stack: Processes, jar: str | None = None) -> str:
    jar = jar or f"c1.{uuid4()}"
    stack.call("toys", "add", {"id": jar, "amount": 1})
    return jar


class Consumer:
    """A plain AMQP consumer that keeps what it gets, and by its id only once."""

    def __init__(self, url: str) -> None:
        self.messages = 0
        self.events: dict[str, dict[str, Any]] = {}
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        channel = self._connection.channel()
        channel.exchange_declare("toys.events", "topic", durable=True)
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "toys.events", "#")
        channel.basic_consume(queue, self._got, auto_ack=True)
        self._channel = channel
        self._thread = threading.Thread(target=channel.start_consuming)
        self._thread.start()

    def close(self) -> None:
        self._connection.add_callback_threadsafe(self._channel.stop_consuming)
        self._thread.join()
        self._connection.close()

    def _got(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        decode(body)
        event = json.loads(body)
        self.messages += 1
        self.events.setdefault(event["id"], event)


def test_killed_in_mid_publishing_it_tells_every_event_in_order(stack: Processes) -> None:
    consumer = Consumer(stack.broker_url)
    broker = Door(stack.broker_url)
    try:
        first = stack.query("toys", "SELECT coalesce(max(notification_id), 0) FROM stored_events")
        work = stack.run("toys", "work", WUYE_BROKER_URL=broker.url)
        work.until_logged("leading")
        work.wait_ready()
        with Load(stack) as load:
            for round in range(3):
                load.more(20)
                # The broker has what it was sent, and its confirms do not arrive.
                broker.hold()
                load.more(20)
                work.kill()
                broker.let_go()
                work = stack.run("toys", "work", WUYE_BROKER_URL=broker.url)
                if round < 2:
                    work.until_logged("leading")
                    wait_until("it publishes", lambda: _relay_lag(stack) < 40)
        stack.settle()
        rows = stack.query(
            "toys",
            "SELECT originator_id, originator_version FROM stored_events "
            "WHERE notification_id > %s ORDER BY notification_id",
            first[0][0],
        )
        wait_until("all are told", lambda: len(consumer.events) >= len(rows))
        told = [(one["subject"], one["streamversion"]) for one in consumer.events.values()]
        assert sorted(told) == sorted(rows)
        assert consumer.messages > len(told), "nothing came twice, so nothing was put to the test"
        versions = defaultdict(list)
        for subject, version in told:
            versions[subject].append(version)
        assert all(found == sorted(found) for found in versions.values())
        assert work.stop() == 0
    finally:
        consumer.close()


def _relay_lag(stack: Processes) -> int:
    found = stack.query(
        "toys",
        "SELECT (SELECT max(notification_id) FROM stored_events) - position FROM positions "
        "WHERE handler = 'relay'",
    )
    return int(found[0][0])


def test_a_rebuild_is_taken_up_by_the_next_leader(stack: Processes, leader: Running) -> None:
    """It is killed with the new build half made; what it leaves is cleared away."""
    jars = [_add(stack) for _ in range(3)]
    stack.settle()
    builds = "SELECT count(*) FROM pg_tables WHERE tablename ~ '^view_jars_'"
    url = stack.owner_urls["toys"]
    with psycopg.connect(url) as before, psycopg.connect(url) as within:
        before.execute("LOCK TABLE view_builds IN EXCLUSIVE MODE")
        asked = stack.call("toys.ops", "rebuild", {"view": "jars"})
        # It is to stop where it first tells how far it has come.
        within.execute("SELECT 1 FROM intentions WHERE id = %s FOR UPDATE", (asked["id"],))
        before.rollback()
        wait_until("the new build is begun", lambda: stack.query("toys", builds) == [(2,)])
        leader.kill()
    following = stack.run("toys", "work")

    def end() -> Any:
        found = stack.call("toys.ops", "rebuild_status", asked)
        return found if found["status"] in ("done", "failed") else None

    found = wait_until("the next leader takes it up", end)
    assert found["status"] == "done" and found["detail"]["flipped"]
    wait_until("one build is left", lambda: stack.query("toys", builds) == [(1,)])
    for jar in jars:
        assert stack.call("toys", "get", {"id": jar})["moves"] == 1
    assert following.stop() == 0
