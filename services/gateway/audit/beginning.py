"""What an order's story begins with: the order's own events, and what the order was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.audit.chain import Event

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


def inquiry_of(own: Sequence[Event]) -> str | None:
    """The inquiry that an order was made of, by the order's own events."""
    origin = own[0]["data"].get("origin")
    return origin["id"] if origin is not None and origin["relation"] == "inquiry" else None
