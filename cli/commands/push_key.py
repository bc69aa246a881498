"""`wuye push-key`: a key to push messages to browsers with."""

from __future__ import annotations

import click


@click.command("push-key")
def command() -> None:
    """Make up a key for web push (VAPID, RFC 8292), as a setting.

    Keep it: browsers that subscribed under another key must subscribe anew.
    """
    from services.notifications.push.message import new_secret

    click.echo(f"WUYE_PUSH_KEY={new_secret()}")
