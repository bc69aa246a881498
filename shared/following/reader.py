"""How queries and policies read views."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any, TypeVar

from shared.errors import Unavailable
from shared.eventlog.counters import Counters
from shared.eventlog.store import Store, StoreError, Tx
from shared.following.builds import Builds
from shared.following.gathering import Gathering
from shared.following.tables import ViewTable
from shared.following.view import View
from shared.renewals import Renewals

PATIENCE = 2.0
REMEMBER_SECONDS = 1.0
MOST_REMEMBERED = 20_000

T = TypeVar("T")


class _Look(threading.local):
    """What this thread was told since it began to look; None while each answer is to be fresh."""

    told: dict[tuple[Any, ...], Any] | None = None


class Reader:
    def __init__(self, store: Store, builds: Builds) -> None:
        self._store = store
        self._builds = builds
        self._reached: dict[str, int] = {}
        self._gatherings: dict[tuple[str, str], Gathering] = {}
        self._remembered: dict[tuple[str, str], tuple[float, int, Any]] = {}
        self._renewals = Renewals(REMEMBER_SECONDS)
        self._look = _Look()

    @cached_property
    def counters(self) -> Counters:
        """For policies that give out numbers; one drawn and then not used is a gap."""
        return Counters(self._store)

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Within it this thread asks the store for the same row or rows once: for a page of events,
        which are decided on together.
        """
        before, self._look.told = self._look.told, {}
        try:
            yield
        finally:
            self._look.told = before

    def look_up(self, view: View, keys: Iterable[str]) -> None:
        """Within ``one_look``: read rows together that are to be asked for one by one."""
        told = self._look.told
        wanted = list(dict.fromkeys(keys))
        if told is None or not wanted:
            return
        found = self._read(view, lambda table, tx: table.load(tx, wanted))
        told.update((("row", view.name, key), found.get(key)) for key in wanted)

    def _once(self, question: tuple[Any, ...], ask: Callable[[], T]) -> T:
        told = self._look.told
        if told is None:
            return ask()
        if question not in told:
            told[question] = ask()
        answer: T = told[question]
        return answer

    def row(self, view: View, key: str) -> Any | None:
        """One row by its key, or None."""
        return self._once(
            ("row", view.name, key),
            lambda: self._read(view, lambda table, tx: table.load(tx, [key]).get(key)),
        )

    def recent_row(self, view: View, key: str) -> Any | None:
        """As ``row``, but what is there may be as it was up to a second ago.

        Never older than what a caller has seen (``has_reached``); and what is not there is always
        looked for, but by the process that makes the view's rows.
        """
        changed = self._builds.changed(view)
        now, reached = time.monotonic(), max(self._reached.get(view.name, 0), changed or 0)
        read_at, at_least, row = self._remembered.get((view.name, key), (0.0, 0, None))
        age = now - read_at

        def read() -> Any | None:
            # not what was told earlier within one look: that would be remembered as of now
            row = self._read(view, lambda table, tx: table.load(tx, [key]).get(key))
            if row is not None or changed is not None:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[view.name, key] = (now, reached, row)
            return row

        if age < REMEMBER_SECONDS and at_least >= reached:
            return self._renewals.renewed((view.name, key), age, row, read)
        return read()

    def rows_of(self, view: View, column: str, values: Iterable[str]) -> list[Any]:
        """All rows with one of these values in an indexed column, read together with what others
        ask for at the same moment; within ``one_look``, each value once.
        """
        told = self._look.told
        if told is not None:
            return self._told_of(told, view, column, sorted(set(values)))
        gathering = self._gatherings.get((view.name, column))
        if gathering is None:
            gathering = Gathering(partial(self._read_of, view, column))
            gathering = self._gatherings.setdefault((view.name, column), gathering)
        return gathering.rows(values)

    def _told_of(
        self, told: dict[tuple[Any, ...], Any], view: View, column: str, values: Sequence[str]
    ) -> list[Any]:
        new = [value for value in values if ("of", view.name, column, value) not in told]
        if new:
            found = self._read_of(view, column, new)
            told.update((("of", view.name, column, value), found.get(value, ())) for value in new)
        return [row for value in values for row in told["of", view.name, column, value]]

    def _read_of(self, view: View, column: str, values: Sequence[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in self._read(view, lambda table, tx: table.select_of(tx, column, values)):
            found.setdefault(getattr(row, column), []).append(row)
        return found

    def rows(
        self,
        view: View,
        *,
        where: str = "",
        params: Mapping[str, Any] | None = None,
        order: str = "key",
        limit: int | None = None,
    ) -> list[Any]:
        """Rows as structs. ``where`` and ``order`` are the caller's own SQL with ``:name``
        parameters.
        """
        return self._once(
            ("rows", view.name, where, tuple(sorted((params or {}).items())), order, limit),
            lambda: self._read(
                view,
                lambda table, tx: table.select(
                    tx, where=where, params=params, order=order, limit=limit
                ),
            ),
        )

    def count(self, view: View, *, where: str = "", params: Mapping[str, Any] | None = None) -> int:
        return self._read(view, lambda table, tx: table.count(tx, where=where, params=params))

    def counts(
        self,
        view: View,
        *,
        by: Sequence[str],
        where: str = "",
        params: Mapping[str, Any] | None = None,
    ) -> dict[tuple[Any, ...], int]:
        """How many rows have the same values in these columns, by those values."""
        return self._read(
            view, lambda table, tx: table.counts(tx, by=by, where=where, params=params)
        )

    def position(self, view: View) -> int:
        """How far the live build has come in its log."""
        table = self._builds.live(view)
        place = self._builds.place(table) if table is not None else None
        return place.position if place is not None else 0

    def has_reached(self, view: View, wanted: int) -> bool:
        """Whether a view shows this position; asks the store only where that is not known."""
        if self._builds.reached(view) >= wanted:
            return True
        known = self._reached.get(view.name, 0)
        if known < wanted:
            known = self._reached[view.name] = self.position(view)
        return known >= wanted

    def wait(self, view: View, at_least: int | None, timeout: float = PATIENCE) -> bool:
        """Wait until the view shows position ``at_least``; True when it is still behind after
        ``timeout``.
        """
        if not at_least:
            return False
        until = time.monotonic() + timeout
        pause = 0.002
        while self.position(view) < at_least:
            if time.monotonic() >= until:
                return True
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)
        self._reached[view.name] = max(self._reached.get(view.name, 0), at_least)
        return False

    def _read(self, view: View, query: Callable[[ViewTable, Tx], T]) -> T:
        table = self._table(view)
        try:
            with self._store.reading() as tx:
                return query(table, tx)
        except StoreError as error:
            if table.name not in str(error):
                raise
            # The build known here was replaced, and dropped, a moment ago.
            self._builds.forget(view)
        with self._store.reading() as tx:
            return query(self._table(view), tx)

    def _table(self, view: View) -> ViewTable:
        table = self._builds.live(view)
        if table is None:
            raise Unavailable(
                f"the view {view.name} is still being built; try again", retry_after=2.0
            )
        return table
