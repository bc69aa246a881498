"""SIGTERM: what is under way is answered, nothing acknowledged is lost, and it ends in time."""

from __future__ import annotations

import time

import pytest

from shared.errors import TimedOut, Unavailable
from shared.hosting.ending import STOP_SECONDS
from shared.messaging.rpc_client import Reply
from tests.integration.hosting.bench import Bench, jar
from tests.support.door import Door
from tests.support.load import Load
from tests.support.running import Running
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


def test_commands_under_way_are_answered(bench: Bench) -> None:
    serve, _ = bench.both()
    jars = [jar() for _ in range(15)]
    with bench.log_locked():
        asked = [bench.add_async(one) for one in jars]
        bench.wait_for_lock()
        time.sleep(0.3)
        serve.ask_to_stop()
        time.sleep(1)
        assert serve.alive(), "it waits for those under way"
    answers = [reply.result() for reply in asked]
    assert [answer["version"] for answer in answers] == [1] * 15
    assert serve.process.wait(30) == 0
    moves = bench.moves()
    assert [moves[one] for one in jars] == [1] * 15


def test_replicas_come_and_go_under_load_and_nobody_notices(bench: Bench) -> None:
    """A rolling restart: a command is answered by one or the other, at once."""
    bench.both()
    load = Load(bench)
    load.jars += [jar() for _ in range(500)]  # so many that hardly any two race for one
    with load:
        load.more(30)
        second = bench.run("toys", "serve")
        second.wait_ready()
        load.more(30)
        began = time.monotonic()
        bench.without("toys", "serve")
        assert time.monotonic() - began < 12, "it was ended by force"
        load.more(30)
        bench.keep("toys", "serve", second)
    assert load.retries == 0
    bench.settle()
    moves = bench.moves()
    assert sum(moves[one] for one in load.jars) >= len(load.acknowledged)
    for one in load.jars[:50]:
        found = bench.call("toys", "get", {"id": one})
        assert (found["coins"], found["moves"]) == (moves[one], moves[one])


def test_the_next_leads_at_once_when_told_and_soon_when_not(bench: Bench) -> None:
    bench.both()
    first = bench.work()
    second, third = bench.run("toys", "work"), bench.run("toys", "work")
    for one in (second, third):
        one.until_logged("standing by")
    began = time.monotonic()
    first.ask_to_stop()
    wait_until("one leads", lambda: second.logged("leading") or third.logged("leading"))
    assert time.monotonic() - began < 12
    assert first.process.wait(20) == 0
    assert second.logged("leading") != third.logged("leading")
    leader, other = (second, third) if second.logged("leading") else (third, second)
    began = time.monotonic()
    leader.kill()
    other.until_logged("leading", 20)
    bench.keep("toys", "work", other)
    position = bench.add(jar())["position"]
    bench.settle()
    assert bench.view("jars")["position"] >= position


def test_it_ends_in_time_whatever_hangs(bench: Bench) -> None:
    """All at the same time, since each takes as long as it may."""
    bench.without("toys", "serve")
    bench.without("toys", "work")
    one_worker = {"WUYE_MAX_WORKERS": "1"}
    hanging = bench.run("toys", "serve", **one_worker)
    hanging.wait_ready()
    lost: list[Reply] = [_call(bench, "hang")]
    spinning = bench.run("toys", "serve", **one_worker)
    spinning.wait_ready()
    lost.append(_call(bench, "spin"))
    wait_until("it spins", lambda: not _answers(spinning))

    database, broker = Door(bench.urls["toys"]), Door(bench.broker_url)
    stuck = bench.run("toys", "serve", WUYE_DATABASE_URL=database.url)
    stuck.wait_ready()
    leader = bench.run("toys", "work", WUYE_DATABASE_URL=database.url)
    leader.until_logged("leading")
    deaf = bench.run("toys", "serve", WUYE_BROKER_URL=broker.url)
    standby = bench.run("toys", "work", WUYE_BROKER_URL=broker.url)
    standby.until_logged("standing by")
    deaf.wait_ready()
    broker.shut()
    database.hold()
    lost.append(bench.add_async(jar(), seconds=1))
    time.sleep(0.5)
    everyone = [hanging, spinning, stuck, leader, deaf, standby]
    began = time.monotonic()
    for one in everyone:
        one.ask_to_stop()
    took = {}
    for one in everyone:
        assert one.process.wait(STOP_SECONDS + 15) == 0, one.log.read_text()
        took[one.log.name] = time.monotonic() - began
    assert max(took.values()) < STOP_SECONDS + 10, took
    for reply in lost:
        with pytest.raises((TimedOut, Unavailable)):
            reply.result()


def _call(bench: Bench, method: str) -> Reply:
    return bench.rpc.call_async("toys", method, {}, auth_token=bench.operator.token(), timeout=5)


def _answers(running: Running) -> bool:
    try:
        return bool(running.get("/healthz", seconds=0.5))
    except OSError:
        return False
