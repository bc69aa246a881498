"""Starts everything in order, shows what happens, and stops everything in the reverse order."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from cli.stack import broker, databases, plan, watching
from cli.stack.databases import Database
from cli.stack.furnish import furnish
from cli.stack.plan import Program
from cli.stack.readiness import Readiness
from cli.stack.supervisor import Supervisor
from cli.stack.terminal import Terminal
from shared.config.settings import OperatorSettings
from shared.errors import Conflict, Unavailable
from shared.identity import keys
from shared.identity.operator import OPERATOR
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from shared.servers.ports import free_port, is_free
from shared.servers.process import FolderLock

VHOST = "wuye"


class Interrupted(Exception):
    """SIGINT, SIGTERM or SIGHUP: stop everything."""


def run(settings: OperatorSettings, *, empty: bool = False) -> None:
    """Serve until a signal. Raises `Conflict` or `Unavailable` when it cannot start.

    `empty`: without the demo community.
    """
    folder = settings.data_dir.absolute() / "stack"
    lock = FolderLock(folder, "the stack")
    lock.acquire()
    if not is_free(settings.http_port):
        raise Conflict(
            f"port {settings.http_port} is taken: stop who listens there, "
            "or set WUYE_HTTP_PORT to another one"
        )
    health_ports = [free_port() for _ in range(2 * len(plan.SERVICES) + 1)]
    terminal = Terminal([*plan.SERVICES, plan.EDGE])
    with _signals(), contextlib.ExitStack() as stack:
        stack.callback(lock.release)
        try:
            postgres, rabbitmq = _servers(stack, folder, terminal)
            made = databases.ensure(postgres, plan.SERVICES, folder / "roles.secret")
            keys.ensure(folder / "keys", [*plan.SERVICES, plan.EDGE, OPERATOR])
            everybody = broker.granted(plan.EDGE, OPERATOR)
            brokers = broker.ensure(rabbitmq, VHOST, everybody, folder / "broker.secret")
            environment = plan.shared_environment(folder, settings.log_format)
            _migrate(made, environment, terminal)
            programs = plan.programs(made, brokers, settings.http_port, health_ports)
            metrics, exported = _watch(stack, folder, programs, (postgres, rabbitmq), terminal)
            stack.enter_context(
                _announced(
                    folder,
                    metrics,
                    brokers[OPERATOR],
                    settings.http_port,
                    programs,
                    {"broker": rabbitmq.metrics_port, "postgres": exported},
                )
            )
            first = (
                None if empty else partial(furnish, brokers[OPERATOR], folder / "keys", terminal)
            )
            _serve(folder, programs, environment, terminal, settings.http_port, first)
        except Interrupted:
            terminal.say("stopping before all was started")
    terminal.say("stopped")


def _servers(
    stack: contextlib.ExitStack, folder: Path, terminal: Terminal
) -> tuple[PrivatePostgres, PrivateRabbitMQ]:
    postgres = PrivatePostgres(folder / "postgres")
    rabbitmq = PrivateRabbitMQ(folder / "rabbitmq", vhost=VHOST, watched=True)
    terminal.say(f"starting PostgreSQL and RabbitMQ in {folder}")
    stack.callback(rabbitmq.stop)
    stack.callback(postgres.stop)
    postgres.start()
    terminal.say(f"PostgreSQL is ready on port {postgres.port}")
    rabbitmq.start()
    terminal.say(f"RabbitMQ is ready on port {rabbitmq.port}")
    return postgres, rabbitmq


def _watch(
    stack: contextlib.ExitStack,
    folder: Path,
    programs: Sequence[Program],
    servers: tuple[PrivatePostgres, PrivateRabbitMQ],
    terminal: Terminal,
) -> tuple[str | None, int | None]:
    """The URL of a Prometheus over it all, and the port of the databases' exporter; None, and a
    line that says why, where there is none.
    """
    postgres, rabbitmq = servers
    exported: int | None = None
    try:
        exporter = watching.exporter(folder / "postgres-exporter", postgres.url())
        stack.callback(exporter.stop)
        exported = exporter.port
    except Unavailable as missing:
        terminal.say(f"the databases are not watched: {missing.message}")
    try:
        prometheus = watching.start(
            folder / "prometheus", programs, rabbitmq.metrics_port, exported
        )
    except Unavailable as missing:
        terminal.say(f"not watched: {missing.message}")
        return None, exported
    stack.callback(prometheus.stop)
    terminal.say(f"metrics and alerts: {prometheus.url}/alerts")
    return prometheus.url, exported


def _migrate(
    made: Mapping[str, Database], environment: Mapping[str, str], terminal: Terminal
) -> None:
    def migrate(service: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            plan.migration(service),
            env={
                **environment,
                "WUYE_DATABASE_URL": made[service].url,
                "WUYE_MIGRATION_URL": made[service].migration_url,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    with ThreadPoolExecutor(2) as pool:
        finished = dict(zip(made, pool.map(migrate, made), strict=True))
    for service, done in finished.items():
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        for line in lines:
            terminal.say(f"migrate {service}: {line}")
        if done.returncode != 0:
            last = lines[-1] if lines else f"exit code {done.returncode}"
            raise Unavailable(f"the database of {service} could not be migrated: {last}")


def _serve(
    folder: Path,
    programs: Sequence[Program],
    environment: Mapping[str, str],
    terminal: Terminal,
    http_port: int,
    first: Callable[[], None] | None,
) -> None:
    """`first`: what is done once all are ready, while they serve."""
    supervisor = Supervisor(folder / "supervisor", programs, terminal.tell)
    readiness = Readiness({each.name: each.health_port for each in programs})
    told = False
    try:
        supervisor.start(environment)
        _summary(programs, terminal, http_port)
        readiness.start()
        while supervisor.running:
            supervisor.pump(0.5)
            if terminal.gone:
                raise Interrupted
            if readiness.reached.is_set() and not told:
                told = True
                terminal.say(
                    f"all {len(programs)} processes are ready: http://127.0.0.1:{http_port}"
                )
                if first is not None:
                    threading.Thread(target=first, name="furnish", daemon=True).start()
    except Interrupted:
        terminal.say("stopping: the edge first, the servers last")
        return
    finally:
        readiness.stop()
        supervisor.stop()
    raise Unavailable(f"the process manager ended: {supervisor.last_words()}")


def _summary(programs: Sequence[Program], terminal: Terminal, http_port: int) -> None:
    terminal.say(f"edge:   http://127.0.0.1:{http_port}")
    terminal.say("health: http://127.0.0.1:PORT/readyz, /healthz and /metrics, where PORT is")
    for program in programs:
        terminal.say(f"        {program.health_port} for {program.name}")
    terminal.say(f"starting {len(programs)} processes; Ctrl-C stops everything")


@contextlib.contextmanager
def _announced(
    folder: Path,
    metrics: str | None,
    broker_url: str,
    http_port: int,
    programs: Sequence[Program],
    servers: Mapping[str, int | None],
) -> Iterator[None]:
    """While the stack runs, `stack.json` says where everything is, to commands on this machine."""
    file = folder / "stack.json"
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(
        json.dumps(
            {
                "edge": f"http://127.0.0.1:{http_port}",
                "broker_url": broker_url,
                "keys_dir": str(folder / "keys"),
                **{f"{name}_metrics": port for name, port in servers.items()},
                "prometheus": metrics,
                "health": {program.name: program.health_port for program in programs},
            },
            indent=2,
        )
        + "\n"
    )
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """The first signal interrupts the main thread; stopping is bounded, so more do nothing."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Interrupted

    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
