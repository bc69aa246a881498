"""`wuye parked`: the events that policies could not handle, and what is to become of them."""

from __future__ import annotations

import time
from typing import Any

import click

from cli import console
from cli.operator import SERVICES, Operator, connect

PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.2


@click.group("parked", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List parked events; try them again, or drop them.

    A policy that cannot handle an event sets it aside with everything later of the same subject.
    """
    if ctx.invoked_subcommand is None:
        with connect() as operator:
            _list(operator)


@command.command()
@click.argument("handler")
@click.argument("subject")
def retry(handler: str, subject: str) -> int:
    """Try the parked events of SUBJECT (an order's id, say) at HANDLER again, in order."""
    return _decide("retry", handler, subject)


@command.command()
@click.argument("handler")
@click.argument("subject")
def drop(handler: str, subject: str) -> int:
    """Give up the parked events of SUBJECT at HANDLER: they are never handled."""
    return _decide("drop", handler, subject)


def parked(operator: Operator) -> list[dict[str, Any]]:
    """Every parked event, with its ``service``."""
    return [
        {"service": service, **one}
        for service in SERVICES
        for one in operator.call(f"{service}.ops", "parked", {})["parked"]
    ]


def _list(operator: Operator) -> None:
    rows = parked(operator)
    if not rows:
        click.echo("nothing is parked")
        return
    found = console.table("Parked", "service", "handler", "subject", "since", "event", "reason")
    for one in rows:
        console.row(
            found, one["service"], one["handler"], one["subject"], one["parked_at"],
            f"{one['log']} {one['position']}", one["reason"],
        )  # fmt: skip
    console.output().print(found)


def _decide(what: str, handler: str, subject: str) -> int:
    with connect() as operator:
        mine = [
            one
            for one in parked(operator)
            if (one["handler"], one["subject"]) == (handler, subject)
        ]
        services = sorted({one["service"] for one in mine})
        if not services:
            raise click.ClickException(
                f"{handler} has parked nothing of {subject}; `wuye parked` lists what there is"
            )
        for service in services:
            operator.call(
                f"{service}.ops", f"{what}_parked", {"handler": handler, "subject": subject}
            )
        left = _wait(operator, handler, subject)
        gone = len(mine) - len(left)
        click.echo(f"{'handled' if what == 'retry' else 'dropped'}: {gone} of {len(mine)} events")
        for one in left[:1]:
            click.echo(f"still parked, {one['log']} {one['position']}: {one['reason']}", err=True)
        return 1 if left else 0


def _wait(operator: Operator, handler: str, subject: str) -> list[dict[str, Any]]:
    """What is still parked once the leader has done what it was asked."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        left = [
            one
            for one in parked(operator)
            if (one["handler"], one["subject"]) == (handler, subject)
        ]
        if not any(one["intention"] for one in left):
            return left
        if time.monotonic() > until:
            raise click.ClickException(
                "the leader has not carried it out yet; it will when it runs again"
            )
        time.sleep(POLL_SECONDS)
