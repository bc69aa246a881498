"""What an order's story begins with: the order's own events, and what the order was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from shared.audit.chain import Event
from shared.audit.gathering import Covers, Search, Story, Tell, everything, gathered, unheard

LOG = "workorders"


def own_events(history: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What ``workorders.history`` answers, with the names that a log's envelopes use."""
    order: str = history["id"]
    return [
        {
            "id": event["id"],
            "type": event["type"],
            "subject": order,
            "time": event["time"],
            "data": event["data"],
            "log": LOG,
            "position": 0,
            "community": order.partition(".")[0],
            "streamversion": event["version"],
            "occurredat": event["occurred_at"],
            "commandid": event["command_id"],
            "correlationid": event["correlation_id"],
            "causationid": event["causation_id"],
            "actor": event["actor"],
        }
        for event in history["events"]
    ]


def story_of(
    search: Search,
    logs: Sequence[str],
    own: Sequence[Event],
    covers: Covers = everything,
    tell: Tell = unheard,
    *,
    named_before: datetime | None = None,
    seconds: float | None = None,
) -> Story:
    """As ``gathered``, of an order by its own events, with the inquiry that it was made of."""
    before, whole = _inquiry(search, own)
    story = gathered(
        search, logs, [*filter(covers, before), *own], covers, tell,
        named_before=named_before, seconds=seconds,
    )  # fmt: skip
    if whole or LOG in story.unsearched:
        return story
    return msgspec.structs.replace(story, unsearched=[LOG, *story.unsearched])


def _inquiry(search: Search, own: Sequence[Event]) -> tuple[list[Event], bool]:
    """The events of the inquiry that the order was made of, and whether these are all of them."""
    origin = own[0]["data"].get("origin")
    if origin is None or origin["relation"] != "inquiry":
        return [], True
    (answer,) = search([(LOG, {"subjects": [origin["id"]]})])
    page = answer()
    return ([], False) if page is None else (page["events"], page["done"])
