"""`wuye import`: take over the orders of another system."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from cli import console
from cli.imports.lines import Fault, Lines
from cli.imports.report import Report
from cli.imports.requests_311 import COLUMN_OF, REQUIRED, Order, Rows
from cli.imports.sending import Outcome, sent
from cli.operator import Operator, connect
from shared.errors import Busy, TimedOut, Unavailable


@click.group("import")
def command() -> None:
    """Take over the orders of another system, with their own times."""


@command.command("311")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", required=True, help="The community that the orders come to.")
@click.option(
    "--source", default="311", show_default=True, help="A name for the system they come from."
)
@click.option("--dry-run", is_flag=True, help="Read and check all of it, send nothing.")
@click.option("--limit", type=click.IntRange(min=1), help="Read so many rows at most.")
@click.option("--include-tests", is_flag=True, help="Take rows that were closed as a test, too.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the whole report as JSON.",
)
def import_311(
    file: Path,
    community: str,
    source: str,
    dry_run: bool,
    limit: int | None,
    include_tests: bool,
    report_file: Path | None,
) -> int:
    """Bring 311-style service requests in, one order a row of FILE (CSV, UTF-8, a header).

    A closed request counts as repaired, never as accepted: no satisfaction comes of it. The same
    file again adds nothing. Ends with code 1 where it had to stop before the end.
    """
    report = Report(file.name, community, source)
    with contextlib.ExitStack() as stack:
        operator = None if dry_run else stack.enter_context(connect())
        opened = stack.enter_context(file.open("rb"))
        bar = stack.enter_context(_progress())
        task = bar.add_task("reading", total=os.fstat(opened.fileno()).st_size, rows=0)

        def tell() -> None:
            bar.update(task, completed=opened.tell(), rows=report.rows)

        rows = Rows(community, source, include_tests=include_tests)
        orders = _orders(opened, rows, report, limit)
        if operator is None:
            _dry(orders, report)
        else:
            _check(operator, community)
            _send(operator, orders, report, tell)
        tell()
    report.show(console.output())
    if report_file is not None:
        _write(report, report_file)
    if report.stopped is not None:
        click.echo(f"stopped: {report.stopped}; run it again, nothing is taken twice", err=True)
    return 1 if report.stopped is not None else 0


def _dry(orders: Iterator[Order], report: Report) -> None:
    for order in orders:
        report.take(order)
        report.would_be += 1


def _send(
    operator: Operator, orders: Iterator[Order], report: Report, tell: Callable[[], None]
) -> None:
    try:
        for outcomes in sent(operator, orders):
            _count(outcomes, report)
            tell()
    except (Busy, Unavailable, TimedOut) as error:
        report.stopped = error.message


def _orders(file: BinaryIO, rows: Rows, report: Report, limit: int | None) -> Iterator[Order]:
    for record in Lines(file, REQUIRED):
        if limit is not None and report.rows >= limit:
            return
        report.rows += 1
        found = [record] if isinstance(record, Fault) else rows.order(record)
        if found is None:
            report.repeated += 1
            report.already_there += 1
        elif isinstance(found, Order):
            yield found
        else:
            report.refuse(found)


def _check(operator: Operator, community: str) -> None:
    known = [
        one["community"] for one in operator.call("security", "communities", {})["communities"]
    ]
    if community not in known:
        raise click.ClickException(
            f"there is no community {community}; there are: {', '.join(known) or 'none yet'}"
        )


def _count(outcomes: list[Outcome], report: Report) -> None:
    for order, outcome in outcomes:
        error = outcome.get("error")
        if error is None:
            report.take(order)
            if outcome["ok"]["repeated"]:
                report.already_there += 1
            else:
                report.made += 1
            continue
        fields = error.get("fields") or {"line": [error["message"]]}
        report.refuse(
            Fault(order.line, COLUMN_OF.get(name, name), " ".join(texts))
            for name, texts in fields.items()
        )


def _write(report: Report, file: Path) -> None:
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]} rows"),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
    )
