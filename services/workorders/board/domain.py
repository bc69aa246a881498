"""The lanes of the board: how far an open order is. Pure."""

from __future__ import annotations

# lane to the state and, within it, the activity that make it
LANES: dict[str, tuple[str, str | None]] = {
    "submitted": ("submitted", None),
    "waiting": ("dispatched", "waiting"),
    "working": ("dispatched", "working"),
    "paused": ("dispatched", "paused"),
    "repaired": ("repaired", None),
}


def lane(state: str, activity: str) -> str | None:
    """None for what is closed."""
    for name, (of, within) in LANES.items():
        if state == of and within in (None, activity):
            return name
    return None
