"""What all commands print with: tables to standard output, progress to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from shared.config.settings import OperatorSettings, load

_WIDTH_OF_A_FILE = 120
_WIDE = 24


def output() -> Console:
    """Made anew each time: standard output may have been replaced since."""
    sized = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(
        highlight=False, emoji=False, markup=False, width=None if sized else _WIDTH_OF_A_FILE
    )


def progress() -> Progress:
    """A bar with `completed/total` of whatever is counted."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
    )


def table(title: str, *columns: str, right: Collection[str] = (), wide: str | None = None) -> Table:
    """A table whose cells are plain text; the columns named in ``right`` are numbers.

    ``wide``: the column that gets the room where there is not enough for all.
    """
    found = Table(title=Text(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    found.padding = (0, 1, 0, 0)
    for name in columns:
        found.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name in right,
            min_width=_WIDE if name == wide else None,
            overflow="fold",
        )
    return found


def row(into: Table, *cells: object) -> None:
    """None is shown as a dash. People's own words are never read as markup."""
    into.add_row(*(Text("-" if cell is None else str(cell)) for cell in cells))


def json_line(value: Any, to: TextIO | None = None) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, separators=(",", ":")), file=to)


def shown(moment: datetime, zone: ZoneInfo, *, seconds: bool = True) -> str:
    """As `2026-03-01 09:30:00` in that zone."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def yuan(fen: int) -> str:
    """Money in fen as `¥45.00`."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}¥{whole // 100:,}.{whole % 100:02d}"


def platform_zone() -> ZoneInfo:
    return ZoneInfo(load(OperatorSettings).timezone)


class MomentParameter(click.ParamType[datetime]):
    """A time in ISO 8601; one without an offset is taken in the platform's zone."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        zone = platform_zone()
        try:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is no time. Give it as 2026-03-01T09:30:00+08:00, or without the "
                f"offset ({zone.key} is meant then), or a day alone as 2026-03-01",
                param,
                ctx,
            )
        return moment


MOMENT = MomentParameter()
