"""One follower a followed log: pulls pages in order and brings its handlers past them.

Handlers at the same place share the pulled page. A handler that fails, diverges or meets an event
of a newer release stops or holds by itself; the others go on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from shared.errors import WuyeError
from shared.eventlog.catalogue import NewerEvent
from shared.eventlog.store import Store, StoreError, WriteHook
from shared.following import positions, viewing
from shared.following.acting import MOST_A_PAGE, PolicyRunner, apply_together
from shared.following.batch import Hold
from shared.following.builds import Builds
from shared.following.handlers import Handler
from shared.following.pages import diverged, kinds_of, understands, understood
from shared.following.positions import Place
from shared.following.source import PAGE, LogSource, Page
from shared.following.tables import ViewTable
from shared.following.view import View
from shared.following.viewing import Stopped
from shared.observability import tracing
from shared.observability.tracing import Span

logger = logging.getLogger(__name__)

IDLE_SECONDS = 3.0
# Close behind the log's end a page would hold an event or two, and cost as much as a full one.
GATHER_SECONDS = 0.04
FAR_BEHIND = 100
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
        try:
            self.place = self._taken(page)
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

    def acts(self, kinds: Mapping[str, int]) -> bool:
        """Whether it is a policy that has something to do in a page."""
        return self.runner is not None and not kinds.keys().isdisjoint(self.handler.handles)

    def folded(self, page: Page) -> WriteHook:
        """What writes the rows of a page, if it is a view."""
        if self.table is None:
            return lambda tx: None
        return viewing.folded(self._store, self.table, page)

    def span(self, page: Page) -> Span:
        """Of bringing a view past a page."""
        facts = [fact for fact in page.events if fact.type in self.handler.handles]
        return tracing.following(self._store.name, self.name, facts)

    def went(self, place: Place, page: Page) -> None:
        self.head, self.place = page.head, place

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
        self._store = store
        self._on_hold = on_hold
        self.following = [Following(one, store, builds, runner_of(one)) for one in handlers]

    def run(self, stop: threading.Event) -> None:
        pause = 0.1
        while not stop.is_set():
            try:
                if not self.step():
                    self._idle(stop)
                elif all(one.lag < FAR_BEHIND for one in self.following):
                    stop.wait(GATHER_SECONDS)
                    if all(one.lag == 0 for one in self.following):
                        # Whatever came meanwhile has been told of already.
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
            one.look_again()
            if one.place.status == "following" and one.hold_until <= now:
                places.setdefault(one.place.position, []).append(one)
        moved = False
        for position, group in sorted(places.items()):
            small = all(one.runner is not None for one in group)
            try:
                page = self.source.read(position, MOST_A_PAGE if small else PAGE)
            except Exception:
                for one in group:
                    one.note_progress(at_end=False)
                raise
            before = [(one.build, one.place.position) for one in group]
            self._take(group, page)
            for one, stood in zip(group, before, strict=True):
                moved = moved or (one.build, one.place.position) != stood
                one.note_progress(at_end=one.lag == 0)
                if one.hold_until > now:
                    self._on_hold(one)
        return moved

    def _take(self, group: Sequence[Following], page: Page) -> None:
        if not tracing.on():
            self._taken(group, page)
            return
        spans = [one.span(page) for one in group if one.table is not None]
        try:
            self._taken(group, page)
        finally:
            for span in spans:
                span.end()

    def _taken(self, group: Sequence[Following], page: Page) -> None:
        kinds = kinds_of(page)
        joining = [one for one in group if one.joins(page, kinds)]
        acting = [one for one in joining if one.acts(kinds)]
        others = [one for one in joining if one not in acting]
        done = [one for one in group if one.has_all_of(page)]
        for one in done:
            one.went(one.place, page)
        # Views first: what policies read of them is then no older than the events they act on.
        for those, take in ((others, self._taken_together), (acting, self._acted_together)):
            if len(those) > 1:
                done += take(those, page)
        for one in group:
            if one not in done:
                one.take(page)

    def _taken_together(self, group: Sequence[Following], page: Page) -> Sequence[Following]:
        """One transaction for views and for policies with nothing to do; who is seen to with it.

        None where each must find out by itself what is wrong.
        """
        start = group[0].place
        try:
            ready = [one.folded(page) for one in group]
            handlers = [(one.name, one.build) for one in group]
            then = viewing.behind(start, page)
            with self._store.transaction() as tx:
                positions.advance(tx, handlers, self.source.log, start=start.position, to=then)
                for write in ready:
                    write(tx)
        except Exception as error:
            return self._held_together(group, error)
        for one in group:
            one.went(then, page)
        return group

    def _acted_together(self, group: Sequence[Following], page: Page) -> Sequence[Following]:
        """One transaction for policies that act; who came further by it."""
        runners = {one.runner: one for one in group if one.runner is not None}
        try:
            moved = apply_together(list(runners), group[0].place, page)
        except Exception as error:
            return self._held_together(group, error)
        for runner, place in moved.items():
            runners[runner].went(place, page)
        return [runners[runner] for runner in moved]

    def _held_together(self, group: Sequence[Following], error: Exception) -> Sequence[Following]:
        if not viewing.is_infrastructure(error):
            return ()
        for one in group:
            one.hold_for(error)
        return group

    def _idle(self, stop: threading.Event) -> None:
        now = time.monotonic()
        active = [one for one in self.following if one.place.status == "following"]
        ready = [one.place.position for one in active if one.hold_until <= now]
        held = [one.hold_until - now for one in active if one.hold_until > now]
        patience = min([IDLE_SECONDS, *held])
        if ready:
            self.source.wait(min(ready), patience)
        else:
            stop.wait(min(patience, 1.0))
