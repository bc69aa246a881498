"""Single processes of a stack, each with a log and an environment of its own, and their health."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.support.stack import Stack
from tests.support.waiting import wait_until


class Running:
    """One process. Its log is JSON lines, but for what is said to whoever started it."""

    def __init__(self, argv: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *argv],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def kill(self) -> None:
        """SIGKILL: no farewell of any kind."""
        self.process.kill()
        self.process.wait()

    def ask_to_stop(self) -> None:
        os.kill(self.process.pid, signal.SIGTERM)

    def stop(self, seconds: float = 60.0) -> int:
        """SIGTERM; the exit code."""
        self.ask_to_stop()
        return self.process.wait(seconds)

    def alive(self) -> bool:
        return self.process.poll() is None

    # -- what it says --------------------------------------------------------------------------

    def said(self) -> list[str]:
        """Its lines that are no log lines."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if line and not line.startswith("{")]

    def logged(self, event: str) -> bool:
        """Whether a log line's event contains this."""
        return any(event in str(line.get("event")) for line in self._log_lines())

    def _log_lines(self) -> list[dict[str, Any]]:
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def until_logged(self, event: str, seconds: float = 90.0) -> None:
        wait_until(f"{self.log.name} says {event!r}", lambda: self.logged(event), seconds)

    # -- its health ------------------------------------------------------------------------------

    def get(self, path: str, *, seconds: float = 10.0) -> tuple[int, bytes]:
        """One GET on its health port."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=seconds)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def missing(self) -> dict[str, str]:
        """What /readyz misses; nothing where it is ready."""
        status, body = self.get("/readyz")
        found: dict[str, str] = json.loads(body)["missing"]
        assert (status == 200) == (not found), (status, found)
        return found

    def wait_ready(self, seconds: float = 90.0) -> None:
        wait_until(f"{self.log.name} is ready", lambda: not self.missing(), seconds)

    def _port(self) -> int:
        def told() -> int | None:
            assert self.alive(), self.log.read_text()
            ports = [
                int(str(line["event"]).removeprefix("health on port "))
                for line in self._log_lines()
                if str(line.get("event")).startswith("health on port ")
            ]
            return ports[0] if ports else None

        return int(wait_until("a health port", told))


class Processes(Stack):
    """A stack whose processes are started one by one."""

    _count = itertools.count(1)

    def run(self, service: str, kind: str, **environment: str) -> Running:
        """Start ``serve`` or ``work`` of a service, with this in its environment too."""
        return self.run_command(service, [kind], **environment)

    def run_command(self, service: str, arguments: list[str], **environment: str) -> Running:
        number = next(self._count)
        running = Running(
            [self._module(service), *arguments],
            {**self._environment(service), **environment},
            self.folder / f"{number}-{service}-{'-'.join(arguments)}.log",
        )
        self._running.append(running)
        return running

    def __enter__(self) -> Processes:
        self._running: list[Running] = []
        super().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        alive = [one for one in self._running if one.alive()]
        for one in alive:
            one.ask_to_stop()
        until = time.monotonic() + 20
        for one in alive:
            try:
                one.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()
        super().__exit__(kind, error, trace)
