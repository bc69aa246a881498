"""`wuye stack` for real, with stand-ins for the services."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from cli.stack import plan
from cli.stack.plan import Program
from cli.stack.supervisor import Supervisor
from shared.errors import Unavailable
from shared.servers.ports import free_port, is_free
from shared.servers.provision import prometheus_programs

pytestmark = [pytest.mark.integration, pytest.mark.faults]

ROOT = Path(__file__).parents[2]
STAND_IN = Path(__file__).parent / "stack_programs" / "service.py"


class Running:
    """A `wuye stack` of our own, and what it printed so far."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.edge = free_port()
        self.process = command(folder, data, self.edge, subprocess.PIPE)
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def until(self, done: Callable[[], bool], what: str, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end or self.process.poll() is not None:
                pytest.fail(f"{what} did not come\n" + "\n".join(self.lines))
            time.sleep(0.1)

    def count(self, *words: str) -> int:
        return sum(all(word in line for word in words) for line in list(self.lines))

    def has(self, *words: str) -> bool:
        return self.count(*words) > 0

    def ready(self) -> None:
        self.until(lambda: self.has("all 11 processes are ready"), "readiness", 180)

    def everything(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def settings(self, name: str) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.folder / f"{name}.json").read_text())
        return found


def command(folder: Path, data: Path, edge: int, stdout: int) -> subprocess.Popen[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
    environment |= {"WUYE_DATA_DIR": str(data), "WUYE_HTTP_PORT": str(edge)}
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", "stack", "--empty"],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
    )


def all_gone(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still live after so many seconds; zombies have ended."""

    def living() -> list[psutil.Process]:
        return [
            process
            for process in processes
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        ]

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if not living():
                return []
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.1)
    return living()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder whose `services` are stand-ins: `python -m` looks there first."""
    found = tmp_path_factory.mktemp("stack")
    # Installed here where it is missing, so that it does not count as starting.
    with contextlib.suppress(Unavailable):
        prometheus_programs()
    for name in (*plan.SERVICES, plan.EDGE):
        package = found / "services" / name
        package.mkdir(parents=True)
        shutil.copy(STAND_IN, package / "__main__.py")
        (package / "__init__.py").touch()
    (found / "services" / "__init__.py").touch()
    return found


@pytest.fixture
def stack(folder: Path) -> Iterator[Running]:
    running = Running(folder, folder / "data with 100% odd name")
    yield running
    running.process.terminate()
    running.process.wait(120)


def test_it_serves_restarts_what_dies_and_stops_in_order(stack: Running, folder: Path) -> None:
    stack.ready()
    assert stack.has("security-serve", "| serving 漏水")
    assert stack.has("stack", f"http://127.0.0.1:{stack.edge}")
    where = json.loads((folder / "data with 100% odd name" / "stack" / "stack.json").read_text())
    assert len(where["health"]) == 11
    _is_watched(stack, where["prometheus"])
    _roles_are_narrow(stack)

    second = command(folder, folder / "data with 100% odd name", free_port(), subprocess.PIPE)
    refused, _ = second.communicate(timeout=90)
    assert second.returncode == 1
    assert refused.count("\n") == 1
    assert "already running" in refused

    (folder / "end-billing-work").touch()
    stack.until(lambda: stack.has("exited: billing-work"), "the end of billing-work")
    stack.until(lambda: stack.count("billing-work", "serving") == 2, "its restart")

    everything = stack.everything()
    assert len(everything) > 15
    began = time.monotonic()
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(120) == 0
    # for each that is stuck the manager waits twenty seconds
    assert time.monotonic() - began < 60
    assert all_gone(everything, 10) == []
    assert is_free(stack.edge)
    stopped = [line.split()[0] for line in stack.lines if line.endswith("| stopping")]
    assert stopped[0] == "gateway"
    assert sorted(stopped[1:6]) == sorted(f"{name}-serve" for name in plan.SERVICES)
    assert stack.lines[-1].endswith("| stopped")


def _is_watched(stack: Running, url: str | None) -> None:
    assert url is not None, "Prometheus is neither there nor to be had: install Debian's prometheus"

    def asked(what: str) -> Any:
        with urllib.request.urlopen(f"{url}/api/v1/{what}", timeout=10) as answer:
            return json.load(answer)["data"]

    def all_scraped() -> bool:
        with contextlib.suppress(OSError):
            jobs = {one["labels"]["job"] for one in asked("targets")["activeTargets"]}
            return jobs == {*plan.SERVICES, plan.EDGE, "rabbitmq", "postgres"}
        return False

    stack.until(all_scraped, "every process among Prometheus' targets")
    names = {group["name"] for group in asked("rules")["groups"]}
    assert names == {"wuye-alerts", "wuye-slo"}


def _roles_are_narrow(stack: Running) -> None:
    own = stack.settings("billing-serve")["WUYE_DATABASE_URL"]
    assert "WUYE_MIGRATION_URL" not in stack.settings("billing-serve")
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("INSERT INTO events VALUES ('kept')")
        for change in ("DELETE FROM events", "UPDATE events SET text = ''", "TRUNCATE events"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(own.rpartition("/")[0] + "/wuye_security")


def test_killed_it_leaves_nothing_running_and_its_data_in_place(stack: Running) -> None:
    stack.ready()
    with psycopg.connect(stack.settings("billing-serve")["WUYE_DATABASE_URL"]) as connection:
        assert connection.execute("SELECT text FROM events").fetchall() == [("kept",)]
    everything = stack.everything()
    stack.process.kill()
    stack.process.wait()
    assert all_gone(everything, 30) == []


def test_a_taken_port_is_said_in_one_line(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        refused = command(folder, tmp_path, port, subprocess.PIPE)
        said, _ = refused.communicate(timeout=90)
    assert refused.returncode == 1
    assert said.count("\n") == 1
    assert f"port {port} is taken" in said and "WUYE_HTTP_PORT" in said


def test_a_killed_process_manager_takes_its_processes_along(tmp_path: Path) -> None:
    lines: list[tuple[str, str]] = []
    sleeper = (sys.executable, "-c", "import os, time; print(os.getpid()); time.sleep(600)")
    programs = [Program(f"{group}-1", group, sleeper, 0) for group in plan.GROUPS]
    supervisor = Supervisor(tmp_path, programs, lambda name, line: lines.append((name, line)))
    supervisor.start({**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        end = time.monotonic() + 30
        while sum(line.isdigit() for _, line in lines) < 3 and time.monotonic() < end:
            supervisor.pump(0.2)
        pids = [int(line) for _, line in lines if line.isdigit()]
        sleepers = [psutil.Process(pid) for pid in pids]
        assert len(sleepers) == 3
        psutil.Process(sleepers[0].ppid()).kill()
        while supervisor.running:
            supervisor.pump(0.2)
    finally:
        supervisor.stop()
    assert all_gone(sleepers, 30) == []
