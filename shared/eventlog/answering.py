"""What a command answers with, whatever it was about."""

from __future__ import annotations

from typing import Any

from shared.eventlog.decider import Answer
from shared.eventlog.executor import EventLog


def answered(log: EventLog, answer: Answer, /, **told: Any) -> dict[str, Any]:
    """``{"id", …, "version", "log", "position"}``; ``told`` stands between, or is another id."""
    return {
        "id": answer.stream,
        **told,
        "version": answer.version,
        "log": log.name,
        "position": answer.position,
    }
