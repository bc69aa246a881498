"""The whole platform as processes: how long each takes to start, and what it takes to run."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from benchmarks import footprint
from benchmarks.figures import Figures
from benchmarks.ours import Ours, Way
from benchmarks.platform import Platform, start_edge
from benchmarks.processes import Meter, connections_to, end, memory_mb, wait_answering
from benchmarks.rounds import in_turn
from benchmarks.scale import Scale
from tests.support.running import Running

IN_FLIGHT = 32
WARM_UP_SECONDS = 1.0


def before_load(
    platform: Platform, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    _start_up(platform.ours, scale, figures, tell)
    _at_rest(platform, scale, figures, tell)


def under_load(
    platform: Platform, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    """All five services at work: inboxes are filled, which takes its share."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for way in ("each", "batch"):
        Way(platform.ours, way).run(IN_FLIGHT, min(WARM_UP_SECONDS, scale.seconds))
    for number in range(scale.few_rounds):
        for way in in_turn(("each", "batch"), number):
            found[way].append(_loaded(platform.ours, way, scale))
            rate = found[way][-1][f"platform_{way}_{IN_FLIGHT}_lifecycles"]
            tell(f"the whole platform, {way}: {rate:.1f} lifecycles/s")
    for way, rounds in found.items():
        figures.medians(rounds)
        figures.ratio(
            f"platform_{way}_ratio_{IN_FLIGHT}",
            f"platform_{way}_{IN_FLIGHT}_lifecycles",
            f"usual_{IN_FLIGHT}_lifecycles",
        )
    _put_memory(platform, "load", figures)
    _put_connections(platform, figures)
    figures.put(memory_of_driver_mb=psutil.Process(os.getpid()).memory_info().rss / 2**20)


def _start_up(ours: Ours, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    """One after the other, until each says it is ready; a second one beside the one that runs."""
    seconds: dict[str, list[float]] = defaultdict(list)
    with _ended_together() as started:
        for number in range(scale.few_rounds):
            for service in ours.stack.services:
                for kind in ("serve", "work"):
                    log = ours.folder / f"start-{service}-{kind}-{number}.log"
                    environment = ours.stack._environment(service)
                    began = time.monotonic()
                    started.append(Running([f"services.{service}", kind], environment, log))
                    started[-1].wait_ready()
                    seconds[f"{service}_{kind}"].append(time.monotonic() - began)
                    started[-1].ask_to_stop()
            began = time.monotonic()
            edge, port = start_edge(ours, f"start-gateway-{number}")
            started.append(edge)
            wait_answering(edge.process, port, edge.log)
            seconds["gateway_serve"].append(time.monotonic() - began)
            edge.ask_to_stop()
    for name, found in seconds.items():
        figures.rounds(f"start_seconds_{name}", found)
        tell(f"{name} is ready after {figures.values[f'start_seconds_{name}']:.1f} s")


@contextmanager
def _ended_together() -> Iterator[list[Running]]:
    """Those that were asked to stop take a second or two for it, most of which is waiting."""
    started: list[Running] = []
    try:
        yield started
    finally:
        end([one.process for one in started])


def _at_rest(
    platform: Platform, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    time.sleep(1.0)
    servers = platform.ours.servers.groups()
    meter = Meter({**servers, **platform.groups()})
    began = time.monotonic()
    time.sleep(scale.rest_seconds)
    elapsed = time.monotonic() - began
    total = 0.0
    for name, used in meter.seconds().items():
        share = 100 * used / elapsed
        figures.put(**{f"rest_cpu_percent_{name}": share})
        total += share if name not in (*servers, "client") else 0.0
    _put_memory(platform, "rest", figures)
    tell(f"at rest the platform takes {total:.1f} % of a core")


def _loaded(ours: Ours, way: str, scale: Scale) -> dict[str, float]:
    """One round. What a lifecycle takes is counted until every handler has caught up."""
    contestant = Way(ours, way)
    contestant.prepare(IN_FLIGHT)
    before = footprint.taken(ours)
    meter = Meter({**ours.servers.groups(), **ours.groups()})
    found = contestant.run(IN_FLIGHT, scale.seconds)
    ours.stack.settle(120.0)
    lifecycles = max(1, found.lifecycles)
    return {
        f"platform_{way}_{IN_FLIGHT}_lifecycles": found.rate,
        **{
            f"load_{way}_cpu_percent_{name}": 100 * used / found.seconds
            for name, used in found.cpu.items()
        },
        **{
            f"platform_{way}_cpu_ms_{name}": 1000 * used / lifecycles
            for name, used in meter.seconds().items()
        },
        **footprint.a_lifecycle(before, footprint.taken(ours), lifecycles, way),
    }


def _put_memory(platform: Platform, when: str, figures: Figures) -> None:
    for name, pids in {**platform.ours.servers.groups(), **platform.groups()}.items():
        figures.put(**{f"{when}_memory_mb_{name}": memory_mb(pids())})


def _put_connections(platform: Platform, figures: Figures) -> None:
    servers = platform.ours.servers
    for server, port in (("postgres", servers.postgres.port), ("rabbitmq", servers.rabbitmq.port)):
        for name, pids in platform.groups().items():
            figures.put(**{f"load_connections_{server}_{name}": connections_to(port, pids())})
