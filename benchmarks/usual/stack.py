"""The usual composition as processes, by nameko's own command."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import pika
import psycopg

from benchmarks.processes import Meter, end
from benchmarks.programs import Program
from benchmarks.rounds import Round
from benchmarks.servers import Servers
from benchmarks.usual.tables import TABLES

WORKERS = 10
TUNED_WORKERS = 64
START_SECONDS = 40.0
VISIBLE_SECONDS = 240.0
_QUEUES = (
    "rpc-orders",
    "evt-orders-order_changed--satisfaction.take",
    "evt-orders-order_changed--efficiency.take",
)
_COMMAND = "from nameko.cli.main import main; main()"
_RATED = (
    "SELECT count(*) FROM satisfaction WHERE stars IS NOT NULL",
    "SELECT count(*) FROM efficiency WHERE state = 'rated'",
)
_numbers = itertools.count(1)


class Usual:
    """A contestant. ``tuned``: with our RPC settings and client, and more workers."""

    def __init__(
        self, servers: Servers, folder: Path, cast: dict[str, Any], *, tuned: bool
    ) -> None:
        folder.mkdir(parents=True)
        self.name = "usual_tuned" if tuned else "usual"
        self._servers = servers
        self._folder = folder
        self._cast = cast
        self._tuned = tuned
        self._database = f"{self.name}_{next(_numbers)}"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Usual:
        with ExitStack() as undo:
            url = self._servers.postgres.create_database(self._database)
            undo.callback(self._servers.postgres.drop_database, self._database)
            broker = self._servers.rabbitmq.add_vhost(self._database)
            undo.callback(self._servers.rabbitmq.delete_vhost, self._database)
            self._connection = undo.enter_context(psycopg.connect(url, autocommit=True))
            for text in TABLES:
                self._connection.execute(text.encode())
            self._start(url, broker)
            undo.callback(lambda: end(list(self._processes.values())))
            self._wait_listening(broker)
            self.client = Program(
                "benchmarks.load.client",
                *(broker, "orders", "ours" if self._tuned else "stock"),
                log=self._folder / "client.log",
            )
            undo.callback(self.client.close)
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.close()

    def pids(self) -> list[int]:
        return [*(one.pid for one in self._processes.values()), self.client.pid]

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]:
        return {
            "client": lambda: [self.client.pid],
            **{name: lambda pid=one.pid: [pid] for name, one in self._processes.items()},  # type: ignore[misc]
        }

    def prepare(self, in_flight: int) -> None:
        self.client.ask("prepare", in_flight=in_flight)

    def run(self, in_flight: int, seconds: float) -> Round:
        meter = Meter({**self._servers.groups(), **self.groups()})
        found = self.load(in_flight, seconds)
        return Round(
            found["lifecycles"],
            found["visible"] - found["started"],
            found["latencies_ms"],
            meter.seconds(),
        )

    def load(self, in_flight: int, seconds: float) -> dict[str, Any]:
        """One round of the client, until both views have all of it."""
        before = self._rated()
        found: dict[str, Any] = self.client.ask(
            "run",
            way="each",
            cast=self._cast,
            seconds=seconds,
            in_flight=in_flight,
            limit=240.0,
        )
        if found["errors"]:
            raise RuntimeError(f"commands of the usual composition failed: {found['errors']}")
        until = time.monotonic() + VISIBLE_SECONDS
        while self._rated() < before + found["lifecycles"]:
            if time.monotonic() > until:
                raise RuntimeError(f"the usual views are not there after {VISIBLE_SECONDS:g} s")
            time.sleep(0.005)
        found["visible"] = time.monotonic()
        return found

    def _rated(self) -> int:
        return min(int(self._connection.execute(text.encode()).fetchone()[0]) for text in _RATED)  # type: ignore[index]

    def _start(self, url: str, broker: str) -> None:
        workers = TUNED_WORKERS if self._tuned else WORKERS
        # JSON is YAML
        settings = self._folder / "config.yaml"
        settings.write_text(json.dumps({"AMQP_URI": broker, "max_workers": workers}))
        for module in ("orders", "views"):
            with (self._folder / f"{module}.log").open("ab") as log:
                self._processes[module] = subprocess.Popen(
                    [
                        *(sys.executable, "-W", "ignore", "-c", _COMMAND, "run"),
                        *("--config", str(settings), f"benchmarks.usual.{module}"),
                    ],
                    env=self._environment(url),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )

    def _environment(self, url: str) -> dict[str, str]:
        found = {
            **os.environ,
            **library_environment(url),
            "PYTHONPATH": os.getcwd(),
            "PSYCOPG_WAIT_FUNC": "wait_select",
            "VIEWS_URL": url,
            "VIEWS_CONNECTIONS": "10",
        }
        if self._tuned:
            found |= {"USUAL_TUNED": "1", "POSTGRES_POOL_SIZE": "16"}
        return found

    def _wait_listening(self, broker: str) -> None:
        until = time.monotonic() + START_SECONDS
        with pika.BlockingConnection(pika.URLParameters(broker)) as connection:
            for queue in _QUEUES:
                while not _consumed(connection, queue):
                    if time.monotonic() > until:
                        raise RuntimeError(f"the usual composition does not listen on {queue}")
                    time.sleep(0.1)


def _consumed(connection: pika.BlockingConnection, queue: str) -> bool:
    channel = connection.channel()
    try:
        found = channel.queue_declare(queue, passive=True)
        channel.close()
        return bool(found.method.consumer_count)
    except pika.exceptions.ChannelClosedByBroker:
        return False


def library_environment(url: str) -> dict[str, str]:
    """What eventsourcing reads to use PostgreSQL."""
    place = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": place.path.strip("/"),
        "POSTGRES_HOST": str(place.hostname),
        "POSTGRES_PORT": str(place.port),
        "POSTGRES_USER": str(place.username),
        "POSTGRES_PASSWORD": str(place.password),
    }
