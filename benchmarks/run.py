"""One run: servers, then every measure in turn."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
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
    platform,
    profile,
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
    figures.put(few_rounds=scale.few_rounds)
    began = time.monotonic()
    with _signals(), Servers(folder / "servers") as servers:
        figures.put(**machine.of_servers(servers.postgres, servers.rabbitmq))
        _measure(servers, folder, scale, set(measures), figures)
    figures.put(
        run_seconds=round(time.monotonic() - began),
        load_average_after=round(os.getloadavg()[0], 2),
    )


def _measure(
    servers: Servers, folder: Path, scale: Scale, measures: set[str], figures: Figures
) -> None:
    """Stage by stage; measures that can share services do."""

    def stage(name: str, does: Callable[[Callable[[str], None]], None]) -> None:
        if name in measures:
            with _stage(name, figures) as tell:
                does(tell)

    if {"lifecycles", "latency", "replicas"} & measures:
        with Ours(servers, folder / "ours") as ours:
            stage("lifecycles", partial(lifecycles.measure, ours, servers, scale, figures))
            stage("latency", partial(latency.measure, ours, scale, figures))
            stage("replicas", partial(replicas.measure, ours, scale, figures))
    stage("growth", partial(growth.measure, servers, folder / "growth", scale, figures))
    stage("catch_up", partial(catch_up.measure, servers, folder / "catch_up", scale, figures))
    if {"resources", "pages"} & measures:
        with platform.running(servers, folder / "platform") as all_of_it:
            stage("resources", partial(resources.before_load, all_of_it, scale, figures))
            stage("pages", partial(pages.measure, all_of_it, scale, figures))
            stage("resources", partial(resources.under_load, all_of_it, scale, figures))
    stage("embedded", partial(embedded.measure, folder / "embedded", scale, figures))
    stage("profile", partial(profile.measure, servers, folder / "profile", figures))


@contextmanager
def _stage(name: str, figures: Figures) -> Iterator[Callable[[str], None]]:
    console.rule(f"[bold]{name}", align="left")
    began = time.monotonic()

    def tell(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:6.0f} s[/dim]  {text}")

    yield tell
    key = f"stage_seconds_{name}"
    figures.put(**{key: figures.values.get(key, 0.0) + time.monotonic() - began})


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
