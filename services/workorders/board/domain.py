"""The lanes of the board: how far an open order is. Pure."""

from __future__ import annotations

# lane to the states and, within them, the activity that make it
LANES: dict[str, tuple[tuple[str, ...], str]] = {
    "submitted": (("submitted",), "waiting"),
    "waiting": (("dispatched",), "waiting"),
    "working": (("dispatched",), "working"),
    "paused": (("submitted", "dispatched"), "paused"),
    "repaired": (("repaired",), "waiting"),
}


def lane(state: str, activity: str) -> str | None:
    """None for what is closed."""
    for name, (of, within) in LANES.items():
        if state in of and activity == within:
            return name
    return None
