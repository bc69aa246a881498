"""Our side: services as processes on the servers of the run, furnished, with a client.

The processes are those of `tests.support.stack.Stack`: what is tested is what is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from benchmarks.load.casting import cast_of
from benchmarks.processes import Meter, end
from benchmarks.programs import Program
from benchmarks.rounds import Round
from benchmarks.servers import Servers
from cli import community
from tests.support.stack import Stack

# those whose work the usual composition does too; billing and notifications do more
SERVICES = ("security", "workorders", "analytics")
VISIBLE_SECONDS = 120.0
_TOKEN_SECONDS = 240.0
_RELAY = "SELECT position FROM positions WHERE handler = 'relay'"
VIEWS_POSITION = """
    SELECT min(position) FROM positions JOIN view_builds ON view = handler
    AND view_builds.build = positions.build
    WHERE live AND handler IN ('ratings', 'milestones')
"""


class KeptStack(Stack):
    """A stack that keeps its connections for SQL: opening them would be metered as PostgreSQL's."""

    def __enter__(self) -> KeptStack:
        self._kept: dict[str, psycopg.Connection[Any]] = {}
        super().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in self._kept.values():
            connection.close()
        super().__exit__(kind, error, trace)

    def query(self, service: str, text: str, *params: Any) -> list[tuple[Any, ...]]:
        if service not in self._kept:
            self._kept[service] = psycopg.connect(self.owner_urls[service], autocommit=True)
        return self._kept[service].execute(text.encode(), params).fetchall()


class Ours:
    """Use it as a context manager."""

    def __init__(self, servers: Servers, folder: Path, services: Sequence[str] = SERVICES) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.servers = servers
        # as it is unless told: tests do with less
        more = {"WUYE_PASSWORD_COST": "strong"}
        self.stack = KeptStack(
            servers.postgres, servers.rabbitmq, folder, services, environment=more
        )
        self._tokens: dict[str, str] = {}
        self._renew_at = 0.0

    def __enter__(self) -> Ours:
        with ExitStack() as undo:
            undo.enter_context(self.stack)
            self.stack.start_all()
            self.registered = community.register(self.stack.call)
            self.stack.settle()
            self.client = Program(
                "benchmarks.load.client",
                *(self.stack.broker_url, "workorders", "ours"),
                log=self.folder / "client.log",
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

    # -- processes -----------------------------------------------------------------------------

    def pids(self) -> list[int]:
        return [*(one.pid for one in self.stack.processes.values()), self.client.pid]

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]:
        found: dict[str, Callable[[], Sequence[int]]] = {"client": lambda: [self.client.pid]}
        for (service, kind), process in self.stack.processes.items():
            found[f"{service}_{kind}"] = partial(list, [process.pid])
        return found

    def restart(self, between: Callable[[], None]) -> None:
        """Stop all processes, do something, start them again."""
        end(list(self.stack.processes.values()))
        between()
        self.stack.start_all()
        self.stack.settle()

    # -- load ----------------------------------------------------------------------------------

    def cast(self) -> dict[str, Any]:
        """Who takes part, with tokens that hold for some minutes."""
        if time.monotonic() > self._renew_at:
            for login in cast_of(self.registered, {}).logins():
                request = {"login": login, "password": community.PASSWORD}
                answer = self.stack.call("security", "login", request)
                self._tokens[login] = answer["access_token"]
            self._renew_at = time.monotonic() + _TOKEN_SECONDS
        return asdict(cast_of(self.registered, self._tokens))

    def load(self, way: str, seconds: float, **more: Any) -> Mapping[str, Any]:
        """One round of the client, until all of it is visible: what the client saw, and
        ``visible``, the moment.
        """
        before = self._events()
        found: dict[str, Any] = self.client.ask(
            "run", way=way, cast=self.cast(), seconds=seconds, **more
        )
        if found["errors"]:
            raise RuntimeError(f"commands failed: {found['errors']}")
        self._wait_visible(found["last_position"])
        found["visible"] = time.monotonic()
        stored = self._events() - before
        if stored != found["commands"]:
            raise RuntimeError(f"{found['commands']} commands were answered, {stored} stored")
        return found

    def _events(self) -> int:
        """By the identity column: nothing else writes to this log, and no insert fails here."""
        return self._one(
            "workorders", "SELECT coalesce(max(notification_id), 0) FROM stored_events"
        )

    def seen_in_views(self) -> int:
        return self._one("analytics", VIEWS_POSITION)

    def _wait_visible(self, position: int) -> None:
        until = time.monotonic() + VISIBLE_SECONDS
        while self.seen_in_views() < position or self._one("workorders", _RELAY) < position:
            if time.monotonic() > until:
                raise RuntimeError(f"not visible after {VISIBLE_SECONDS:g} s")
            time.sleep(0.002)

    def _one(self, service: str, text: str) -> int:
        return int(self.stack.query(service, text)[0][0] or 0)


class Way:
    """``each`` or ``batch``: a contestant."""

    def __init__(self, ours: Ours, way: str) -> None:
        self.name = way
        self._ours = ours

    def pids(self) -> Sequence[int]:
        return self._ours.pids()

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]:
        return self._ours.groups()

    def prepare(self, in_flight: int) -> None:
        """Policies have caught up, too: a round does not wait for those."""
        self._ours.cast()
        self._ours.stack.settle()

    def run(self, in_flight: int, seconds: float) -> Round:
        meter = Meter({**self._ours.servers.groups(), **self.groups()})
        found = self._ours.load(self.name, seconds, in_flight=in_flight)
        return Round(
            found["lifecycles"],
            found["visible"] - found["started"],
            found["latencies_ms"],
            meter.seconds(),
        )
