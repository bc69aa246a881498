"""What a process says of itself: alive, ready, and its figures."""

from __future__ import annotations

import time
from typing import Any

import pytest

from shared.errors import Refused, Unavailable
from tests.integration.hosting.bench import Bench, figures, jar
from tests.support.door import Door
from tests.support.load import Load
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


def test_the_figures_of_serve_move(bench: Bench) -> None:
    serve, _ = bench.both()
    before = figures(serve)
    one = jar()
    bench.add(one)
    with pytest.raises(Refused):
        bench.call("toys", "take", {"id": one, "amount": 9})
    with pytest.raises(Unavailable):
        bench.call("toys", "fail", {})
    with bench.log_locked():
        racing = [bench.add_async(one)]
        bench.wait_for_lock()
        racing += [bench.add_async(one), bench.add_async(one)]
        waiting = "wuye_append_queue_length{service=toys}"
        wait_until("two wait behind one", lambda: figures(serve)[waiting] == 2)
    assert {reply.result()["version"] for reply in racing} == {2, 3, 4}

    moved = figures(serve)
    moved.subtract(before)
    request = "wuye_rpc_requests_total{code=%s,method=%s,service=toys}"
    assert moved[request % ("ok", "add")] == 4
    assert moved[request % ("refused", "take")] == 1
    assert moved[request % ("fault", "fail")] == 1
    assert moved["wuye_rpc_request_duration_seconds_count{method=add,service=toys}"] == 4
    assert moved["wuye_rpc_request_duration_seconds_sum{method=add,service=toys}"] > 0
    assert moved["wuye_append_batch_size_count{service=toys}"] >= 3
    assert moved["wuye_append_batch_size_sum{service=toys}"] >= 4
    assert moved["wuye_append_conflicts_total{service=toys}"] >= 1
    assert moved["wuye_append_duration_seconds_count{service=toys}"] >= 3
    wait_until(
        "the hub is measured",
        lambda: (
            figures(serve)["wuye_hub_lag_seconds_count{}"] > before["wuye_hub_lag_seconds_count{}"]
        ),
    )


def test_the_figures_of_work_move_and_readiness_says_when_the_broker_is_away(bench: Bench) -> None:
    bench.both()
    bench.without("toys", "work")
    broker = Door(bench.broker_url)
    work = bench.run("toys", "work", WUYE_BROKER_URL=broker.url)
    work.until_logged("leading")
    work.wait_ready()
    broker.shut()
    assert set(work.missing()) == {"broker"}
    assert work.get("/healthz")[0] == 200
    position = bench.add(jar())["position"]

    names = "{service=toys}"
    wait_until("the relay lags", lambda: figures(work)["wuye_relay_lag_events" + names] >= 1)
    wait_until("for some time", lambda: figures(work)["wuye_relay_lag_seconds" + names] >= 0.5)
    follower = "wuye_follower_lag_events{handler=jars,service=toys}"
    wait_until(
        "the view goes on",
        lambda: (
            bench.query("toys", "SELECT position FROM positions WHERE handler = 'jars'")
            == [(position,)]
        ),
    )
    broker.open()
    wait_until("the relay catches up", lambda: not figures(work)["wuye_relay_lag_events" + names])
    # A moment of its own: the two are not measured at once.
    wait_until("in time too", lambda: not figures(work)["wuye_relay_lag_seconds" + names])
    found = figures(work)
    assert follower in found and found[follower] == 0
    assert found["wuye_follower_stopped{handler=jars,service=toys}"] == 0
    work.wait_ready()
    assert work.stop() == 0


def test_a_standby_is_ready_too(bench: Bench) -> None:
    bench.both()
    standby = bench.run("toys", "work")
    standby.until_logged("standing by")
    standby.wait_ready()
    assert standby.stop() == 0


def _answer(bench: Bench) -> dict[str, Any] | None:
    """What `serve` reads for a jar that nobody filled; none until the view is built."""
    try:
        return bench.call("mirror", "get", {"id": jar()})
    except Unavailable:
        return None


def test_alive_with_both_servers_away_from_the_start_and_up_when_they_come(bench: Bench) -> None:
    """Also the order of start: neither is there yet when the process begins."""
    bench.without("mirror", "serve")
    broker = Door(bench.broker_url, shut=True)
    database = Door(bench.urls["mirror"], shut=True)
    doors = {"WUYE_BROKER_URL": broker.url, "WUYE_DATABASE_URL": database.url}
    both = [bench.run("mirror", kind, **doors) for kind in ("serve", "work")]
    for one in both:
        assert one.get("/healthz")[0] == 200
        assert set(one.missing()) == {"started", "store", "broker"}
        assert one.get("/metrics")[0] == 200
        assert one.get("/nothing")[0] == 404
    broker.open()
    for one in both:
        wait_until("the broker is seen", lambda one=one: set(one.missing()) == {"started", "store"})
        assert one.logged("waiting for the database: connection")
    database.open()
    for one in both:
        one.wait_ready()
    both[1].until_logged("leading")
    # whoever leads builds the view: before it is there, nobody may take the leader away
    found = {"coins": 0, "moves": 0}
    wait_until("the view is built", lambda: _answer(bench) == found)

    serve = both[0]
    database.shut()
    broker.shut()
    assert set(serve.missing()) == {"store", "broker"}
    assert serve.get("/healthz")[0] == 200
    assert both[1].process.wait(30) == 1, "a leader that lost its lease must end"
    database.open()
    broker.open()
    serve.wait_ready()
    wait_until("it answers as before", lambda: _answer(bench) == found)
    assert serve.stop() == 0


def test_a_database_that_hangs_is_missed_too(bench: Bench) -> None:
    bench.both()
    database = Door(bench.urls["toys"])
    standby = bench.run("toys", "work", WUYE_DATABASE_URL=database.url)
    standby.wait_ready()
    database.hold()
    assert set(standby.missing()) == {"store"}
    assert standby.get("/healthz")[0] == 200
    database.let_go()
    standby.wait_ready()
    assert standby.stop() == 0


def test_health_is_answered_while_the_process_is_busy(bench: Bench) -> None:
    serve, work = bench.both()
    took = []
    with Load(bench, 16) as load:
        load.more(20)
        for _ in range(5):
            for one in (serve, work):
                for path in ("/healthz", "/readyz", "/metrics"):
                    began = time.monotonic()
                    assert one.get(path)[0] == 200
                    took.append(time.monotonic() - began)
    # each has a limit of its own; one may come at a bad moment, most must not wait
    assert sorted(took)[len(took) // 2] < 2
