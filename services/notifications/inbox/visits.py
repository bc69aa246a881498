"""When a visit is, as texts say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


def when(data: Mapping[str, Any]) -> dict[str, str | int]:
    """As people there read it, in figures that every language has: ``2026-03-05 14:00–16:00``."""
    zone = ZoneInfo(data["zone"])
    starts, ends = (
        datetime.fromisoformat(data[name]).astimezone(zone) for name in ("starts", "ends")
    )
    last = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%Y-%m-%d %H:%M}"
    return {"when": f"{starts:%Y-%m-%d %H:%M}–{last}"}
