"""What a test turns on and off in running processes: files in the folder `SWITCHES` names."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "SWITCHES"


def is_on(name: str) -> bool:
    return (Path(os.environ[FOLDER]) / name).exists()
