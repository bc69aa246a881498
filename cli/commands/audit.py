"""`wuye audit`: what happened to an order, and everything that happened in a time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from cli import console
from cli.audit.export import lines
from cli.audit.names import Names
from cli.audit.show import show as print_story
from cli.audit.story import Moment, told
from cli.console import MOMENT
from cli.operator import SERVICES, connect


@click.group("audit")
def command() -> None:
    """For auditors: one order's story over all services, and exports.

    Texts that people wrote are shown, as far as they have not been forgotten.
    """


@command.command()
@click.argument("order")
@click.option("--community", help="Whose ORDER number it is; not needed where there is one.")
@click.option("--at", type=MOMENT, help="As it was then (ISO 8601).")
@click.option(
    "--by",
    type=click.Choice(["recorded", "occurred"]),
    default="recorded",
    show_default=True,
    help="With --at: what was known then, or what is known now to have happened by then.",
)
@click.option("--version", "version", type=click.IntRange(min=1), help="As it was at version N.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(
    order: str,
    community: str | None,
    at: datetime | None,
    by: str,
    version: int | None,
    as_json: bool,
) -> None:
    """The state and the timeline of ORDER (a number such as R-2026-000123, or an id)."""
    if at is not None and version is not None:
        raise click.UsageError("--at and --version exclude each other")
    moment = Moment(version, at, by)
    with connect() as operator:
        with console.progress() as bar:
            tasks = {name: bar.add_task(f"{name} log", total=None) for name in SERVICES}

            def tell(service: str, position: int, end: int) -> None:
                bar.update(tasks[service], completed=position, total=end)

            story = told(operator, order.strip(), community, moment, tell)
        if as_json:
            console.json_line({"order": story.order, "events": story.events})
        else:
            print_story(story, Names(operator), console.output(), _then(moment, story.zone))
    if story.unsearched:
        raise click.ClickException(
            f"this is not all: no answer holds all that the log of {', '.join(story.unsearched)} "
            "has of it; see `wuye audit export`"
        )


def _then(moment: Moment, zone: ZoneInfo) -> str:
    if moment.version is not None:
        return f"at version {moment.version}"
    return "" if moment.at is None else f"as {moment.by} by {console.shown(moment.at, zone)}"


@command.command()
@click.option("--from", "since", type=MOMENT, help="Recorded then or later.")
@click.option("--to", "until", type=MOMENT, help="Recorded before.")
@click.option(
    "--service", "services", type=click.Choice(SERVICES), multiple=True, help="Only its events."
)
@click.option("--community", help="Only events of this community (`_` is the company).")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file instead of standard output; it appears when it is whole.",
)
def export(
    since: datetime | None,
    until: datetime | None,
    services: tuple[str, ...],
    community: str | None,
    out: Path | None,
) -> None:
    """Every event of a time as JSON Lines of envelopes, one log after another, each in its order.

    The times are those of recording. Personal texts are in it: guard the file.
    """
    if since is not None and until is not None and until <= since:
        raise click.UsageError("--to must be later than --from")
    wanted = services or SERVICES
    with connect() as operator, console.progress() as bar:
        tasks = {name: bar.add_task(f"{name} log", total=None) for name in wanted}

        def tell(service: str, position: int, end: int, count: int) -> None:
            bar.update(
                tasks[service], completed=position, total=end,
                description=f"{service} log, {count} events",
            )  # fmt: skip

        found = lines(operator, wanted, since, until, community, tell)
        if out is None:
            for line in found:
                click.echo(line)
        else:
            _into(out, found)


def _into(out: Path, found: Iterable[str]) -> None:
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as target:
            target.writelines(f"{line}\n" for line in found)
        beside.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
