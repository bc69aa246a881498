"""The log under eventlet, in a process of its own, since monkey-patching is for whole processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared.servers import PrivatePostgres
from tests.support.stores import service_url

ROOT = Path(__file__).parents[3]


def run_green(place: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.eventlog.green_program", place],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0 and done.stdout.strip() == "all well", done.stdout + done.stderr


def test_the_log_on_sqlite_under_green_threads(tmp_path: Path) -> None:
    run_green(str(tmp_path / "toys.sqlite"))


@pytest.mark.integration
def test_the_log_on_postgres_under_green_threads(database: str, postgres: PrivatePostgres) -> None:
    run_green(service_url(database, postgres))
