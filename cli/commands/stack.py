"""`wuye stack`: the real thing on this machine, on a private RabbitMQ and PostgreSQL."""

from __future__ import annotations

import click


@click.command("stack")
@click.option("--empty", is_flag=True, help="Do not register the demo community.")
def command(empty: bool) -> None:
    """Serve on a private RabbitMQ and PostgreSQL, two processes a service, until Ctrl-C.

    A platform with no community yet gets the demo one. Data lives in the folder `stack` of
    WUYE_DATA_DIR.
    """
    from cli.stack.stack import run
    from shared.config.settings import OperatorSettings, load

    run(load(OperatorSettings), empty=empty)
