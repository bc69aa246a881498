"""Amounts of coins that mean something to the bank."""

from __future__ import annotations

from uuid import UUID, uuid5

PARKED = 1_000_001
TIMED = 1_000_002
BREAKING = 1_000_003
TIMED_TO_FAIL = 1_000_004
TIMED_LATER = 1_000_005

_NAMESPACE = UUID("6d0d3b0a-6d53-4f0f-9a5e-3f1f3a8d2c11")


def bonus(stream: str) -> str:
    """The jar that gets a coin for every event with `PARKED` coins."""
    return f"c1.{uuid5(_NAMESPACE, stream)}"
