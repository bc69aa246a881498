"""Events that a policy could not handle, set aside with everything later of the same subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from shared.eventlog.store import Store, Tx
from shared.following.as_rows import as_rows
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

MOST_REASON = 2000


class Parked(msgspec.Struct, frozen=True):
    """``intention`` is what an operator asked for: ``retry``, ``drop`` or nothing yet."""

    handler: str
    subject: str
    position: int
    event_id: str
    log: str
    reason: str
    parked_at: str
    intention: str | None


def subjects(tx: Tx, handlers: Sequence[str]) -> dict[str, set[str]]:
    """The subjects that are set aside, by handler."""
    among, values = as_rows(tx, ("text",), [handlers])
    rows = tx.query(
        f"SELECT DISTINCT handler, subject FROM parked WHERE handler IN ({among})", values
    )
    found: dict[str, set[str]] = {handler: set() for handler in handlers}
    for row in rows:
        found[row["handler"]].add(row["subject"])
    return found


def adding(handler: str, fact: Fact, reason: str, now: datetime) -> Callable[[Tx], None]:
    values: dict[str, Any] = {
        "handler": handler,
        "subject": fact.subject,
        "position": fact.position,
        "event_id": fact.id,
        "log": fact.log,
        # What PostgreSQL's text cannot hold may be the very reason.
        "reason": reason.replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST_REASON],
        "parked_at": moment_text(now),
    }

    def add(tx: Tx) -> None:
        tx.execute(
            "INSERT INTO parked (handler, subject, position, event_id, log, reason, parked_at) "
            "VALUES (:handler, :subject, :position, :event_id, :log, :reason, :parked_at) "
            "ON CONFLICT (handler, subject, position) DO NOTHING",
            values,
        )

    return add


def remove(tx: Tx, row: Parked) -> None:
    tx.execute(
        "DELETE FROM parked "
        "WHERE handler = :handler AND subject = :subject AND position = :position",
        {"handler": row.handler, "subject": row.subject, "position": row.position},
    )


def listed(store: Store, *, handler: str | None = None, intended: bool = False) -> list[Parked]:
    """Parked events, oldest first; ``intended``: only those an operator decided on."""
    where = ["handler = :handler"] if handler else []
    if intended:
        where.append("intention IS NOT NULL")
    text = "SELECT * FROM parked" + (f" WHERE {' AND '.join(where)}" if where else "")
    with store.reading() as tx:
        rows = tx.query(
            f"{text} ORDER BY handler, position", {"handler": handler} if handler else {}
        )
    return [msgspec.convert(row, Parked) for row in rows]


def intend(store: Store, handler: str, subject: str, intention: str | None) -> int:
    """Write down what is to become of a subject's parked events; the number of them."""
    with store.transaction() as tx:
        return tx.execute(
            "UPDATE parked SET intention = :intention "
            "WHERE handler = :handler AND subject = :subject",
            {"intention": intention, "handler": handler, "subject": subject},
        )
