"""One handler on its way through a log: where it stands, and what keeps it there."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from shared.eventlog.catalogue import NewerEvent
from shared.eventlog.store import Store, StoreError, Tx
from shared.following import positions, viewing
from shared.following.acting import PolicyRunner
from shared.following.batch import Hold
from shared.following.builds import Builds
from shared.following.handlers import Handler
from shared.following.kept import Kept
from shared.following.pages import diverged, kinds_of, understands, understood
from shared.following.positions import Place
from shared.following.source import Page
from shared.following.tables import ViewTable
from shared.following.view import View
from shared.following.viewing import Folded, Stopped
from shared.observability import tracing
from shared.observability.tracing import Span
from shared.privacy.personal import personal_fields

logger = logging.getLogger(__name__)

NEWER_RELEASE_SECONDS = 5.0
HOLD_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 2.0


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
        self.gather_until = 0.0
        self.alone = False
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

    def waits_until(self, patient: bool) -> float:
        """When it is to be asked again; ``patient``: letting events come together first."""
        return max(self.hold_until, self.gather_until) if patient else self.hold_until

    def note_progress(self, *, at_end: bool) -> None:
        """A log that cannot be read may have grown, so its followers count as behind."""
        if at_end:
            self.behind_since = None
        elif self.behind_since is None:
            self.behind_since = time.monotonic()

    def refresh(self) -> None:
        """Read the live build and its place again."""
        if isinstance(self.handler, View):
            self.table = self._builds.ensure(self.handler)
        self._kept = Kept()
        self.place = positions.ensure(self._store, self.name, self.build, self.handler.follows)
        self._unsure = False
        self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS

    def look_again(self) -> None:
        """Find out where it stands after a failure that left this open, or when it has stopped."""
        stopped = self.place.status != "following" and time.monotonic() >= self._look_at
        if self._unsure or stopped:
            self.refresh()
        if stopped and self.place.status == "crowded" and self.runner and self.runner.has_room():
            logger.warning("%s goes on", self.name)
            self.place = self._with_status(self.place, "following")

    def take(self, page: Page) -> None:
        """Bring the handler past a page that begins at its place. Raises ``LostLead``."""
        self.head = page.head
        self._kept.clear()
        try:
            self.went(self._taken(page), page, kinds_of(page))
            self.alone = False
        except Hold as hold:
            self._hold(hold.after, str(hold))
        except NewerEvent as newer:
            self._hold(NEWER_RELEASE_SECONDS, newer.message)
        except positions.LostLead:
            before = self.build
            self.refresh()
            if self.build == before:
                raise
        except Exception as error:
            self.hold_for(error)

    def hold_for(self, error: Exception) -> None:
        """Hold after a failure; whether its last transaction took is unknown.

        The next attempt is its own, so that one view's fault does not keep holding the others.
        """
        self._hold(HOLD_SECONDS, str(error), exc_info=not isinstance(error, StoreError))
        self._unsure = self.alone = True

    def joins(self, page: Page, kinds: Mapping[str, int]) -> bool:
        """Whether it may share a transaction: at home in this page to its end."""
        return (
            not self.alone
            and page.next > self.place.position
            and not diverged(self.place, page)
            and understands(self.handler, kinds)
        )

    def has_all_of(self, page: Page) -> bool:
        """Whether a page brings it nothing: it stands at the log's end."""
        return page.next == self.place.position and not diverged(self.place, page)

    def is_concerned(self, kinds: Mapping[str, int]) -> bool:
        """Whether a page holds anything it handles."""
        return not kinds.keys().isdisjoint(self.handler.handles)

    def acts(self, kinds: Mapping[str, int]) -> bool:
        """Whether it is a policy that has something to do in a page."""
        return self.runner is not None and self.is_concerned(kinds)

    def loaded(self, tx: Tx, page: Page) -> Mapping[str, Any]:
        """The rows of a view that a page concerns."""
        assert self.table is not None
        known = self._kept.of(viewing.keys_of(self.table, page.events))
        return viewing.loaded(tx, self.table, page, known)

    def folded(self, page: Page, rows: Mapping[str, Any]) -> Folded:
        """What a page makes of these rows of a view."""
        assert self.table is not None
        return viewing.folded(self.table, page, rows)

    def keep(self, made: Folded) -> None:
        """Remember what was written. Personal text is not kept: it would outlive its key."""
        if not personal_fields(made.table.view.row):
            self._kept.update(made.rows())

    def span(self, page: Page) -> Span:
        """Of bringing a view past a page."""
        facts = [fact for fact in page.events if fact.type in self.handler.handles]
        return tracing.following(self._store.name, self.name, facts)

    def went(self, place: Place, page: Page, kinds: Mapping[str, int]) -> None:
        self.head, self.place = page.head, place
        if isinstance(self.handler, View):
            changed = self.is_concerned(kinds)
            self._builds.note_moved(self.handler, place.position, changed=changed)

    def _hold(self, seconds: float, reason: str, *, exc_info: bool = False) -> None:
        logger.warning("%s holds for %g s: %s", self.name, seconds, reason, exc_info=exc_info)
        self.hold_until = time.monotonic() + seconds

    def _taken(self, page: Page) -> Place:
        try:
            if diverged(self.place, page):
                message = f"{self.handler.follows} has another history now; rebuild {self.name}"
                raise Stopped("diverged", message, self.place)
            page = understood(self.handler, page)
            if self.table is not None:
                return viewing.apply_page(self._store, self.table, self.place, page)
            assert self.runner is not None
            return self.runner.apply(self.place, page)
        except Stopped as stopped:
            logger.error("%s stops: %s", self.name, stopped)
            return self._with_status(stopped.place, stopped.status)

    def _with_status(self, place: Place, status: str) -> Place:
        positions.set_status(
            self._store, self.name, self.build, self.handler.follows, status, at=place.position
        )
        return msgspec.structs.replace(place, status=status)
