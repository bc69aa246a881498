"""`wuye config`: which settings a process would start with, and where each comes from."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.config.settings import EXIT_CODE, PROCESSES, BadSettings, Described, describe


@click.command("config")
@click.option(
    "--process",
    type=click.Choice(list(PROCESSES)),
    default="embedded",
    show_default=True,
    help="The kind of process.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(process: str, as_json: bool) -> None:
    """Show the settings of a process, secrets masked.

    Ends with code 2, and names every fault, where the process would refuse to start.
    """
    try:
        described = describe(PROCESSES[process])
    except BadSettings as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        sys.exit(EXIT_CODE)
    if as_json:
        click.echo(json.dumps([each._asdict() for each in described], ensure_ascii=False, indent=2))
    else:
        Console().print(_table(process, described))


def _table(process: str, described: list[Described]) -> Table:
    table = Table(title=f"Settings of {process}", title_justify="left")
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("source")
    for name, value, source in described:
        table.add_row(name, Text("-" if value is None else str(value)), source)
    return table
