"""Which builds of a view there are, and which one queries read."""

from __future__ import annotations

import threading
import time

from shared.eventlog.store import Store, Tx
from shared.following import positions
from shared.following.tables import ViewTable
from shared.following.view import View
from shared.privacy.seal import Sealer
from shared.renewals import Renewals

REMEMBER_SECONDS = 1.0


class Builds:
    """``live(view)`` is asked by every query; a flip is seen within a second."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer
        self._known: dict[str, tuple[float, ViewTable | None]] = {}
        self._moved: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._renewals = Renewals(REMEMBER_SECONDS)

    def live(self, view: View) -> ViewTable | None:
        """The table queries read; None while a view of this definition has never been built."""
        now = time.monotonic()
        with self._lock:
            found = self._known.get(view.name)

        def read() -> ViewTable | None:
            with self._store.reading() as tx:
                table = self._live(tx, view)
            with self._lock:
                self._known[view.name] = (now, table)
            return table

        if found is not None and (age := now - found[0]) < REMEMBER_SECONDS:
            return self._renewals.renewed(view.name, age, found[1], read)
        return read()

    def note_moved(self, view: View, position: int, *, changed: bool) -> None:
        """This process leads: it brought the view there, maybe with other rows than before."""
        before = self._moved.get(view.name)
        last = position if changed or before is None else before[1]
        self._moved[view.name] = (position, last)

    def reached(self, view: View) -> int:
        """How far this process has brought the view; 0 where another one leads."""
        moved = self._moved.get(view.name)
        return moved[0] if moved is not None else 0

    def changed(self, view: View) -> int | None:
        """Where its rows last changed, or did at the latest; None where another process leads."""
        moved = self._moved.get(view.name)
        return moved[1] if moved is not None else None

    def forget(self, view: View) -> None:
        with self._lock:
            self._known.pop(view.name, None)

    def table(self, view: View, build: int) -> ViewTable:
        return ViewTable(view, build, self._store, self._sealer)

    def _live(self, tx: Tx, view: View) -> ViewTable | None:
        rows = tx.query(
            "SELECT build FROM view_builds "
            "WHERE view = :view AND definition = :definition AND live = :live",
            {"view": view.name, "definition": view.build, "live": True},
        )
        return self.table(view, rows[0]["build"]) if rows else None

    def ensure(self, view: View) -> ViewTable:
        """The live build of today's definition, made empty where there is none yet."""
        with self._store.reading() as tx:
            table = self._live(tx, view)
        if table is None:
            with self._store.transaction() as tx:
                tx.lock_log()
                table = self._live(tx, view)
                if table is None:
                    table = self._add(tx, view)
                    self._flip(tx, table)
            self.forget(view)
        return table

    def add(self, view: View) -> ViewTable:
        """A new build beside the live one, for a rebuild."""
        with self._store.transaction() as tx:
            tx.lock_log()
            return self._add(tx, view)

    def flip(self, tx: Tx, table: ViewTable) -> None:
        """Make this build the one that queries read; the old one's position goes with it."""
        self._flip(tx, table)
        self.forget(table.view)
        self._moved.pop(table.view.name, None)

    def discard(self, table: ViewTable) -> None:
        """Drop a build, unless queries read it: a flip whose answer was lost may have taken."""
        with self._store.transaction() as tx:
            self._remove(tx, table)

    def retired(self, view: View) -> list[ViewTable]:
        with self._store.reading() as tx:
            rows = tx.query(
                "SELECT build FROM view_builds WHERE view = :view AND live = :no",
                {"view": view.name, "no": False},
            )
        return [self.table(view, row["build"]) for row in rows]

    def _add(self, tx: Tx, view: View) -> ViewTable:
        last = tx.query(
            "SELECT coalesce(max(build), 0) AS last FROM view_builds WHERE view = :view",
            {"view": view.name},
        )[0]["last"]
        table = self.table(view, last + 1)
        table.create(tx)
        tx.execute(
            "INSERT INTO view_builds (view, build, definition, live) "
            "VALUES (:view, :build, :definition, :live)",
            {"view": view.name, "build": table.build, "definition": view.build, "live": False},
        )
        tx.execute(
            "INSERT INTO positions (handler, build, log, position) VALUES (:view, :build, :log, 0)",
            {"view": view.name, "build": table.build, "log": view.follows},
        )
        return table

    def _flip(self, tx: Tx, table: ViewTable) -> None:
        view = table.view
        tx.execute(
            "UPDATE view_builds SET live = :no WHERE view = :view AND definition = :definition",
            {"view": view.name, "definition": view.build, "no": False},
        )
        tx.execute(
            "UPDATE view_builds SET live = :yes WHERE view = :view AND build = :build",
            {"view": view.name, "build": table.build, "yes": True},
        )
        tx.execute(
            "DELETE FROM positions WHERE handler = :view AND build <> :build AND build IN "
            "(SELECT build FROM view_builds WHERE view = :view AND definition = :definition)",
            {"view": view.name, "definition": view.build, "build": table.build},
        )

    def _remove(self, tx: Tx, table: ViewTable) -> None:
        names = {"view": table.view.name, "build": table.build, "no": False}
        if tx.execute(
            "DELETE FROM view_builds WHERE view = :view AND build = :build AND live = :no", names
        ):
            table.drop(tx)
            tx.execute("DELETE FROM positions WHERE handler = :view AND build = :build", names)

    def place(self, table: ViewTable) -> positions.Place | None:
        with self._store.reading() as tx:
            return positions.read(tx, table.view.name, table.build, table.view.follows)
