"""The `wuye` command as a process, as people use it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Wuye:
    """``folder`` is its data folder; ``more`` of its environment."""

    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run one command to its end; fails when it ends with another code."""
        done = self.run(*arguments)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, whatever its code."""
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    @property
    def environment(self) -> dict[str, str]:
        own = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
        ours = {"WUYE_HTTP_PORT": "0", "WUYE_PASSWORD_COST": "light", "COLUMNS": "200"}
        return {**own, **ours, "WUYE_DATA_DIR": str(self.folder), **self.more}

    @contextmanager
    def running(self, *options: str) -> Iterator[None]:
        """`wuye run`, until the end of the block; its log is in the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "run.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "run", *options],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            told = self.folder / "edge.json"

            def serves() -> bool:
                assert process.poll() is None, (self.folder / "run.log").read_text()
                return told.exists() and told.read_text().endswith("\n")

            wait_until(f"it serves, as {self.folder / 'run.log'} tells", serves, 150)
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
