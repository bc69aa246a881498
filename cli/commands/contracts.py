"""`wuye contracts`: the contracts of all events and methods, written or compared."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("contracts")
@click.option("--write", is_flag=True, help="Write the files instead of comparing them.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("contracts"),
    show_default=True,
)
def command(write: bool, folder: Path) -> None:
    """Compare contracts/ with events and methods as the code has them, and with the last release.

    Code 1 where they differ, or where a promise of that release is broken.
    """
    from cli.contracts import breaches, unreadable, wanted

    lost = unreadable(folder)
    for path in lost:
        click.echo(f"no longer read: {path}")
    if lost:
        raise click.ClickException(
            "events like these stand in logs for ever: make what is new optional, "
            "or raise the event's version and write an upcaster"
        )
    differing = []
    for path, found in wanted(folder).items():
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            differing.append(path)
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in differing:
        click.echo(f"{'wrote' if write else 'differs'}: {path}")
    if differing and not write:
        raise click.ClickException(
            "contracts differ from the code; run `wuye contracts --write` and review what changed"
        )
    lines = breaches(folder)
    for line in lines:
        click.echo(f"breaks: {line}")
    if lines:
        raise click.ClickException(
            "others hold to the last release: keep what is there, make what is new optional, "
            "and let what must differ have a name or version of its own"
        )
    if not differing:
        click.echo("contracts are up to date")
