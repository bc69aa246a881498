"""A stack, piece by piece, so that each can be broken and mended."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from cli import community
from cli.operator import Operator, connect
from cli.stack import broker, databases, plan, watching
from cli.stack.plan import Program
from cli.stack.supervisor import Supervisor
from deploy.drill.alerts import Watched
from shared.config.settings import OperatorSettings
from shared.errors import WuyeError
from shared.identity import keys
from shared.identity.operator import OPERATOR
from shared.messaging import rights
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from shared.servers.ports import free_port
from shared.servers.prometheus import PrivatePrometheus

_VHOST = "wuye"


class Drill(Watched):
    """``rules``: what Prometheus watches by."""

    def __init__(self, folder: Path, rules: Mapping[str, Any]) -> None:
        super().__init__()
        self._folder = folder
        self._rules = rules
        self.postgres = PrivatePostgres(folder / "postgres")
        self.rabbitmq = PrivateRabbitMQ(folder / "rabbitmq", vhost=_VHOST, watched=True)
        self.rights = broker.granted(plan.EDGE, OPERATOR)
        self.brokers: dict[str, str] = {}
        self.databases: dict[str, databases.Database] = {}
        self.prometheus: PrivatePrometheus | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            stack.callback(self.rabbitmq.stop)
            stack.callback(self.postgres.stop)
            self.postgres.start()
            self.rabbitmq.start()
            self.databases = databases.ensure(
                self.postgres, plan.SERVICES, self._folder / "roles.secret"
            )
            self.brokers = broker.ensure(
                self.rabbitmq, _VHOST, self.rights, self._folder / "broker.secret"
            )
            keys.ensure(self._folder / "keys", [*plan.SERVICES, plan.EDGE, OPERATOR])
            environment = plan.shared_environment(self._folder, "json")
            self._migrate(environment)
            ports = [free_port() for _ in range(2 * len(plan.SERVICES) + 1)]
            programs = plan.programs(self.databases, self.brokers, free_port(), ports)
            self._processes(stack, programs, environment)
            exporter = watching.exporter(self._folder / "exporter", self.postgres.url())
            stack.callback(exporter.stop)
            self.prometheus = watching.start(
                self._folder / "prometheus",
                programs,
                self.rabbitmq.metrics_port,
                exporter.port,
                rules=self._rules,
            )
            stack.callback(self.prometheus.stop)
            self._furnish()
            yield

    @property
    def prometheus_url(self) -> str:
        assert self.prometheus is not None
        return self.prometheus.url

    def _migrate(self, environment: Mapping[str, str]) -> None:
        for service, made in self.databases.items():
            urls = {"WUYE_DATABASE_URL": made.url, "WUYE_MIGRATION_URL": made.migration_url}
            subprocess.run(plan.migration(service), env={**environment, **urls}, check=True)

    def _processes(
        self,
        stack: contextlib.ExitStack,
        programs: list[Program],
        environment: Mapping[str, str],
    ) -> None:
        supervisor = Supervisor(self._folder / "supervisor", programs, lambda name, line: None)
        ended = threading.Event()

        def pump() -> None:
            while not ended.is_set():
                supervisor.pump(0.5)

        supervisor.start(environment)
        thread = threading.Thread(target=pump, daemon=True)
        thread.start()
        stack.callback(supervisor.stop)
        stack.callback(thread.join)
        stack.callback(ended.set)

    def _furnish(self) -> None:
        with self.operator() as operator:
            wait("the services answer", lambda: _answers(operator.call))
            community.register(operator.call, lambda line: None)

    def operator(self) -> contextlib.AbstractContextManager[Operator]:
        return connect(
            OperatorSettings(broker_url=self.brokers[OPERATOR], keys_dir=self._folder / "keys")
        )

    # -- faults -------------------------------------------------------------------------------

    def process_of(self, name: str) -> int:
        """The pid of one process of a service, by its command line."""
        service, task = name.split("-")
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                mine = str(self._folder).encode() in (entry / "environ").read_bytes()
                if mine and words[1:4] == [b"-m", f"services.{service}".encode(), task.encode()]:
                    return int(entry.name)
        raise LookupError(f"{name} does not run")

    def grant(self, service: str, may: rights.Rights) -> None:
        """Change what a user of the broker may do."""
        found = rights.definitions(_VHOST, {}, {service: may})
        self.rabbitmq.define(found)

    def change(self, service: str, text: str) -> None:
        with psycopg.connect(self.databases[service].migration_url, autocommit=True) as connection:
            connection.execute(text.encode())

    def damage_people(self) -> list[tuple[str, str]]:
        """What notifications knows of people's posts, before it was made unreadable."""
        with psycopg.connect(self.databases["notifications"].url, autocommit=True) as connection:
            table = self._people(connection)
            rows = connection.execute(sql.SQL("SELECT key, posts FROM {}").format(table)).fetchall()
            connection.execute(
                sql.SQL("UPDATE {} SET posts = '[{{\"damaged\": 1}}]'").format(table)
            )
        return [(str(key), str(posts)) for key, posts in rows]

    def mend_people(self, kept: list[tuple[str, str]]) -> None:
        with psycopg.connect(self.databases["notifications"].url, autocommit=True) as connection:
            table = self._people(connection)
            for key, posts in kept:
                connection.execute(
                    sql.SQL("UPDATE {} SET posts = %s WHERE key = %s").format(table), (posts, key)
                )

    def _people(self, connection: psycopg.Connection[Any]) -> sql.Identifier:
        found = connection.execute(
            "SELECT build FROM view_builds WHERE view = 'people' AND live"
        ).fetchone()
        assert found is not None
        return sql.Identifier(f"view_people_{found[0]}")


def wait(what: str, done: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.5)


def _answers(call: Callable[..., object]) -> bool:
    try:
        for service in plan.SERVICES:
            call(f"{service}.ops", "views", {})
    except WuyeError:
        return False
    return True
