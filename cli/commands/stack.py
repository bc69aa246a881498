"""`wuye stack`: the real thing on this machine, on a private RabbitMQ and PostgreSQL."""

from __future__ import annotations

import click


@click.command("stack")
def command() -> None:
    """Serve on a private RabbitMQ and PostgreSQL, two processes a service, until Ctrl-C.

    Data lives in the folder `stack` of WUYE_DATA_DIR.
    """
    from cli.stack.stack import run
    from shared.config.settings import OperatorSettings, load

    run(load(OperatorSettings))
