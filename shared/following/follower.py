"""One follower a followed log: pulls pages in order and brings its handlers past them.

Handlers at the same place share the pulled page. A handler that fails, diverges or meets an event
of a newer release stops or holds by itself; the others go on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from shared.errors import WuyeError
from shared.eventlog.store import Store, StoreError
from shared.following import positions, viewing
from shared.following.acting import MOST_A_PAGE, Hold, PolicyRunner
from shared.following.builds import Builds
from shared.following.handlers import Handler, View
from shared.following.positions import Place
from shared.following.source import PAGE, LogSource, Page
from shared.following.tables import ViewTable
from shared.following.viewing import Stopped

logger = logging.getLogger(__name__)

IDLE_SECONDS = 3.0
NEWER_RELEASE_SECONDS = 5.0


class Following:
    """One handler on its way through a log."""

    def __init__(
        self, handler: Handler, store: Store, builds: Builds, runner: PolicyRunner | None
    ) -> None:
        self.handler = handler
        self.runner = runner
        self._store = store
        self._builds = builds
        self.table: ViewTable | None = None
        self.place: Place = positions.START
        self.hold_until = 0.0
        self.head = 0
        self.behind_since: float | None = None
        self.refresh()

    @property
    def name(self) -> str:
        return self.handler.name

    @property
    def build(self) -> int:
        return self.table.build if self.table is not None else self.handler.build

    @property
    def lag(self) -> int:
        """How far its log's end is ahead, in positions."""
        return max(0, self.head - self.place.position)

    @property
    def behind_seconds(self) -> float:
        """How long it has not stood at the end of its log, as far as it knows."""
        return time.monotonic() - self.behind_since if self.behind_since is not None else 0.0

    def refresh(self) -> None:
        """Read the live build and its place again."""
        if isinstance(self.handler, View):
            self.table = self._builds.ensure(self.handler)
        self.place = positions.ensure(self._store, self.name, self.build, self.handler.follows)

    def stop(self, status: str, message: str) -> None:
        logger.error("%s stops: %s", self.name, message)
        positions.set_status(self._store, self.name, self.build, self.handler.follows, status)
        self.place = Place(self.place.position, self.place.log_id, self.place.last_id, status)

    def take(self, page: Page) -> None:
        """Bring the handler past a page that begins at its place."""
        self.head = page.head
        if self._diverged(page):
            self.stop(
                "diverged", f"{self.handler.follows} has another history now; rebuild {self.name}"
            )
            return
        newer = next(
            (f for f in page.events if f.schema > self.handler.handles.get(f.type, f.schema)), None
        )
        if newer is not None:
            page = _until(page, newer.position)
            if page.next == self.place.position:
                logger.error("%s holds: %s is of a newer release", self.name, newer.type)
                self.hold_until = time.monotonic() + NEWER_RELEASE_SECONDS
                return
        try:
            if self.table is not None:
                self.place = viewing.apply_page(self._store, self.table, self.place, page)
            elif self.runner is not None:
                self.place = self.runner.apply(self.place, page)
        except Stopped as stopped:
            self.place = positions.ensure(self._store, self.name, self.build, self.handler.follows)
            self.stop(stopped.status, str(stopped))
        except Hold as hold:
            logger.warning("%s holds for %s s: %s", self.name, hold.after, hold)
            self.hold_until = time.monotonic() + hold.after
        except positions.LostLead:
            before = self.build
            self.refresh()
            if self.build == before:
                raise

    def _diverged(self, page: Page) -> bool:
        known = self.place
        return (known.log_id is not None and known.log_id != page.log_id) or (
            known.position > 0 and known.last_id is not None and page.anchor != known.last_id
        )


class Follower:
    """Follows one log for one service. ``run`` returns when told to stop or raises ``LostLead``."""

    def __init__(
        self,
        source: LogSource,
        handlers: Sequence[Handler],
        store: Store,
        builds: Builds,
        runner_of: Callable[[Handler], PolicyRunner | None],
        on_hold: Callable[[Following], None] = lambda following: None,
    ) -> None:
        self.source = source
        self._on_hold = on_hold
        self.following = [Following(one, store, builds, runner_of(one)) for one in handlers]

    def run(self, stop: threading.Event) -> None:
        pause = 0.1
        while not stop.is_set():
            try:
                if not self.step():
                    self._idle(stop)
                pause = 0.1
            except (WuyeError, StoreError, OSError) as error:
                logger.warning(
                    "following %s: %s; trying again in %.1f s", self.source.log, error, pause
                )
                stop.wait(pause)
                pause = min(pause * 2, 5.0)

    def step(self) -> bool:
        """Take one page for each place where active handlers stand; True when anything moved."""
        now = time.monotonic()
        places: dict[int, list[Following]] = {}
        for one in self.following:
            if one.place.status == "following" and one.hold_until <= now:
                places.setdefault(one.place.position, []).append(one)
        moved = False
        for position, group in sorted(places.items()):
            small = all(one.runner is not None for one in group)
            page = self.source.read(position, MOST_A_PAGE if small else PAGE)
            for one in group:
                before = one.place.position
                one.take(page)
                moved = moved or one.place.position != before
                if one.lag == 0:
                    one.behind_since = None
                elif one.behind_since is None:
                    one.behind_since = time.monotonic()
                if one.hold_until > now:
                    self._on_hold(one)
        return moved

    def _idle(self, stop: threading.Event) -> None:
        active = [one for one in self.following if one.place.status == "following"]
        held = [
            one.hold_until - time.monotonic() for one in active if one.hold_until > time.monotonic()
        ]
        if not active:
            stop.wait(1.0)
        elif held:
            stop.wait(min(*held, 1.0) if len(held) > 1 else min(held[0], 1.0))
        else:
            self.source.wait(min(one.place.position for one in active), IDLE_SECONDS)


def _until(page: Page, position: int) -> Page:
    """The part of a page before a position."""
    events = [fact for fact in page.events if fact.position < position]
    after = events[-1].position if events else 0
    return Page(events, after, page.head, page.log_id, page.anchor)
