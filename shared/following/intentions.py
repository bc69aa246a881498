"""What operators asked for, and how far the leader has come with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from shared.eventlog.store import Store
from shared.following.tables import moment_text


class Intention(msgspec.Struct, frozen=True):
    """``status``: asked, running, done, failed."""

    id: str
    kind: str
    target: str
    asked_by: str
    asked_at: str
    status: str
    detail: dict[str, Any]


def add(
    store: Store,
    id: str,
    kind: str,
    target: str,
    asked_by: str,
    now: datetime,
    detail: Mapping[str, Any],
) -> str:
    with store.transaction() as tx:
        tx.execute(
            "INSERT INTO intentions (id, kind, target, asked_by, asked_at, status, detail) "
            "VALUES (:id, :kind, :target, :asked_by, :asked_at, 'asked', :detail)",
            {
                "id": id,
                "kind": kind,
                "target": target,
                "asked_by": asked_by,
                "asked_at": moment_text(now),
                "detail": json.dumps(dict(detail)),
            },
        )
    return id


def get(store: Store, id: str) -> Intention | None:
    found = _select(store, "id = :value", id)
    return found[0] if found else None


def open_ones(store: Store) -> list[Intention]:
    """Asked for and not finished; one found running belongs to a leader that died."""
    return [
        *_select(store, "status = :value", "running"),
        *_select(store, "status = :value", "asked"),
    ]


def update(store: Store, id: str, status: str, detail: Mapping[str, Any]) -> None:
    with store.transaction() as tx:
        tx.execute(
            "UPDATE intentions SET status = :status, detail = :detail WHERE id = :id",
            {"id": id, "status": status, "detail": json.dumps(dict(detail))},
        )


def _select(store: Store, where: str, value: str) -> list[Intention]:
    with store.reading() as tx:
        rows = tx.query(
            f"SELECT * FROM intentions WHERE {where} ORDER BY asked_at", {"value": value}
        )
    return [Intention(**{**row, "detail": json.loads(row["detail"])}) for row in rows]
