"""A view's part of a page: load its rows in one SELECT, fold, write one upsert and the position."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from shared.eventlog.store import Store
from shared.following import positions
from shared.following.positions import Place
from shared.following.source import Page
from shared.following.tables import ViewTable
from shared.messaging.envelope import Fact

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The handler cannot go on; ``status`` is kept with its position, for operators to see."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


def fold(
    table: ViewTable, rows: dict[str, Any], facts: Sequence[Fact]
) -> tuple[dict[str, Any], Fact | None]:
    """Fold facts onto rows (None: gone). The second part is the fact that failed, if one did."""
    view = table.view
    changed: dict[str, Any] = {}
    for fact in facts:
        known = view.handles.get(fact.type)
        if known is None:
            continue
        try:
            key = view.key(fact)
            if key is None:
                continue
            before = changed[key] if key in changed else rows.get(key)
            changed[key] = view.evolve(before, fact)
        except Exception:
            logger.exception("view %s fails at %s %s", view.name, fact.type, fact.id)
            return changed, fact
    return changed, None


def keys_of(table: ViewTable, facts: Sequence[Fact]) -> list[str]:
    keys: dict[str, None] = {}
    for fact in facts:
        if fact.type in table.view.handles:
            try:
                key = table.view.key(fact)
            except Exception:
                break  # fold meets the same failure, and reports it
            if key is not None:
                keys[key] = None
    return list(keys)


def apply_page(store: Store, table: ViewTable, place: Place, page: Page) -> Place:
    """Bring one build of a view past one page; its new place.

    Raises ``Stopped`` at an event that fails (everything before it is in), ``LostLead``.
    """
    with store.reading() as tx:
        rows = table.load(tx, keys_of(table, page.events))
    changed, failed = fold(table, rows, page.events)
    done = [fact for fact in page.events if failed is None or fact.position < failed.position]
    upserts = [table.to_columns(row) for row in changed.values() if row is not None]
    gone = [key for key, row in changed.items() if row is None and key in rows]
    to = page.next if failed is None else (done[-1].position if done else place.position)
    after = Place(to, page.log_id, done[-1].id if done else place.last_id, "following")
    view = table.view
    if to != place.position:
        with store.transaction() as tx:
            positions.advance(
                tx,
                view.name,
                table.build,
                view.follows,
                start=place.position,
                to=to,
                log_id=after.log_id,
                last_id=after.last_id,
            )
            table.write(tx, upserts, gone)
    if failed is not None:
        raise Stopped(
            "failed", f"{view.name} fails at {failed.type} {failed.id} (position {failed.position})"
        )
    return after
