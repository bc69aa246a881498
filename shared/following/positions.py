"""How far a handler has come in a log: moved by compare-and-set alone, with the handler's rows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from shared.eventlog.store import Store, Tx
from shared.following.as_rows import as_rows


class LostLead(Exception):
    """Another leader moved this position; whoever sees this rolls back and stops."""


class Place(msgspec.Struct, frozen=True):
    """``last_id``: the id of the event last handled, so that another history is found out."""

    position: int
    log_id: str | None
    last_id: str | None
    status: str


START = Place(0, None, None, "following")


def read(tx: Tx, handler: str, build: int, log: str) -> Place | None:
    rows = tx.query(
        "SELECT position, log_id, last_id, status FROM positions "
        "WHERE handler = :handler AND build = :build AND log = :log",
        {"handler": handler, "build": build, "log": log},
    )
    return Place(**rows[0]) if rows else None


def ensure(store: Store, handler: str, build: int, log: str) -> Place:
    """The handler's place, made at the start of the log where there is none yet.

    Its row is locked for a moment: the last commit of a leader that died may still be under way in
    the database, and must not move the place afterwards.
    """
    with store.transaction() as tx:
        tx.execute(
            "INSERT INTO positions (handler, build, log, position) "
            "VALUES (:handler, :build, :log, 0) "
            "ON CONFLICT (handler, build, log) DO UPDATE SET position = positions.position",
            {"handler": handler, "build": build, "log": log},
        )
        return read(tx, handler, build, log) or START


def advance(
    tx: Tx, handlers: Sequence[tuple[str, int]], log: str, *, start: int, to: Place
) -> None:
    """Move handlers (name, build) that stand at ``start``, all in one statement.

    Raises ``LostLead`` when one is not there any more.
    """
    which, values = as_rows(tx, ("text", "bigint"), list(zip(*handlers, strict=True)))
    moved = tx.execute(
        "UPDATE positions SET position = :to, log_id = :log_id, last_id = :last_id "
        f"WHERE (handler, build) IN ({which}) AND log = :log AND position = :start",
        {
            **values,
            "log": log,
            "start": start,
            "to": to.position,
            "log_id": to.log_id,
            "last_id": to.last_id,
        },
    )
    if moved != len(handlers):
        names = ", ".join(handler for handler, _ in handlers)
        raise LostLead(f"{names}: not at {start} of {log} any more")


def set_status(store: Store, handler: str, build: int, log: str, status: str, *, at: int) -> None:
    """Write down how a handler that stands at ``at`` fares; raises ``LostLead`` elsewhere."""
    with store.transaction() as tx:
        found = tx.execute(
            "UPDATE positions SET status = :status WHERE handler = :handler "
            "AND build = :build AND log = :log AND position = :at",
            {"handler": handler, "build": build, "log": log, "status": status, "at": at},
        )
    if found != 1:
        raise LostLead(f"{handler} is not at {at} of {log} any more")
