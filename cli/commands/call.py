"""`wuye call`: one RPC as the operator, for what no other command does."""

from __future__ import annotations

import json
from typing import Any

import click

from cli import console
from cli.operator import connect


class _Request(click.ParamType[dict[str, Any]]):
    name = "json"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, Any]:
        try:
            found = json.loads(value)
        except ValueError as error:
            self.fail(f"this is not JSON: {error}", param, ctx)
        if not isinstance(found, dict):
            self.fail("a JSON object is expected, such as '{}'", param, ctx)
        return found


@click.command("call")
@click.argument("method", metavar="SERVICE.METHOD")
@click.argument("request", type=_Request(), default="{}", metavar="[JSON]")
@click.option("--command-id", help="A UUID: the same one again is carried out once.")
def command(method: str, request: dict[str, Any], command_id: str | None) -> None:
    """Call a method as the operator, and print its answer as JSON.

    \b
    wuye call security.register_community '{"community": "garden", "name": "花园"}'
    wuye call workorders.list '{"limit": 5}'

    The operator may do what the roles service, auditor and admin may. Without --command-id a
    command is a new one every time.
    """
    service, _, name = method.rpartition(".")
    if not service:
        raise click.UsageError(f"{method!r} is not SERVICE.METHOD, such as workorders.list")
    if command_id is not None:
        request = {**request, "command_id": command_id}
    with connect() as operator:
        console.json_line(operator.call(service, name, request))
