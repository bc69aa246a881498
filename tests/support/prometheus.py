"""promtool for tests, installed where it is missing and we may; else the test is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.servers.provision import prometheus_programs


def promtool() -> Path:
    try:
        return prometheus_programs() / "promtool"
    except Unavailable as missing:
        pytest.fail(str(missing))
