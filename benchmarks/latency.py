"""From acknowledged to visible in the views of analytics: under full load, and at half of it."""

from __future__ import annotations

import bisect
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg

from benchmarks.figures import Figures, in_milliseconds
from benchmarks.ours import VIEWS_POSITION, Ours
from benchmarks.rounds import in_turn
from benchmarks.scale import IN_FLIGHT, Scale

# between two looks; what is told is at most that much too late, never too early
LOOK_SECONDS = 0.002


class Watch:
    """Looks all the time how far the slower of both views has come."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self.positions: list[int] = []
        self.times: list[float] = []

    def seen_at(self, position: int) -> float:
        """When the views first were past a position, by the machine's monotonic clock."""
        return self.times[bisect.bisect_left(self.positions, position)]

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            last = -1
            while not self._stop.wait(LOOK_SECONDS):
                row = connection.execute(VIEWS_POSITION.encode(), prepare=True).fetchone()
                if row is not None and row[0] is not None and row[0] != last:
                    last = row[0]
                    self.positions.append(last)
                    self.times.append(time.monotonic())

    def stop(self) -> None:
        self._stop.set()


@contextmanager
def watching(ours: Ours) -> Iterator[Watch]:
    watch = Watch(ours.stack.owner_urls["analytics"])
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield watch
        # one more look, past the last position
        time.sleep(10 * LOOK_SECONDS)
    finally:
        watch.stop()
        thread.join(5.0)


def measure(ours: Ours, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    found: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    for number in range(scale.few_rounds):
        for in_flight in IN_FLIGHT:
            for way in in_turn(("each", "batch"), number):
                ours.stack.settle()
                seen = visible(ours, way, scale.few_seconds, in_flight=in_flight)
                found[way, in_flight].append(seen)
                tell(f"{way}, {in_flight} in flight: visible after {seen['p99']:.0f} ms (p99)")
    for (way, in_flight), rounds in found.items():
        put(figures, f"{way}_{in_flight}_visible", rounds)
    _at_half_load(ours, scale, figures, tell)


def _at_half_load(ours: Ours, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    """What goes on all day, and not what follows a rush."""
    began = time.monotonic()
    ours.stack.settle()
    figures.put(settled_after_s=time.monotonic() - began)
    most = max(figures.values[f"each_{in_flight}_lifecycles"] for in_flight in IN_FLIGHT)
    rounds = []
    for number in range(scale.rounds):
        seen = visible(ours, "rate", scale.half_load_seconds, a_second=most / 2)
        rounds.append(seen)
        tell(f"half load, round {number + 1}/{scale.rounds}: {seen['p99']:.0f} ms (p99)")
    figures.put(half_load_lifecycles=most / 2)
    for percent in rounds[0]:
        figures.rounds(f"visible_{percent}_ms", [one[percent] for one in rounds])


def visible(ours: Ours, way: str, seconds: float, **more: float) -> dict[str, float]:
    """Milliseconds from acknowledged to visible in one round; looking takes its share of it."""
    with watching(ours) as watch:
        found = ours.load(way, seconds, trace=True, **more)
    return in_milliseconds(_delays(watch, found["acknowledged"]))


def _delays(watch: Watch, acknowledged: Sequence[Sequence[float]]) -> list[float]:
    """Seconds; 0 where the view was there before the answer was."""
    return [max(0.0, watch.seen_at(int(position)) - at) for position, at in acknowledged]


def put(figures: Figures, stem: str, rounds: Sequence[dict[str, float]]) -> None:
    figures.medians([{f"{stem}_{name}_ms": value for name, value in one.items()} for one in rounds])
