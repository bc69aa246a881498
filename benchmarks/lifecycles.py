"""Lifecycles a second, and the latency of their commands: everybody in turn, round by round."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from statistics import median

import msgspec

from benchmarks.figures import Figures
from benchmarks.floor import Floor, Sample
from benchmarks.ours import Ours, Way
from benchmarks.processes import stopped
from benchmarks.rounds import Contestant, Round, in_turn
from benchmarks.scale import IN_FLIGHT, Scale
from benchmarks.servers import Servers
from benchmarks.usual.stack import Usual

WARM_UP_SECONDS = 1.0
# for what those before have left to do
PAUSE_SECONDS = 0.3


def measure(
    ours: Ours, servers: Servers, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    with ExitStack() as stack:
        ways: list[Contestant] = [Way(ours, "each"), Way(ours, "batch")]
        # makes the order whose events the floor repeats
        ways[0].run(1, 0.1)
        rivals: list[Contestant] = [
            stack.enter_context(Usual(servers, ours.folder / name, ours.cast(), tuned=tuned))
            for name, tuned in (("usual", False), ("tuned", True))
            if name in {"usual", *scale.extras}
        ]
        rivals.append(stack.enter_context(Floor(servers, _sample(ours))))
        contestants = [*ways, *rivals]
        for in_flight in IN_FLIGHT:
            rounds = _rounds(contestants, in_flight, scale, tell)
            for one in contestants:
                _put(figures, one.name, in_flight, rounds[one.name])
    for in_flight in IN_FLIGHT:
        usual = f"usual_{in_flight}_lifecycles"
        for way in ("each", "batch", "usual_tuned"):
            figures.ratio(f"{way}_ratio_{in_flight}", f"{way}_{in_flight}_lifecycles", usual)
        figures.ratio(
            f"p99_ratio_{in_flight}", f"each_{in_flight}_p99_ms", f"usual_{in_flight}_p99_ms"
        )
        figures.ratio(
            f"floor_share_{in_flight}",
            f"batch_{in_flight}_lifecycles",
            f"floor_{in_flight}_lifecycles",
        )


def _rounds(
    contestants: Sequence[Contestant], in_flight: int, scale: Scale, tell: Callable[[str], None]
) -> dict[str, list[Round]]:
    found: dict[str, list[Round]] = defaultdict(list)
    warm_up = in_flight in scale.warm_up
    for number in range(-1 if warm_up else 0, scale.rounds):
        for one in in_turn(contestants, number):
            others = {pid for other in contestants for pid in other.pids()} - set(one.pids())
            # it takes other processes than the ones that are measured
            one.prepare(in_flight)
            with stopped(others):
                time.sleep(PAUSE_SECONDS)
                seconds = min(WARM_UP_SECONDS, scale.seconds) if number < 0 else scale.seconds
                result = one.run(in_flight, seconds)
            what = f"round {number + 1}/{scale.rounds}" if number >= 0 else "warm-up"
            tell(f"{one.name}, {in_flight} in flight, {what}: {result.rate:.1f} lifecycles/s")
            if number >= 0:
                found[one.name].append(result)
    return found


def _put(figures: Figures, name: str, in_flight: int, rounds: Sequence[Round]) -> None:
    stem = f"{name}_{in_flight}"
    figures.rounds(f"{stem}_lifecycles", [one.rate for one in rounds])
    for percent in rounds[0].latencies_ms:
        latencies = [one.latencies_ms[percent] for one in rounds]
        figures.put(**{f"{stem}_{percent}_ms": median(latencies)})
    for process in rounds[0].cpu:
        used = [1000 * one.cpu[process] / max(1, one.lifecycles) for one in rounds]
        figures.put(**{f"{stem}_cpu_ms_{process}": median(used)})


def _sample(ours: Ours) -> Sample:
    """The events of the newest order that was rated, and what is told of them."""
    stored = ours.stack.query(
        "workorders",
        "SELECT topic, state, notification_id FROM stored_events WHERE originator_id = ("
        "SELECT originator_id FROM stored_events WHERE topic = 'WorkOrderRated' "
        "ORDER BY notification_id DESC LIMIT 1) ORDER BY originator_version",
    )
    found = []
    for topic, state, position in stored:
        page = ours.stack.call(
            "workorders.log", "read", {"log": "workorders", "after": position - 1, "limit": 1}
        )
        found.append((topic, bytes(state), msgspec.json.encode(page["events"][0])))
    return found
