"""A view's part of a page: load its rows in one SELECT, fold, write one upsert and the position."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.eventlog.store import UNSTORABLE, Store, StoreError, Tx
from shared.following import positions
from shared.following.positions import LostLead, Place
from shared.following.source import Page
from shared.following.tables import ViewTable
from shared.following.view import stream_of
from shared.messaging.envelope import Fact

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The handler cannot go on from ``place``; ``status`` is kept there, for operators to see."""

    def __init__(self, status: str, message: str, place: Place) -> None:
        super().__init__(message)
        self.status = status
        self.place = place


def fold(table: ViewTable, rows: Mapping[str, Any], facts: Sequence[Fact]) -> dict[str, Any]:
    """The rows that facts change, folded onto what is there (None: gone)."""
    view = table.view
    changed: dict[str, Any] = {}
    for fact in facts:
        if fact.type not in view.handles:
            continue
        key = view.key(fact)
        if key is None:
            continue
        row = view.evolve(changed[key] if key in changed else rows.get(key), fact)
        if row is not None and row.key != key:
            raise ValueError(f"evolve made the row {row.key} of the row {key}")
        changed[key] = row
    return changed


def keys_of(table: ViewTable, facts: Sequence[Fact]) -> list[str]:
    keys = (table.view.key(fact) for fact in facts if fact.type in table.view.handles)
    return list(dict.fromkeys(key for key in keys if key is not None))


def is_infrastructure(error: Exception) -> bool:
    """Whether the database failed, rather than what it was given."""
    return isinstance(error, StoreError) and not isinstance(error, UNSTORABLE)


def apply_page(store: Store, table: ViewTable, place: Place, page: Page) -> Place:
    """Bring one build of a view past one page; its new place.

    Raises ``Stopped`` at an event that fails (everything before it is in), ``LostLead``,
    ``StoreError``.
    """
    try:
        return _apply(store, table, place, page)
    except (LostLead, Stopped, OSError):
        raise
    except Exception as error:
        if is_infrastructure(error) or not page.events:
            raise
        if len(page.events) == 1:
            fact, name = page.events[0], table.view.name
            logger.exception("view %s fails at %s %s", name, fact.type, fact.id)
            raise Stopped(
                "failed",
                f"{name} fails at {fact.type} {fact.id} (position {fact.position})",
                place,
            ) from error
    # One of these events fails: by halves, everything before it gets in.
    half = len(page.events) // 2
    place = apply_page(store, table, place, page.first(half))
    return apply_page(store, table, place, page.rest(half))


def _apply(store: Store, table: ViewTable, place: Place, page: Page) -> Place:
    if page.next == place.position:
        return place
    with store.reading() as tx:
        rows = loaded(tx, table, page, {})
    made = folded(table, page, rows)
    then = behind(place, page)
    with store.transaction() as tx:
        handlers = [(table.view.name, table.build)]
        positions.advance(tx, handlers, table.view.follows, start=place.position, to=then)
        made.write(tx)
    return then


def loaded(tx: Tx, table: ViewTable, page: Page, known: Mapping[str, Any]) -> dict[str, Any]:
    """The rows a page concerns, as they are; ``known``: by key, those that need not be read."""
    if table.view.key is stream_of:
        begun = {fact.subject: None for fact in page.events if fact.version == 1}
        known = {**begun, **known}
    keys = keys_of(table, page.events)
    unknown = [key for key in keys if key not in known]
    found = {key: known[key] for key in keys if key in known}
    return {**found, **table.load(tx, unknown)} if unknown else found


class Folded(NamedTuple):
    """What a page makes of a view's rows: ``columns`` of those to be written, keys of ``gone``."""

    table: ViewTable
    columns: Sequence[Mapping[str, Any]]
    gone: Sequence[str]

    def write(self, tx: Tx) -> None:
        self.table.write(tx, self.columns, self.gone)

    def rows(self) -> dict[str, Any]:
        """As they will be read again."""
        written = {one["key"]: self.table.from_columns(one) for one in self.columns}
        return {**dict.fromkeys(self.gone), **written}


def folded(table: ViewTable, page: Page, rows: Mapping[str, Any]) -> Folded:
    """What a page makes of these rows. Raises what the folds raise."""
    changed = fold(table, rows, page.events)
    return Folded(
        table,
        [table.to_columns(row) for row in changed.values() if row is not None],
        [key for key, row in changed.items() if row is None and rows.get(key) is not None],
    )


def behind(place: Place, page: Page) -> Place:
    """Where a handler that stood at ``place`` stands after the page."""
    last_id = page.events[-1].id if page.events else place.last_id
    return Place(page.next, page.log_id, last_id, "following")
