"""The real thing for tests: processes of services on a private RabbitMQ and PostgreSQL.

    with Stack(postgres, rabbitmq, folder, ("security", "workorders")) as stack:
        stack.call("workorders", "submit", {...}, token)

Every stack has databases, a vhost and keys of its own, so several may run on the same servers.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import sql

from cli.services import SERVICES
from shared.clock import SystemClock
from shared.errors import Unavailable, WuyeError
from shared.identity import keys
from shared.identity.caller import Post
from shared.identity.keys import ServiceIdentity
from shared.messaging import rights
from shared.messaging.rpc_client import RpcClient
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from tests.support.waiting import NotInTime, wait_until

_numbers = itertools.count(1)
OPERATOR_POSTS = tuple(Post(role, "*") for role in ("service", "auditor", "admin"))


class Stack:
    """``modules``: service name to the module that runs it, by default ``services.<name>``."""

    def __init__(
        self,
        postgres: PrivatePostgres,
        rabbitmq: PrivateRabbitMQ,
        folder: Path,
        services: Sequence[str],
        *,
        modules: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._postgres, self._rabbitmq, self.folder = postgres, rabbitmq, folder
        self.services = tuple(services)
        self._modules = dict(modules or {})
        self._extra = dict(environment or {})
        self._name = f"stack_{next(_numbers)}"
        self.processes: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
        self.owner_urls: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        self.broker_url = ""
        self.broker_urls: dict[str, str] = {}

    def __enter__(self) -> Stack:
        self.broker_url = self._rabbitmq.add_vhost(self._name)
        self._make_broker_users()
        keys.ensure(self.folder / "keys", [*self.services, "operator", "gateway"])
        for service in self.services:
            self._make_database(service)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for done in pool.map(lambda service: self._run(service, "migrate"), self.services):
                done.check_returncode()
        private = keys.load_private(self.folder / "keys", "operator")
        self.operator = ServiceIdentity("operator", private, SystemClock(), OPERATOR_POSTS)
        self.rpc = RpcClient(self.broker_url, source="test")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rpc.close()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for service in self.services:
            self._postgres.drop_database(self._database(service))
        self._rabbitmq.delete_vhost(self._name)

    # -- processes ----------------------------------------------------------------------------

    def start(self, service: str, kind: str, *, name: str = "") -> subprocess.Popen[bytes]:
        """Start ``serve`` or ``work`` of a service; its log goes to a file in the folder.

        ``name``: that of a further replica.
        """
        name = name or kind
        log = (self.folder / f"{service}-{name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", self._module(service), kind],
            env=self._environment(service),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        self.processes[service, name] = process
        return process

    def start_all(self) -> None:
        for service in self.services:
            for kind in ("serve", "work"):
                self.start(service, kind)
        for service in self.services:
            self.wait_answering(service)

    def kill(self, service: str, kind: str) -> None:
        """SIGKILL: no farewell of any kind."""
        process = self.processes[service, kind]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def wait_answering(self, service: str, seconds: float = 150.0) -> None:
        """Until both its processes answer RPC: an unknown method is answered by ``serve`` too."""

        def answers() -> bool:
            for name, method in ((service, "no_such_method"), (f"{service}.ops", "views")):
                try:
                    self.call(name, method, {}, seconds=2.0)
                except Unavailable:
                    return False
                except WuyeError as error:
                    if error.code not in ("not_found", "invalid"):
                        raise
            return True

        wait_until(f"{service} answers", answers, seconds)

    # -- talking to it ------------------------------------------------------------------------

    def call(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        token: str | None = None,
        *,
        seconds: float = 10.0,
    ) -> dict[str, Any]:
        return self.rpc.call(
            service,
            method,
            dict(request),
            auth_token=token or self.operator.token(),
            timeout=seconds,
        )

    def query(self, service: str, text: str, *params: Any) -> list[tuple[Any, ...]]:
        """SQL on a service's database, as its owner."""
        with psycopg.connect(self.owner_urls[service], autocommit=True) as connection:
            return connection.execute(text.encode(), params).fetchall()

    def settle(self, seconds: float = 90.0) -> None:
        """Until every handler of every service stands at the end of the log it follows."""

        def behind() -> list[tuple[Any, ...]]:
            heads = {
                service: self.query(
                    service, "SELECT coalesce(max(notification_id), 0) FROM stored_events"
                )[0][0]
                for service in self.services
            }
            return [
                (service, *place, heads[place[1]])
                for service in self.services
                for place in self.query(
                    service, "SELECT handler, log, position, status FROM positions"
                )
                if place[1] in heads and place[2] < heads[place[1]]
            ]

        try:
            wait_until("every handler is at the end", lambda: not behind(), seconds)
        except NotInTime as error:
            raise NotInTime(f"{error}; behind: {behind()}") from None

    def log_of(self, service: str, kind: str) -> str:
        return (self.folder / f"{service}-{kind}.log").read_text()

    # -- setting up ---------------------------------------------------------------------------

    def _make_database(self, service: str) -> None:
        name = self._database(service)
        owner = self._postgres.create_database(name)
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'test'").format(sql.Identifier(name))
            )
        self.owner_urls[service] = owner
        self.urls[service] = self._postgres.url(name, name, "test")

    def _make_broker_users(self) -> None:
        """Our own services get a user with no more than their rights each, as in production."""
        granted = {
            f"{self._name}_{one.name}": rights.of_service(one.name, one.followed())
            for one in SERVICES
            if one.name in self.services and one.name not in self._modules
        }
        self._rabbitmq.define(
            rights.definitions(self._name, dict.fromkeys(granted, "test"), granted)
        )
        for user in granted:
            self.broker_urls[user.removeprefix(f"{self._name}_")] = self._rabbitmq.url_as(
                user, "test", self._name
            )

    def _database(self, service: str) -> str:
        return f"{self._name}_{os.getpid()}_{service}"

    def _module(self, service: str) -> str:
        return self._modules.get(service, f"services.{service}")

    def _run(self, service: str, kind: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", self._module(service), kind],
            env=self._environment(service),
            check=False,
        )

    def _environment(self, service: str) -> dict[str, str]:
        return {
            **{name: text for name, text in os.environ.items() if not name.startswith("WUYE_")},
            "PYTHONPATH": os.getcwd(),
            "WUYE_DATABASE_URL": self.urls[service],
            "WUYE_MIGRATION_URL": self.owner_urls[service],
            "WUYE_BROKER_URL": self.broker_urls.get(service, self.broker_url),
            "WUYE_KEYS_DIR": str(self.folder / "keys"),
            "WUYE_HEALTH_PORT": "0",
            "WUYE_LOG_FORMAT": "json",
            "WUYE_PASSWORD_COST": "light",
            **self._extra,
        }
