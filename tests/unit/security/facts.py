"""Facts as a follower gets them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact
from shared.testing.scenario import NOON


def fact(event: Any, *, position: int = 1, time: datetime = NOON, withheld: bool = False) -> Fact:
    """The event of one of security's streams. ``withheld``: without personal text."""
    data = msgspec.to_builtins(event, builtin_types=())
    data = msgspec.json.decode(msgspec.json.encode(data))
    if withheld:
        data = {name: value for name, value in data.items() if name not in ("name", "phone")}
    return Fact(
        id=f"fact-{position}",
        log="security",
        position=position,
        type=type(event).__name__,
        schema=1,
        subject="garden.s",
        version=1,
        community="garden",
        time=time,
        occurred_at=time,
        actor="someone",
        command_id="command",
        correlation_id="correlation",
        data=data,
    )


def rows(view: View, *events: Any, withheld: bool = False) -> dict[str, Any]:
    """The rows of a view after these events, folded as a follower folds them."""
    found: dict[str, Any] = {}
    for position, event in enumerate(events, start=1):
        told = (
            event if isinstance(event, Fact) else fact(event, position=position, withheld=withheld)
        )
        assert told.type in view.handles
        key = view.key(told)
        assert key is not None
        after = view.evolve(found.get(key), told)
        if after is None:
            found.pop(key, None)
        else:
            assert after.key == key
            assert msgspec.json.decode(msgspec.json.encode(after), type=view.row) == after
            found[key] = after
    return found
