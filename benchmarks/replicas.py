"""Two replicas of one service behind its RPC queue, against one, on the same machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from benchmarks.figures import Figures
from benchmarks.ours import Ours, Way
from benchmarks.processes import end
from benchmarks.rounds import Round, in_turn
from benchmarks.scale import Scale
from tests.support.waiting import wait_until

IN_FLIGHT = 32
WARM_UP_SECONDS = 1.0
WAYS = ("each", "batch")


def measure(ours: Ours, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    ways = [Way(ours, name) for name in WAYS]
    found: dict[tuple[int, str], list[Round]] = {}
    for number in range(scale.rounds):
        for replicas in in_turn((1, 2), number):
            with _beside(ours, replicas - 1):
                # the second one has just started
                ways[0].run(IN_FLIGHT, min(WARM_UP_SECONDS, scale.seconds))
                for way in in_turn(ways, number):
                    way.prepare(IN_FLIGHT)
                    result = way.run(IN_FLIGHT, scale.seconds)
                    found.setdefault((replicas, way.name), []).append(result)
                    tell(f"{way.name}, {replicas} serve, round {number + 1}: {result.rate:.1f}/s")
    for (replicas, way_name), rounds in found.items():
        stem = f"replicas_{replicas}_{way_name}"
        figures.rounds(f"{stem}_lifecycles", [one.rate for one in rounds])
        figures.put(
            **{
                f"{stem}_p99_ms": median(one.latencies_ms["p99"] for one in rounds),
                f"{stem}_cores": median(sum(one.cpu.values()) / one.seconds for one in rounds),
            }
        )
    for way_name in WAYS:
        one, two = (f"replicas_{count}_{way_name}_lifecycles" for count in (1, 2))
        figures.ratio(f"replicas_ratio_{way_name}", two, one)


@contextmanager
def _beside(ours: Ours, more: int) -> Iterator[None]:
    """So many further ``workorders serve`` processes, until left."""
    names = [f"serve_{number}" for number in range(2, 2 + more)]
    try:
        for name in names:
            ours.stack.start("workorders", "serve", name=name)
        for name in names:
            serving = partial(_serves, ours, name)
            wait_until(f"{name} serves", serving)
        yield
    finally:
        end([ours.stack.processes.pop(("workorders", name)) for name in names])


def _serves(ours: Ours, name: str) -> bool:
    """Its log goes on from the round before."""
    last = ours.stack.log_of("workorders", name).splitlines()[-1:]
    return bool(last) and '"serving"' in last[0]
