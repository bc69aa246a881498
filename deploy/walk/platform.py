"""A platform as `docs/operations.md` has it installed: servers, secrets, and processes by hand."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.stack import broker, databases, plan
from shared.identity.operator import OPERATOR
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from shared.servers.ports import free_port

VHOST = "wuye"
_READY_SECONDS = 60
KINDS = ("work", "serve")


@dataclass
class Process:
    """``port``: of its health; the edge's pages are at ``pages``."""

    popen: subprocess.Popen[bytes]
    port: int
    pages: int = 0

    def ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_ready(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while not self.ready():
            assert self.popen.poll() is None, f"{self.popen.args!r} has ended"
            assert time.monotonic() < until, f"{self.popen.args!r} is not ready"
            time.sleep(0.1)

    def stop(self) -> None:
        """SIGTERM, as a pod gets it."""
        self.popen.terminate()
        assert self.popen.wait(20) == 0, f"{self.popen.args!r} ended with {self.popen.returncode}"


class Platform:
    """``processes`` by name, ``<service>-serve`` and so on; all logs go into one file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secure"
        self.logs = folder / "logs"
        self.logs.mkdir()
        self.postgres = PrivatePostgres(folder / "postgres")
        self.rabbitmq = PrivateRabbitMQ(folder / "rabbitmq", vhost=VHOST)
        self.databases: dict[str, databases.Database] = {}
        self.brokers: dict[str, str] = {}
        self.processes: dict[str, Process] = {}
        self.pages = free_port()

    @contextlib.contextmanager
    def servers(self) -> Iterator[None]:
        try:
            self.postgres.start()
            self.rabbitmq.start()
            yield
        finally:
            for one in self.processes.values():
                one.popen.kill()
                one.popen.wait()
            self.rabbitmq.stop()
            self.postgres.stop()

    def wuye(self, *words: str) -> str:
        """The command, from where the secrets are; what it prints."""
        environment = {
            "WUYE_KEYS_DIR": str(self.secrets / "keys"),
            "WUYE_DATA_DIR": str(self.folder / "nothing"),
            **({"WUYE_BROKER_URL": self.brokers[OPERATOR]} if self.brokers else {}),
        }
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *words],
            env=_own(environment),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"wuye {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def grant(self) -> None:
        """What the operators do with the secrets: roles, databases, users of the broker."""
        passwords = self.secrets / "passwords.json"
        self.databases = databases.ensure(self.postgres, plan.SERVICES, passwords)
        everybody = broker.granted(plan.EDGE, OPERATOR)
        self.brokers = broker.ensure(self.rabbitmq, VHOST, everybody, self.secrets / "broker.json")

    def migrate(self) -> None:
        for service in plan.SERVICES:
            made = self.databases[service]
            urls = {"WUYE_DATABASE_URL": made.url, "WUYE_MIGRATION_URL": made.migration_url}
            subprocess.run(
                plan.migration(service), env=_own(urls), check=True, stdout=subprocess.DEVNULL
            )

    def names(self) -> list[str]:
        services = [f"{service}-{kind}" for service in plan.SERVICES for kind in KINDS]
        return [*services, plan.EDGE]

    def start(self, name: str, key: str = "") -> Process:
        """One process, under its name or another ``key``."""
        service, _, kind = name.partition("-")
        port = free_port()
        environment = {
            "WUYE_BROKER_URL": self.brokers[service],
            "WUYE_KEYS_DIR": str(self.secrets / "keys"),
            "WUYE_DATA_DIR": str(self.folder),
            "WUYE_HEALTH_PORT": str(port),
            "WUYE_LOG_FORMAT": "json",
        }
        if service == plan.EDGE:
            environment["WUYE_HTTP_PORT"] = str(free_port())
        else:
            masters = json.loads((self.secrets / "masters.json").read_text())
            environment["WUYE_MASTER_KEY"] = masters[service]
            environment["WUYE_DATABASE_URL"] = self.databases[service].url
        with (self.logs / f"{key or name}.log").open("ab") as log:
            popen = subprocess.Popen(
                [sys.executable, "-m", f"services.{service}", kind or "serve"],
                env=_own(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        process = Process(popen, port, int(environment.get("WUYE_HTTP_PORT", 0)))
        self.processes[key or name] = process
        return process

    def start_all(self) -> None:
        """In an order that nobody would choose, all at once; until all are ready."""
        for name in reversed(self.names()):
            self.start(name)
        for process in self.processes.values():
            process.wait_ready()

    def stop_all(self) -> None:
        for process in self.processes.values():
            process.popen.terminate()
        for process in self.processes.values():
            process.popen.wait(20)
        self.processes.clear()

    def restart(self, *names: str) -> None:
        """As a rollout of each: the new one is there before the old one goes."""
        old = [self.processes[name] for name in names]
        new = [self.start(name) for name in names]
        for before, now in zip(old, new, strict=True):
            # of two work processes one stands by, and is ready as such
            now.wait_ready()
            before.stop()
        for now in new:
            now.wait_ready()


def _own(more: Mapping[str, str]) -> dict[str, str]:
    own = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
    return {**own, **more}
