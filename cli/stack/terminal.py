"""What the stack prints: every line of every process with its name, a colour a service."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import click

OWN = "stack"
_COLOURS = ("cyan", "green", "yellow", "blue", "magenta", "bright_cyan", "bright_green")
_WIDTH = len("notifications-serve")


class Terminal:
    """Whole lines, from any thread. `gone`: nobody reads them any more."""

    def __init__(self, services: Sequence[str]) -> None:
        self.gone = False
        self._colours = dict(zip(services, _COLOURS, strict=False))
        self._lock = threading.Lock()

    def tell(self, name: str, line: str) -> None:
        """One line of one process, named `<service>-<task>`."""
        head = click.style(f"{name:<{_WIDTH}} |", fg=self._colours.get(name.partition("-")[0]))
        with self._lock:
            try:
                click.echo(f"{head} {line}")
            except OSError:
                self.gone = True

    def say(self, line: str) -> None:
        """One line of the stack itself."""
        self.tell(OWN, line)
