"""What one round of one contestant gives, and what a contestant is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Round:
    """``seconds``: from the first command until the last event was visible.

    ``latencies_ms``: ``p50``, ``p95``, ``p99`` of a command. ``cpu``: seconds by process.
    """

    lifecycles: int
    seconds: float
    latencies_ms: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.lifecycles / self.seconds


def in_turn(contestants: Sequence[T], number: int) -> list[T]:
    """In the order of round ``number``: another one begins in every round."""
    first = number % len(contestants)
    return [*contestants[first:], *contestants[:first]]


class Contestant(Protocol):
    name: str

    def pids(self) -> Sequence[int]:
        """Everything of its own that takes turns; the servers are not."""
        ...

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]: ...

    def prepare(self, in_flight: int) -> None:
        """What is not to be measured: connecting, logging in, ending what the last round left."""
        ...

    def run(self, in_flight: int, seconds: float) -> Round:
        """Load for so long, then wait until all of it is stored, published and visible."""
        ...
