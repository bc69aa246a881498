"""The whole platform as processes: how long each takes to start, and what it takes to run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks import footprint
from benchmarks.figures import Figures
from benchmarks.ours import Ours, Way
from benchmarks.processes import Meter, environment, family, memory_mb, wait_answering
from benchmarks.scale import Scale
from benchmarks.servers import Servers
from cli.services import SERVICES
from shared.servers.ports import free_port
from tests.support.running import Running

IN_FLIGHT = 32


def measure(
    servers: Servers, folder: Path, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    names = [one.name for one in SERVICES]
    with Ours(servers, folder, names) as ours:
        _start_up(ours, figures, tell)
        _at_rest(ours, scale, figures, tell)
        _under_load(ours, scale, figures, tell)


def _start_up(ours: Ours, figures: Figures, tell: Callable[[str], None]) -> None:
    """One after the other, until each says it is ready; a second one beside the one that runs."""
    for service in ours.stack.services:
        for kind in ("serve", "work"):
            _started(ours, service, kind, figures, tell)
    _edge(ours, figures, tell)


def _started(
    ours: Ours, service: str, kind: str, figures: Figures, tell: Callable[[str], None]
) -> None:
    environment = ours.stack._environment(service)
    log = ours.folder / f"start-{service}-{kind}.log"
    began = time.monotonic()
    process = Running([f"services.{service}", kind], environment, log)
    try:
        process.wait_ready()
        took = time.monotonic() - began
    finally:
        process.stop()
    figures.put(**{f"start_seconds_{service}_{kind}": took})
    tell(f"{service} {kind} is ready after {took:.1f} s")


def _edge(ours: Ours, figures: Figures, tell: Callable[[str], None]) -> None:
    port = str(free_port())
    settings = environment(
        WUYE_BROKER_URL=ours.stack.broker_url,
        WUYE_KEYS_DIR=str(ours.stack.folder / "keys"),
        WUYE_HTTP_PORT=port,
        WUYE_HEALTH_PORT=port,
    )
    began = time.monotonic()
    process = Running(["services.gateway", "serve"], settings, ours.folder / "start-gateway.log")
    try:
        wait_answering(process.process, int(port), process.log)
        took = time.monotonic() - began
        memory = memory_mb(family(process.process.pid))
    finally:
        process.stop()
    figures.put(start_seconds_gateway_serve=took, rest_memory_mb_gateway_serve=memory)
    tell(f"gateway serve answers after {took:.1f} s")


def _at_rest(ours: Ours, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    time.sleep(1.0)
    meter = Meter({**ours.servers.groups(), **ours.groups()})
    began = time.monotonic()
    time.sleep(scale.rest_seconds)
    elapsed = time.monotonic() - began
    total = 0.0
    for name, used in meter.seconds().items():
        share = 100 * used / elapsed
        figures.put(**{f"rest_cpu_percent_{name}": share})
        total += share if name not in ("postgres", "rabbitmq", "client") else 0.0
    _put_memory(ours, "rest", figures)
    tell(f"at rest the platform takes {total:.1f} % of a core")


def _under_load(ours: Ours, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    """All five services at work: inboxes are filled, which takes its share."""
    for way in ("each", "batch"):
        contestant = Way(ours, way)
        contestant.run(IN_FLIGHT, 1.0)
        ours.stack.settle(120.0)
        before = footprint.taken(ours)
        found = contestant.run(IN_FLIGHT, scale.seconds)
        figures.put(**{f"platform_{way}_{IN_FLIGHT}_lifecycles": found.rate})
        for name, used in found.cpu.items():
            figures.put(
                **{
                    f"load_{way}_cpu_percent_{name}": 100 * used / found.seconds,
                    f"platform_{way}_cpu_ms_{name}": 1000 * used / max(1, found.lifecycles),
                }
            )
        tell(f"the whole platform, {way}: {found.rate:.1f} lifecycles/s")
        ours.stack.settle(120.0)
        figures.put(**footprint.a_lifecycle(before, footprint.taken(ours), found.lifecycles, way))
    _put_memory(ours, "load", figures)
    figures.put(memory_of_driver_mb=psutil.Process(os.getpid()).memory_info().rss / 2**20)


def _put_memory(ours: Ours, when: str, figures: Figures) -> None:
    for name, pids in {**ours.servers.groups(), **ours.groups()}.items():
        figures.put(**{f"{when}_memory_mb_{name}": memory_mb(pids())})
