"""When the store is slow: a bounded queue, answers in time, and the first answer in the end."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

import pika
import pytest

from shared.errors import Busy, Invalid, TimedOut, Unavailable
from tests.integration.hosting.bench import Bench, figures, jar
from tests.support.running import Running

pytestmark = pytest.mark.integration


def test_a_full_queue_answers_busy_at_once_and_the_queued_are_done(bench: Bench) -> None:
    serve, _ = bench.both()
    jars = [jar() for _ in range(40)]
    taken, more = [], iter(jars)
    with bench.log_locked():
        # One is under way, or some that came together; twenty wait behind.
        taken.append(bench.add_async(next(more)))
        bench.wait_for_lock()
        while missing := 20 - _queued(serve):
            taken += [bench.add_async(next(more)) for _ in range(missing)]
            _wait_until_full(serve)
        refused = list(more)[:10]
        for one in refused:
            began = time.monotonic()
            with pytest.raises(Busy) as busy:
                bench.add(one)
            assert time.monotonic() - began < 5, "it waited as long as those in the queue"
            assert busy.value.retry_after
    done = jars[: len(taken)]
    assert [reply.result()["version"] for reply in taken] == [1] * len(done)
    moves = bench.moves()
    assert [moves[one] for one in done + refused] == [1] * len(done) + [0] * 10
    assert bench.add(refused[-1])["version"] == 1


def _queued(serve: Running) -> int:
    return int(figures(serve)["wuye_append_queue_length{service=toys}"])


def _wait_until_full(serve: Running) -> None:
    """At most a second: what went along with the first is never seen in the queue."""
    until = time.monotonic() + 1
    while _queued(serve) < 20 and time.monotonic() < until:
        time.sleep(0.01)


def test_a_command_of_unknown_outcome_is_settled_by_its_id(bench: Bench) -> None:
    bench.both()
    one, command_id = jar(), str(uuid4())
    with bench.log_locked():
        with pytest.raises(Unavailable) as unknown:
            bench.add_async(one, command_id=command_id).result()
        assert unknown.value.retry_after
        again = bench.add_async(one, command_id=command_id)
        bench.wait_for_lock()
    first = again.result()
    assert first["version"] == 1
    bench.add(one)
    assert bench.add(one, command_id=command_id) == first
    assert bench.moves()[one] == 2


def test_an_expired_command_is_dropped_unread(bench: Bench) -> None:
    bench.both()
    late, in_time = jar(), jar()
    now = int(time.time())
    assert _error(_raw(bench, late, now - 1)) == TimedOut.code
    assert _error(_raw(bench, late, f"{now - 0.5}")) == TimedOut.code
    assert _raw(bench, in_time, now + 10)["result"]["version"] == 1
    assert _raw(bench, in_time, f"{now + 9.5}")["result"]["version"] == 2
    assert _error(_raw(bench, late, "tomorrow")) == Invalid.code
    moves = bench.moves()
    assert (moves[late], moves[in_time]) == (0, 2)


def _raw(bench: Bench, one: str, deadline: int | str) -> dict[str, Any]:
    """The answer to an `add` with this deadline; of ours, the broker drops what has expired."""
    connection = pika.BlockingConnection(pika.URLParameters(bench.broker_url))
    try:
        channel = connection.channel()
        key = str(uuid4())
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "nameko-rpc", key)
        channel.basic_publish(
            "nameko-rpc",
            "toys.add",
            json.dumps({"args": [{"id": one, "amount": 1}], "kwargs": {}}).encode(),
            pika.BasicProperties(
                content_type="application/json",
                reply_to=key,
                correlation_id=key,
                headers={
                    "nameko.auth_token": bench.operator.token(),
                    "nameko.deadline": deadline,
                },
            ),
        )
        for _, _, body in channel.consume(queue, inactivity_timeout=10):
            assert body is not None, "no answer"
            found: dict[str, Any] = json.loads(body)
            return found
        raise AssertionError
    finally:
        connection.close()


def _error(answer: dict[str, Any]) -> str:
    found: str = json.loads(answer["error"]["value"])["code"]
    return found
