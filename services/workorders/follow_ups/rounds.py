"""An order's follow-ups told from their events, with what was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.workorders.follow_ups.domain.events import FollowUpDue, FollowUpRecorded
from shared.eventlog.records import Recorded

Data = dict[str, Any]


def rounds(events: Sequence[Recorded]) -> list[Data]:
    """The oldest first."""
    found: dict[int, Data] = {}
    for event in events:
        data = event.data
        match data:
            case FollowUpDue():
                before = found.get(data.round, {"asked_at": event.meta.time.isoformat()})
                found[data.round] = {
                    "round": data.round,
                    "asked_at": before["asked_at"],
                    "reason": data.reason,
                    "stars": data.stars,
                    "due_at": data.due_at.isoformat(),
                    "open": True,
                    "dropped": False,
                    "tries": before.get("tries", []),
                }
            case FollowUpRecorded():
                one = found[data.round]
                one["open"] = not data.closed
                one["tries"].append(
                    {
                        "at": event.meta.time.isoformat(),
                        "by": event.meta.actor,
                        "outcome": data.outcome,
                        "satisfied": data.satisfied,
                        "notes": data.notes,
                        "reopened": data.reopened,
                    }
                )
            case _:
                found[data.round] |= {"open": False, "dropped": True}
    return list(found.values())
