"""`wuye rebuild`: build a view anew beside the live one, compare, and flip."""

from __future__ import annotations

import time
from typing import Any

import click

from cli import console
from cli.operator import SERVICES, Operator, connect

POLL_SECONDS = 0.2


@click.command("rebuild")
@click.argument("view", metavar="SERVICE.VIEW", required=False)
@click.option(
    "--accept-difference",
    is_flag=True,
    help="Flip to the new build also where its rows differ from the live ones.",
)
@click.option("--list", "as_list", is_flag=True, help="List the views and where they stand.")
def command(view: str | None, accept_difference: bool, as_list: bool) -> int:
    """Rebuild a view from the log; queries go on reading the old one until both are equal.

    Ends with code 1 where the rows differ and nothing was flipped.
    """
    if as_list == (view is not None):
        raise click.UsageError("name one view as SERVICE.VIEW, or ask for --list")
    with connect() as operator:
        if view is None:
            _list(operator)
            return 0
        service, _, name = view.partition(".")
        if service not in SERVICES or not name:
            raise click.UsageError(
                f"{view!r} is no SERVICE.VIEW; the services are {', '.join(SERVICES)}"
            )
        return _report(view, follow(operator, service, name, accept_difference))


def follow(
    operator: Operator, service: str, view: str, accept_difference: bool = False
) -> dict[str, Any]:
    """Ask for a rebuild and wait for its end: ``{position, head, live_digest, new_digest,
    flipped}``.
    """
    asked = {"view": view, "accept_difference": accept_difference}
    intention = operator.call(f"{service}.ops", "rebuild", asked)["id"]
    with console.progress() as bar:
        task = bar.add_task(f"{service}.{view}", total=None)
        while True:
            found = operator.call(f"{service}.ops", "rebuild_status", {"id": intention})
            detail: dict[str, Any] = found["detail"]
            if "head" in detail:
                bar.update(task, completed=detail["position"], total=detail["head"])
            if found["status"] == "failed":
                raise click.ClickException(f"{service}.{view}: {detail['reason']}")
            if found["status"] == "done":
                return detail
            time.sleep(POLL_SECONDS)


def _report(view: str, done: dict[str, Any]) -> int:
    same = done["live_digest"] == done["new_digest"]
    click.echo(f"live {done['live_digest']}")
    click.echo(f"new  {done['new_digest']}")
    if done["flipped"]:
        how = "equal" if same else "they differ"
        click.echo(f"{view} was rebuilt up to position {done['position']} ({how}); queries read it")
        return 0
    click.echo(
        f"{view} differs from its log and was left as it is; --accept-difference takes the new one"
    )
    return 1


def _list(operator: Operator) -> None:
    found = console.table(
        "Views", "view", "build", "follows", "position", "behind", "status",
        right=("build", "position", "behind"),
    )  # fmt: skip
    asked = {name: operator.call(f"{name}.ops", "views", {}) for name in SERVICES}
    heads = {name: answer["head"] for name, answer in asked.items()}
    for name, answer in asked.items():
        for one in answer["handlers"]:
            if one["kind"] == "view":
                behind = max(0, heads[one["log"]] - one["position"])
                console.row(
                    found, f"{name}.{one['handler']}", one["build"], one["log"], one["position"],
                    behind, one["status"],
                )  # fmt: skip
    console.output().print(found)
