"""The `wuye` command finds its sub-commands, and an error is one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.main import wuye

ROOT = Path(__file__).parents[3]
CONTEXT = click.Context(wuye)


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env=environment | settings,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", wuye.list_commands(CONTEXT))
def test_a_module_is_a_command_of_its_name_with_a_help_line(name: str) -> None:
    command = wuye.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str()


def test_an_unknown_command_is_one_line() -> None:
    done = run("nonsense")
    assert done.returncode == 1
    assert done.stderr == "wuye: No such command 'nonsense'.\n"


def test_every_wrong_setting_is_one_line() -> None:
    done = run("stack", WUYE_NONSENSE="1", WUYE_HTTP_PORT="none")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["wuye"] * 2
    assert "WUYE_HTTP_PORT" in lines[0] and "WUYE_NONSENSE" in lines[1]


def test_a_traceback_comes_on_demand_alone() -> None:
    assert "Traceback" not in run("nonsense").stderr
    assert "Traceback" in run("nonsense", WUYE_DEBUG="1").stderr


def test_help_lists_the_commands() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "stack" in done.stdout
