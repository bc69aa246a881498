"""Running the programs beside this file as processes of their own."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **more}


class StockService:
    """`stock.py` as a process; ``events()`` waits for what its handler got."""

    def __init__(self, url: str, kind: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "stock.py"), url, kind],
            cwd=ROOT,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        assert self._lines.get(timeout=30) == "READY"

    def events(self, count: int) -> list[dict[str, Any]]:
        lines = [self._lines.get(timeout=20) for _ in range(count)]
        return [json.loads(line.removeprefix("EVENT ")) for line in lines]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))


def run_green(checks: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest over one file of checks, in a monkey-patched process, without what they do not use."""
    known = [part for name in ("pytest_timeout", "pytest_rerunfailures") for part in ("-p", name)]
    plain = ["-q", "--noconftest", "-p", "no:cacheprovider", *known]
    return subprocess.run(
        [sys.executable, HERE / "green.py", *plain, HERE / checks],
        cwd=ROOT,
        env=_environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", **environment),
        capture_output=True,
        text=True,
        timeout=330,
    )
