"""Commands to be sent later: rows written with their cause, fired by the leader, safe to fire
twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from shared.eventlog.store import Store, Tx
from shared.following.as_rows import as_rows
from shared.following.handlers import SetTimer
from shared.following.tables import moment_text

_NAMESPACE = UUID("a3a5f1a2-52f5-5d8e-8f8e-0b6f6f2d9c11")


class Timer(msgspec.Struct, frozen=True):
    handler: str
    subject: str
    rule: str
    due: str
    method: str
    request: dict[str, Any]

    @property
    def command_id(self) -> str:
        return str(uuid5(_NAMESPACE, f"{self.subject}:{self.rule}:{self.due}"))


def checked(timer: SetTimer) -> SetTimer:
    """As it can be kept. Raises ``ValueError`` for a ``due`` without a zone."""
    return replace(timer, due=moment_text(datetime.fromisoformat(timer.due)))


def set_all(tx: Tx, timers: Sequence[tuple[str, SetTimer]]) -> None:
    """Keep timers, each with the name of its handler; in the transaction of their cause."""
    if not timers:
        return
    rows = [row(handler, timer).values() for handler, timer in timers]
    source, values = as_rows(tx, ("text",) * 5, list(zip(*rows, strict=True)))
    tx.execute(
        f"INSERT INTO timers (handler, subject, rule, due, command) {source} "
        "ON CONFLICT (handler, subject, rule, due) DO NOTHING",
        values,
    )


def row(handler: str, timer: SetTimer) -> dict[str, str]:
    """The columns of a timer that has not fired, in the table's order."""
    return {
        "handler": handler,
        "subject": timer.subject,
        "rule": timer.rule,
        "due": timer.due,
        "command": json.dumps({"method": timer.method, "request": timer.request}),
    }


def due(store: Store, now: datetime, limit: int = 100) -> list[Timer]:
    """Timers whose moment has come, the oldest first; after a downtime, all that were missed."""
    with store.reading() as tx:
        rows = tx.query(
            "SELECT handler, subject, rule, due, command FROM timers "
            "WHERE fired = :no AND due <= :now ORDER BY due LIMIT :limit",
            {"no": False, "now": moment_text(now), "limit": limit},
        )
    return [
        Timer(row["handler"], row["subject"], row["rule"], row["due"], **json.loads(row["command"]))
        for row in rows
    ]


def mark_fired(store: Store, timer: Timer) -> None:
    with store.transaction() as tx:
        tx.execute(
            "UPDATE timers SET fired = :yes WHERE handler = :handler AND subject = :subject "
            "AND rule = :rule AND due = :due",
            {
                "yes": True,
                "handler": timer.handler,
                "subject": timer.subject,
                "rule": timer.rule,
                "due": timer.due,
            },
        )
