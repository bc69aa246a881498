"""The demo community on a stack that has none yet, registered as the operator over the broker."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cli import community, crew
from cli.operator import connect
from cli.stack.terminal import Terminal
from shared.config.settings import OperatorSettings
from shared.errors import WuyeError


def furnish(broker_url: str, keys_dir: Path, terminal: Terminal) -> None:
    """Register it where there is no community at all, and say who can log in where it is there."""
    try:
        with connect(OperatorSettings(broker_url=broker_url, keys_dir=keys_dir)) as operator:
            known = operator.call("security", "communities", {})["communities"]
            if not known:
                people = community.register(operator.call, terminal.say).people
                community.promise(operator.call)
                crew.employ(community.as_manager(operator.call), people, datetime.now(UTC))
            elif community.COMMUNITY not in {one["community"] for one in known}:
                return
            else:
                crew.go_on(operator.call, datetime.now(UTC), terminal.say)
    except WuyeError as error:
        terminal.say(f"the demo community could not be furnished: {error.message}")
        return
    for line in community.log_ins():
        terminal.say(line)
