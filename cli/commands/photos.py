"""`wuye photos`: throw photos away that belong to nothing any more."""

from __future__ import annotations

from functools import partial

import click

from cli.operator import connect


@click.command("photos")
def command() -> None:
    """Throw away photos that were sent a day ago and attached to nothing, and forgotten people's.

    The edge does it every hour by itself; this does it now.
    """
    from services.gateway.uploads.store import Photos
    from services.gateway.uploads.tidying import Tidying
    from shared.clock import SystemClock
    from shared.config.settings import OperatorSettings, load

    settings = load(OperatorSettings)
    photos = Photos(settings.photos_url or settings.photos_folder)
    with connect(settings) as operator:
        ask = partial(operator.call, "workorders", "attached_photos")
        found = Tidying(photos, ask, SystemClock()).round()
    click.echo(f"looked at {found.looked_at} files, threw {found.removed} away")
