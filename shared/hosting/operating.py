"""The leader's part in what operators ask for: rebuilds, and what becomes of parked events."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping

import msgspec

from shared.eventlog.store import LostRace
from shared.following import intentions, parked
from shared.following.acting import PolicyRunner
from shared.following.batch import Hold
from shared.following.intentions import Intention
from shared.following.parked import Parked
from shared.following.rebuild import Progress, rebuild
from shared.following.source import PAGE, LogSource, Page
from shared.hosting.parts import Parts

logger = logging.getLogger(__name__)

# seconds until no process takes a build that was replaced for the live one any more
_RETIRED_SECONDS = 2.0


class _Stopping(Exception):
    """The process ends; the next leader takes the rebuild up."""


class _UntilStopped:
    """A log source that a rebuild does not read on from once the process is to end."""

    def __init__(self, source: LogSource, stop: threading.Event) -> None:
        self.log = source.log
        self.wait, self.close = source.wait, source.close
        self._source = source
        self._stop = stop

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        if self._stop.is_set():
            raise _Stopping
        return self._source.read(after, limit, text=text)


class Operating:
    """What operators wrote down is carried out here, one after the other."""

    def __init__(
        self,
        parts: Parts,
        sources: Mapping[str, LogSource],
        runners: Mapping[str, PolicyRunner],
        stop: threading.Event,
    ) -> None:
        self._parts = parts
        self._sources = sources
        self._runners = runners
        self._stop = stop
        self._sweep_at: float | None = time.monotonic() + _RETIRED_SECONDS

    def round(self) -> None:
        """Do what is asked for now."""
        for intention in intentions.open_ones(self._parts.store):
            self._rebuild(intention)
        self._sweep()
        self._look_after_parked()

    def _rebuild(self, intention: Intention) -> None:
        parts, store = self._parts, self._parts.store
        view = parts.definition.view(intention.target)
        if view is None:
            intentions.update(store, intention.id, "failed", {"reason": "no such view"})
            return

        wanted = {"accept_difference": bool(intention.detail.get("accept_difference"))}

        def tell(progress: Progress) -> None:
            # What was asked for stays: another leader may have to take it up.
            detail = wanted | msgspec.to_builtins(progress)
            intentions.update(store, intention.id, "running", detail)

        try:
            found = rebuild(
                view,
                _UntilStopped(self._sources[view.follows], self._stop),
                store,
                parts.builds,
                tell,
                **wanted,
            )
        except _Stopping:
            logger.info("rebuilding %s is left to the next leader", view.name)
        except Exception as error:
            logger.exception("rebuilding %s failed", view.name)
            intentions.update(store, intention.id, "failed", {"reason": str(error)})
        else:
            intentions.update(store, intention.id, "done", msgspec.to_builtins(found))
            self._sweep_at = time.monotonic() + _RETIRED_SECONDS

    def _sweep(self) -> None:
        """Drop the builds that were replaced, and those a leader left behind when it died."""
        if self._sweep_at is None or time.monotonic() < self._sweep_at:
            return
        builds = self._parts.builds
        for view in self._parts.definition.views:
            for old in builds.retired(view):
                builds.discard(old)
        self._sweep_at = None

    def _look_after_parked(self) -> None:
        store = self._parts.store
        stuck: set[tuple[str, str]] = set()
        for row in parked.listed(store, intended=True):
            if (row.handler, row.subject) in stuck:
                continue
            if row.intention == "drop":
                logger.warning("dropped by an operator: %s for %s", row.event_id, row.handler)
                with store.transaction() as tx:
                    parked.remove(tx, row)
            elif not self._retry(row):
                stuck.add((row.handler, row.subject))
        counts = Counter(row.handler for row in parked.listed(store))
        self._parts.metrics.parked(self._parts.name, counts)

    def _retry(self, row: Parked) -> bool:
        """False where it stays parked, and everything later of its subject with it."""
        source, runner = self._sources.get(row.log), self._runners.get(row.handler)
        if source is None or runner is None:
            logger.error("%s does not exist here any more; drop what it parked", row.handler)
        else:
            page = source.read(row.position - 1, 1)
            try:
                if page.events and runner.retry(page.events[0], row):
                    return True
            except (Hold, LostRace) as error:
                logger.info("%s tries again soon: %s", row.handler, error)
                return False
            logger.warning("%s still fails at %s", row.handler, row.event_id)
        parked.intend(self._parts.store, row.handler, row.subject, None)
        return False
