"""One follower a followed log: pulls pages in order and brings its handlers past them.

Handlers at the same place share the pulled page. A handler that fails, diverges or meets an event
of a newer release stops or holds by itself; the others go on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.errors import WuyeError
from shared.eventlog.store import Store, StoreError
from shared.following import positions, viewing
from shared.following.acting import MOST_A_PAGE, PolicyRunner, apply_together
from shared.following.builds import Builds
from shared.following.following import Following
from shared.following.handlers import Handler
from shared.following.pages import kinds_of
from shared.following.source import PAGE, LogSource, Page
from shared.observability import tracing

logger = logging.getLogger(__name__)

IDLE_SECONDS = 3.0
# Close behind the log's end a page would hold an event or two, and cost as much as a full one.
GATHER_SECONDS = 0.03
# Where fewer events a second come there is time for pages of a few, and who looks sees them sooner.
BUSY, CALM_GATHER_SECONDS = 900, 0.01
RATE_OVER_SECONDS = 0.5
FAR_BEHIND = 100
# What policies do is waited for by nobody who looks at a page.
POLICIES_GATHER_SECONDS = 0.12


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
        self._stepped_at = 0.0
        self._rate = 0.0
        self.following = [Following(one, store, builds, runner_of(one)) for one in handlers]

    def run(self, stop: threading.Event) -> None:
        pause = 0.1
        while not stop.is_set():
            try:
                if not self.step(patient=True):
                    self._idle(stop)
                elif all(one.lag < FAR_BEHIND for one in self.following):
                    stop.wait(GATHER_SECONDS if self._rate > BUSY else CALM_GATHER_SECONDS)
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

    def step(self, *, patient: bool = False) -> bool:
        """Take one page for each place where active handlers stand; True when anything moved.

        ``patient``: policies that acted a moment ago are left out, so that more comes together.
        """
        now = time.monotonic()
        since, self._stepped_at = now - self._stepped_at, now
        came = 0
        places: dict[int, list[Following]] = {}
        for one in self.following:
            one.look_again()
            if one.place.status == "following" and one.waits_until(patient) <= now:
                places.setdefault(one.place.position, []).append(one)
        moved = False
        for position, group in sorted(places.items()):
            most = MOST_A_PAGE if all(one.runner is not None for one in group) else PAGE
            try:
                text = any(one.handler.wants_text for one in group)
                page = self.source.read(position, most, text=text)
            except Exception:
                for one in group:
                    one.note_progress(at_end=False)
                raise
            if any(one.runner is None for one in group):
                came = max(came, len(page.events))
            before = [(one.build, one.place.position) for one in group]
            self._take(group, page)
            for one, stood in zip(group, before, strict=True):
                went = (one.build, one.place.position) != stood
                moved = moved or went
                one.note_progress(at_end=one.lag == 0)
                if went and one.runner is not None and one.lag < FAR_BEHIND:
                    one.gather_until = now + POLICIES_GATHER_SECONDS
                if one.hold_until > now:
                    self._on_hold(one)
        self._note_rate(came, since)
        return moved

    def _note_rate(self, came: int, seconds: float) -> None:
        """Events a second lately: what came long ago fades."""
        fades = min(1.0, seconds / RATE_OVER_SECONDS)
        self._rate += came / max(seconds, RATE_OVER_SECONDS) - fades * self._rate

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
            one.went(one.place, page, kinds)
        # Views first: what policies read of them is then no older than the events they act on.
        for those, take in ((others, self._taken_together), (acting, self._acted_together)):
            if len(those) > 1:
                done += take(those, page, kinds)
        for one in group:
            if one not in done:
                one.take(page)

    def _taken_together(
        self, group: Sequence[Following], page: Page, kinds: Mapping[str, int]
    ) -> Sequence[Following]:
        """One transaction for views and for policies with nothing to do; who is seen to with it.

        None where each must find out by itself what is wrong.
        """
        start = group[0].place
        views = [one for one in group if one.table is not None and one.is_concerned(kinds)]
        try:
            rows = self._loaded(views, page)
            ready = [one.folded(page, found) for one, found in zip(views, rows, strict=True)]
            handlers = [(one.name, one.build) for one in group]
            then = viewing.behind(start, page)
            with self._store.transaction() as tx:
                positions.advance(tx, handlers, self.source.log, start=start.position, to=then)
                for made in ready:
                    made.write(tx)
        except Exception as error:
            return self._held_together(group, error)
        for one, made in zip(views, ready, strict=True):
            one.keep(made)
        for one in group:
            one.went(then, page, kinds)
        return group

    def _loaded(self, views: Sequence[Following], page: Page) -> Sequence[Mapping[str, Any]]:
        if not views:
            return ()
        with self._store.reading() as tx:
            return [one.loaded(tx, page) for one in views]

    def _acted_together(
        self, group: Sequence[Following], page: Page, kinds: Mapping[str, int]
    ) -> Sequence[Following]:
        """One transaction for policies that act; who came further by it."""
        runners = {one.runner: one for one in group if one.runner is not None}
        try:
            moved = apply_together(list(runners), group[0].place, page)
        except Exception as error:
            return self._held_together(group, error)
        for runner, place in moved.items():
            runners[runner].went(place, page, kinds)
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
        ready = [one.place.position for one in active if one.waits_until(True) <= now]
        held = [wait - now for one in active if (wait := one.waits_until(True)) > now]
        patience = min([IDLE_SECONDS, *held])
        if ready:
            self.source.wait(min(ready), patience)
        else:
            stop.wait(min(patience, 1.0))
