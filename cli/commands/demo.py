"""`wuye demo`: a seeded month of a community, played through the platform in a minute."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from cli import console
from cli.demo.story import Story, plan
from cli.operator import FIRST_STORE, Operator

_MEMORY = Path("/dev/shm")
_ROOM = 256 * 1024 * 1024


@click.command("demo")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another month.")
@click.option("--days", type=click.IntRange(1, 366), default=31, show_default=True)
@click.option("--orders", type=click.IntRange(1, 5000), default=240, show_default=True)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty folder to keep the data in; without it they go when the demo ends.",
)
def command(seed: int, days: int, orders: int, data_dir: Path | None) -> None:
    """Play a month of repairs and complaints on a virtual clock, and show what came of it.

    Everybody acts by RPC with a token of their own. The same seed gives the same figures.
    """
    if data_dir is not None and (data_dir / FIRST_STORE).exists():
        raise click.UsageError(f"{data_dir} holds data already; the demo needs an empty folder")
    signal.signal(signal.SIGTERM, _interrupt)
    from shared.hosting.green import patch

    patch()
    with _folder(data_dir) as folder:
        play(folder, plan(seed, days, orders), seed)


def play(folder: Path, story: Story, seed: int) -> None:
    """Play a story in this folder, and print what came of it; the process must be green."""
    from cli.demo.play import Play
    from cli.demo.show import show
    from cli.services import SERVICES
    from shared.clock import ManualClock
    from shared.hosting.embedded import Platform, data_folder
    from shared.observability import logging as observed

    observed.setup("demo", level="error")
    clock = ManualClock(story.begin)
    with data_folder(folder), console.progress() as bar:
        task = bar.add_task("starting the platform", total=len(story.steps))
        # everybody's password is the same, and known
        options = {"password_cost": "light"}
        platform = Platform(SERVICES, folder, clock=clock, driven=True, options=options)
        try:
            platform.start()
            played = Play(platform, clock, seed, lambda text: bar.update(task, description=text))
            registered = played.play(story, lambda: bar.advance(task))
            operator = Operator(platform.call, platform.operator, "the demo")
            order = played.ids[story.eventful]
            show(operator, story, order, registered, seed, console.output())
        finally:
            platform.stop()


@contextlib.contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    """The wanted one, or one that goes again: in memory where there is room, as nothing is kept."""
    if wanted is not None:
        yield wanted
        return
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    with tempfile.TemporaryDirectory(prefix="wuye-demo-", dir=_MEMORY if roomy else None) as name:
        yield Path(name)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
