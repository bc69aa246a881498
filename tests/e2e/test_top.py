"""`wuye top` on a platform that runs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.servers.process import FolderLock
from tests.integration.cli.wuye import Wuye
from tests.support.edge import Site
from tests.support.estate import Estate
from tests.support.stack import Stack
from tests.support.waiting import wait_until


def _asked(site: Site, *options: str) -> subprocess.CompletedProcess[str]:
    """Other tests of the session may have left something that is wrong: then the code is 1."""
    return Wuye(site.folder).run("top", "--seconds", "1", *options)


def test_it_says_how_everything_does(site: Site) -> None:
    site.report()
    found: dict[str, Any] = json.loads(_asked(site, "--json").stdout)
    assert [(one["name"], one["fault"]) for one in found["processes"]] == [("platform", None)]
    assert found["processes"][0]["megabytes"] > 20
    names = ["analytics", "billing", "notifications", "security", "workorders"]
    assert [one["name"] for one in found["services"]] == names
    assert all(one["relay_events"] is not None for one in found["services"])
    handlers = {f"{one['service']}.{one['name']}" for one in found["handlers"]}
    assert {"workorders.order_board", "notifications.inbox", "analytics.ratings"} <= handlers


def test_it_is_a_page_for_people_too(site: Site) -> None:
    done = _asked(site, "--once")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"wuye top · the platform at {site.url} · ")
    assert (lines[1] == "all is well") == (done.returncode == 0)
    for word in ("workorders", "platform", "Handlers: ", "orders"):
        assert word in done.stdout


@pytest.fixture
def told(running_stack: Stack, stack_estate: Estate, tmp_path: Path) -> Iterator[Wuye]:
    """The command where the tests' stack is told of as `make stack` tells of its own."""
    folder = tmp_path / "stack"
    lock = FolderLock(folder, "the stack")
    lock.acquire()
    health = {
        f"{service}-{kind}": _health_port(running_stack, service, kind)
        for service in running_stack.services
        for kind in ("serve", "work")
    }
    (folder / "stack.json").write_text(json.dumps({"health": health}))
    yield Wuye(tmp_path)
    lock.release()


def _health_port(stack: Stack, service: str, kind: str) -> int:
    found = re.findall(r"health on port (\d+)", stack.log_of(service, kind))
    return int(found[-1])


@pytest.mark.integration
def test_a_process_that_hangs_is_named_until_it_goes_on(told: Wuye, running_stack: Stack) -> None:
    hung = running_stack.processes["analytics", "work"].pid
    os.kill(hung, signal.SIGSTOP)
    try:
        done = told("top", "--once", "--seconds", "0.2", code=1)
    finally:
        os.kill(hung, signal.SIGCONT)
    wrong = [line for line in done.stdout.splitlines() if line.startswith("! ")]
    assert "! analytics-work does not answer: timed out" in wrong
    assert "! nobody leads the log of analytics" in wrong

    def left() -> list[str]:
        done = told.run("top", "--json", "--seconds", "0.2")
        return [line for line in json.loads(done.stdout)["wrong"] if "analytics" in line]

    wait_until("it is not named any more", lambda: not left())


def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    said = Wuye(tmp_path)("top", "--once", code=1).stderr
    assert said.startswith(f"wuye: nothing serves from {tmp_path}") and said.count("\n") == 1


@pytest.mark.parametrize("options", [("--seconds", "0"), ("--seconds", "soon")])
def test_a_wrong_option_is_refused(tmp_path: Path, options: tuple[str, str]) -> None:
    assert "--seconds" in Wuye(tmp_path)("top", "--once", *options, code=1).stderr
