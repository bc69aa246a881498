"""The floor: psycopg inserts the same rows in batches, pika publishes them, confirms in batches.

No service, no RPC, no schema, no token, no decision, no view. It is a program of its own
(``python -m benchmarks.floor``): one thread inserts, one publishes what was inserted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pika
import psycopg

from benchmarks.processes import Meter
from benchmarks.programs import Program, answer
from benchmarks.rounds import Round
from benchmarks.servers import Servers
from shared.eventlog.migrate import migrate_postgres

DATABASE = "floor"
EXCHANGE = "floor.events"
_PROPERTIES = pika.BasicProperties(content_type="application/json", delivery_mode=2)
_INSERT = """
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bytea[])
"""
Sample = Sequence[tuple[str, bytes, bytes]]
"""Topic, stored state and message of the five events of an order, as ours are."""


class Floor:
    """A contestant. ``sample``: five events of a real order, which every row here repeats."""

    name = "floor"

    def __init__(self, servers: Servers, sample: Sample) -> None:
        self._servers = servers
        self._sample = sample

    def __enter__(self) -> Floor:
        url = self._servers.postgres.create_database(DATABASE)
        migrate_postgres(url, url)
        broker = self._servers.rabbitmq.add_vhost(DATABASE)
        self._program = Program(
            "benchmarks.floor", url, broker, log=self._servers.folder / "floor.log"
        )
        events = [[topic, *(part.decode() for part in parts)] for topic, *parts in self._sample]
        self._program.ask("take", events=events)
        return self

    def __exit__(self, *_: object) -> None:
        self._program.close()
        self._servers.postgres.drop_database(DATABASE)
        self._servers.rabbitmq.delete_vhost(DATABASE)

    def pids(self) -> list[int]:
        return [self._program.pid]

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]:
        return {"client": self.pids}

    def prepare(self, in_flight: int) -> None:
        pass

    def run(self, in_flight: int, seconds: float) -> Round:
        meter = Meter({**self._servers.groups(), **self.groups()})
        found = self._program.ask("run", in_flight=in_flight, seconds=seconds)
        return Round(found["lifecycles"], found["seconds"], {}, meter.seconds())


class Publisher:
    """Publishes what it is given and counts the confirms, in the thread that calls ``run``."""

    def __init__(self, url: str) -> None:
        self.ready = Event()
        self.published = self.confirmed = 0
        # confirms come out of order: all up to one delivery tag, and some beyond
        self._through, self._ahead = 0, set[int]()
        self._connection = pika.SelectConnection(
            pika.URLParameters(url), on_open_callback=self._opened
        )

    def run(self) -> None:
        self._connection.ioloop.start()

    def send(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """From any thread; returns at once."""
        self.published += len(messages)
        self._connection.ioloop.add_callback_threadsafe(lambda: self._publish(messages))

    def wait_confirmed(self) -> None:
        while self.confirmed < self.published:
            time.sleep(0.0005)

    def _publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        for key, body in messages:
            self._channel.basic_publish(EXCHANGE, key, body, _PROPERTIES)

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
        # as the hint queue of a follower of ours is
        channel.queue_declare("hints", exclusive=True, arguments={"x-max-length": 1})
        channel.queue_bind("hints", EXCHANGE, "#")
        channel.confirm_delivery(self._settled, callback=lambda _: self.ready.set())

    def _settled(self, frame: Any) -> None:
        method = frame.method
        if not isinstance(method, pika.spec.Basic.Ack):
            raise RuntimeError("the broker refused an event")
        if method.multiple:
            self._through = max(self._through, method.delivery_tag)
            self._ahead = {tag for tag in self._ahead if tag > self._through}
        else:
            self._ahead.add(method.delivery_tag)
        while self._through + 1 in self._ahead:
            self._through += 1
            self._ahead.remove(self._through)
        self.confirmed = self._through + len(self._ahead)


def _rows(sample: Sample, in_flight: int) -> Iterator[tuple[list[Any], list[tuple[str, bytes]]]]:
    """The five batches of so many lifecycles that go side by side."""
    streams = [f"lakeside.{uuid4()}" for _ in range(in_flight)]
    for version, (topic, state, message) in enumerate(sample, start=1):
        columns = [streams, [version] * in_flight, [topic] * in_flight, [state] * in_flight]
        yield columns, [(topic, message)] * in_flight


def main() -> None:
    url, broker = sys.argv[2:]
    sample: list[tuple[str, bytes, bytes]] = []
    connection = psycopg.connect(url)
    publisher = Publisher(broker)
    Thread(target=publisher.run, daemon=True).start()
    publisher.ready.wait(20)

    def take(events: list[list[str]]) -> None:
        sample[:] = [(topic, state.encode(), message.encode()) for topic, state, message in events]

    def run(in_flight: int, seconds: float) -> dict[str, float]:
        lifecycles = 0
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            for columns, messages in _rows(sample, in_flight):
                with connection.transaction():
                    connection.execute(_INSERT, columns)
                publisher.send(messages)
            lifecycles += in_flight
        publisher.wait_confirmed()
        return {"lifecycles": lifecycles, "seconds": time.monotonic() - began}

    answer(take=take, run=run)


if __name__ == "__main__":
    main()
