"""One run: servers, then every measure in turn."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from benchmarks import (
    catch_up,
    embedded,
    growth,
    latency,
    lifecycles,
    machine,
    pages,
    replicas,
    resources,
)
from benchmarks.figures import Figures
from benchmarks.ours import Ours
from benchmarks.scale import Scale
from benchmarks.servers import Servers

console = Console(highlight=False)


class Interrupted(Exception):
    """A signal: end everything that was started, then stop."""


def run(scale: Scale, measures: Sequence[str], results: Path, folder: Path) -> None:
    figures = Figures(results, {"scale": scale.name, **machine.described()})
    figures.put(rounds=scale.rounds, round_seconds=scale.seconds)
    began = time.monotonic()
    with _signals(), _stage("servers"), Servers(folder / "servers") as servers:
        figures.put(**machine.of_servers(servers.postgres, servers.rabbitmq))
        if {"lifecycles", "latency"} & set(measures):
            with _stage("starting our services"), Ours(servers, folder / "ours") as ours:
                if "lifecycles" in measures:
                    with _stage("lifecycles") as tell:
                        lifecycles.measure(ours, servers, scale, figures, tell)
                if "latency" in measures:
                    with _stage("latency") as tell:
                        latency.measure(ours, scale, figures, tell)
        for name, module in (
            ("growth", growth),
            ("catch_up", catch_up),
            ("resources", resources),
            ("replicas", replicas),
            ("embedded", embedded),
            ("pages", pages),
        ):
            if name in measures:
                with _stage(name) as tell:
                    module.measure(servers, folder / name, scale, figures, tell)
    figures.put(
        run_seconds=round(time.monotonic() - began),
        load_average_after=round(os.getloadavg()[0], 2),
    )


@contextmanager
def _stage(name: str) -> Iterator[Callable[[str], None]]:
    console.rule(f"[bold]{name}", align="left")
    began = time.monotonic()

    def tell(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:6.0f} s[/dim]  {text}")

    yield tell


@contextmanager
def _signals() -> Iterator[None]:
    """The first signal interrupts; ending what was started is bounded, so more do nothing."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(number: int, _: FrameType | None) -> NoReturn:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(signal.Signals(number).name)

    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
