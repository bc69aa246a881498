"""What a client saw in one round."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from benchmarks.figures import in_milliseconds


class Tally:
    """Times are of the machine's monotonic clock, which all its processes share.

    ``acknowledged``: (position, time) of every command, where ``trace`` is wanted.
    """

    def __init__(self, *, trace: bool = False) -> None:
        self.lifecycles = 0
        self.latencies: list[float] = []
        self.errors: Counter[str] = Counter()
        self.last_position = 0
        self._trace = trace
        self._acknowledged: list[tuple[int, float]] = []
        self.started = time.monotonic()

    def answered(self, answer: dict[str, Any], since: float) -> None:
        now = time.monotonic()
        self.latencies.append(now - since)
        position = answer.get("position", 0)
        self.last_position = max(self.last_position, position)
        if self._trace:
            self._acknowledged.append((position, now))

    def failed(self, error: Exception) -> None:
        self.errors[f"{type(error).__name__}: {error}"[:200]] += 1

    def result(self) -> dict[str, Any]:
        return {
            "started": self.started,
            "lifecycles": self.lifecycles,
            "commands": len(self.latencies),
            "last_position": self.last_position,
            "latencies_ms": in_milliseconds(self.latencies),
            "errors": dict(self.errors),
            "acknowledged": self._acknowledged,
        }
