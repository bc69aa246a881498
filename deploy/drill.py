"""``python -m deploy.drill``: cause faults on a stack of its own, and see the alerts come and go.

The rules are production's, with their own durations, so it takes some eight minutes. What was seen
is printed, and with ``--write`` put into ``docs/runbooks/README.md``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from cli import community
from cli.operator import Operator, connect
from cli.stack import broker, databases, plan, watching
from cli.stack.plan import Program
from cli.stack.supervisor import Supervisor
from deploy import life
from deploy.checks.kubectl import ROOT
from deploy.grafana.boards import BOARDS
from shared.config.settings import OperatorSettings
from shared.errors import WuyeError
from shared.identity import keys
from shared.identity.operator import OPERATOR
from shared.messaging import rights
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from shared.servers.ports import free_port
from shared.servers.prometheus import PrivatePrometheus

PAGE = ROOT / "docs" / "runbooks" / "README.md"
BEGIN, END = "<!-- drill: begin -->", "<!-- drill: end -->"
_SECONDS = 240
_VHOST = "wuye"


@dataclass
class Seen:
    alert: str
    fault: str
    fired: float
    cleared: float = 0.0


class Drill:
    """The stack, piece by piece, so that each can be broken and mended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.postgres = PrivatePostgres(folder / "postgres")
        self.rabbitmq = PrivateRabbitMQ(folder / "rabbitmq", vhost=_VHOST, watched=True)
        self.rights = broker.granted(plan.EDGE, OPERATOR)
        self.brokers: dict[str, str] = {}
        self.databases: dict[str, databases.Database] = {}
        self.prometheus: PrivatePrometheus | None = None
        self.seen: list[Seen] = []

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
            self.prometheus = watching.start(
                self._folder / "prometheus", programs, self.rabbitmq.metrics_port
            )
            stack.callback(self.prometheus.stop)
            self._furnish()
            yield

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

    # -- alerts -------------------------------------------------------------------------------

    def query(self, expression: str) -> list[Any]:
        """What Prometheus answers to an instant query."""
        assert self.prometheus is not None
        words = urllib.parse.urlencode({"query": expression})
        url = f"{self.prometheus.url}/api/v1/query?{words}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: list[Any] = json.load(answer)["data"]["result"]
        return found

    def firing(self) -> set[str]:
        assert self.prometheus is not None
        with urllib.request.urlopen(f"{self.prometheus.url}/api/v1/alerts", timeout=10) as answer:
            found = json.load(answer)["data"]["alerts"]
        return {one["labels"]["alertname"] for one in found if one["state"] == "firing"}

    def see(
        self,
        faults: Mapping[str, str],
        mend: Callable[[], None],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait until each alert has come, mend, and wait until they have gone.

        ``meanwhile`` is done every few seconds until they have come: the broker remembers what a
        channel may do for up to a minute, so that only a later event meets what was changed.
        """
        begun = time.monotonic()
        missing = dict(faults)
        while missing:
            for alert in self.firing() & set(missing):
                self.seen.append(Seen(alert, missing.pop(alert), time.monotonic() - begun))
                print(f"drill: {alert} after {self.seen[-1].fired:.0f} s", flush=True)
            if time.monotonic() - begun > _SECONDS:
                raise AssertionError(f"these alerts did not come: {sorted(missing)}")
            meanwhile()
            time.sleep(2)
        mend()
        mended = time.monotonic()
        here = [one for one in self.seen if one.alert in faults]
        while any(not one.cleared for one in here):
            firing = self.firing()
            for one in here:
                if not one.cleared and one.alert not in firing:
                    one.cleared = time.monotonic() - mended
                    print(f"drill: {one.alert} gone {one.cleared:.0f} s after", flush=True)
            if time.monotonic() - mended > _SECONDS:
                raise AssertionError(f"these alerts did not go: {sorted(firing)}")
            time.sleep(1)


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


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wuye-drill-") as folder:
        Path(folder).chmod(0o755)
        drill = Drill(Path(folder))
        with drill.running():
            _dashboards(drill)
            quiet = drill.firing()
            assert not quiet, f"firing before anything was broken: {quiet}"
            _first(drill)
            _second(drill)
            _third(drill)
    table = _table(drill.seen)
    print(table)
    if "--write" in sys.argv[1:]:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}")
    return 0


def _dashboards(drill: Drill) -> None:
    """Every query of every dashboard finds something, once an order went its way."""
    wait("an order is taken", lambda: _order(drill))
    missing = {query.expression for board in BOARDS for query in board.queries}
    asked = len(missing)

    def found() -> bool:
        for expression in sorted(missing):
            if drill.query(expression):
                missing.remove(expression)
        return not missing

    try:
        wait("every query of the dashboards finds something", found, 120)
    finally:
        for expression in sorted(missing):
            print(f"drill: finds nothing: {expression}", flush=True)
    print(f"drill: each of {asked} queries of {len(BOARDS)} dashboards finds something", flush=True)


def _order(drill: Drill) -> bool:
    """What was registered a moment ago may not be known everywhere yet."""
    try:
        life.order(drill.brokers[plan.EDGE])
    except WuyeError as error:
        print(f"drill: not yet: {error.message}", flush=True)
        return False
    return True


def _first(drill: Drill) -> None:
    """A process that hangs, a wrong permission, a log that is not the one that was followed."""
    hung = drill.process_of("billing-work")
    mute = drill.rights["security"]
    drill.change(
        "analytics", "UPDATE positions SET log_id = 'another' WHERE handler = 'revoked_sessions'"
    )
    os.kill(drill.process_of("analytics-work"), signal.SIGTERM)
    os.kill(hung, signal.SIGSTOP)
    drill.grant("security", rights.Rights("^$", "^nameko-rpc$", mute.read, mute.call, mute.answer))

    def log_in() -> None:
        with drill.operator() as operator, contextlib.suppress(WuyeError):
            operator.call("security", "login", {"login": "resident1", "password": "wuye-demo"})

    def mend() -> None:
        os.kill(hung, signal.SIGCONT)
        drill.grant("security", mute)
        drill.change(
            "analytics",
            "UPDATE positions SET log_id = NULL, status = 'following' "
            "WHERE handler = 'revoked_sessions'",
        )
        os.kill(drill.process_of("analytics-work"), signal.SIGTERM)

    drill.see(
        {
            "WuyeProcessDown": "`SIGSTOP` to billing's work process",
            "WuyeNoLeader": "`SIGSTOP` to billing's work process",
            "WuyeRelayBehind": "security's user of the broker may not write into its exchange",
            "WuyeFollowerStopped": "the position of analytics' revoked_sessions names another log",
        },
        mend,
        log_in,
    )


def _second(drill: Drill) -> None:
    """The broker is killed, and comes back."""
    drill.rabbitmq.kill()
    drill.see({"WuyeBrokerDown": "`SIGKILL` to the broker"}, drill.rabbitmq.start)


def _third(drill: Drill) -> None:
    """Rows that a policy reads are damaged; a service's log does not answer."""
    kept = drill.damage_people()
    wait("an order is taken", lambda: _order(drill))
    hung = drill.process_of("security-work")
    os.kill(hung, signal.SIGSTOP)

    def mend() -> None:
        os.kill(hung, signal.SIGCONT)
        drill.mend_people(kept)
        with drill.operator() as operator:
            wait("nothing is parked", lambda: _retried(operator))

    drill.see(
        {
            "WuyeEventsParked": "rows that notifications' policies read are damaged",
            "WuyeFollowerBehind": "`SIGSTOP` to security's work process",
        },
        mend,
    )


def _retried(operator: Operator) -> bool:
    """Every parked subject is tried again; whether none is left."""
    left = operator.call("notifications.ops", "parked", {})["parked"]
    for handler, subject in {(one["handler"], one["subject"]) for one in left}:
        with contextlib.suppress(WuyeError):
            request = {"handler": handler, "subject": subject}
            operator.call("notifications.ops", "retry_parked", request)
    return not left


def _table(seen: list[Seen]) -> str:
    head = "| alert | fault | fired after | gone after mending |\n| --- | --- | ---: | ---: |"
    rows = [
        f"| [{one.alert}]({one.alert}.md) | {one.fault} | {one.fired:.0f} s | {one.cleared:.0f} s |"
        for one in seen
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    sys.exit(main())
