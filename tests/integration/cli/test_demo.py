"""The demo ends by itself, and the same seed gives the same figures, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.cli.wuye import ROOT, Wuye


def played(folder: Path, *seeds: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("demo_twice.py")), str(folder),
         *map(str, seeds)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=330,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    first, second = played(tmp_path, 7, 7)
    assert first["printed"] == second["printed"]
    assert first["digests"] == second["digests"]
    shown = first["printed"]
    assert first["digests"].keys() >= {
        "workorders.order_board",
        "billing.bills",
        "notifications.inbox",
        "analytics.ratings",
        "analytics.milestones",
    }
    for words in (
        "The month",
        "Outcomes",
        "What happened",
        "Satisfaction",
        "Efficiency",
        "¥",
        "seed 7",
    ):
        assert words in shown


def test_it_wants_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "security.sqlite").touch()
    said = Wuye(tmp_path)("demo", "--data-dir", str(tmp_path), code=1).stderr
    assert "holds data already" in said
