"""`wuye top`: how the platform does, live in a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from cli import console
from cli.top import sources
from cli.top.figures import Figures, figures
from cli.top.screen import page
from shared.config.settings import OperatorSettings, load


@click.command("top")
@click.option("--once", is_flag=True, help="Print it once; code 1 where something is wrong.")
@click.option("--json", "as_json", is_flag=True, help="As --once, as JSON.")
@click.option(
    "--seconds",
    type=click.FloatRange(0.2, 300),
    help="Between two looks: 2, or 15 at a Prometheus, which looks no oftener itself.",
)
@click.option("--prometheus", metavar="URL", help="Ask this Prometheus, for a platform elsewhere.")
def command(once: bool, as_json: bool, seconds: float | None, prometheus: str | None) -> int:
    """Show processes, services, handlers, queues and orders, live.

    From /metrics of each process that `make run` or `make stack` started from the data folder, or
    from a Prometheus. Ctrl-C ends it.
    """
    settings = load(OperatorSettings)
    source = sources.found(Path(settings.data_dir), prometheus)
    readings = _readings(source, seconds or (2.0 if prometheus is None else 15.0))
    if as_json or once:
        found = next(readings)
        if as_json:
            click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            console.output().print(page(found, source.way, _now()))
        return 1 if found.wrong else 0
    screen = Console(highlight=False, emoji=False, markup=False)
    with Live(console=screen, screen=True, auto_refresh=False) as live:
        live.update(f"asking {source.way} ...", refresh=True)
        for found in readings:
            live.update(page(found, source.way, _now()), refresh=True)
    return 0


def _readings(source: sources.Source, seconds: float) -> Iterator[Figures]:
    before, then = source.read(), time.monotonic()
    while True:
        time.sleep(seconds)
        now, moment = source.read(), time.monotonic()
        yield figures(before, now, moment - then)
        before, then = now, moment


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
