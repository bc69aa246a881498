"""Throwing photos away that belong to nothing any more: never attached, or of forgotten people.

A file is kept by its content, and several may have attached the same: it goes only when none of
them is left. Whoever runs this, and however many at once, the outcome is the same.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from services.gateway.uploads.store import Photos, reference_of
from shared.clock import Clock
from shared.errors import WuyeError

# a photo waits so long to be attached to something
UNATTACHED = timedelta(days=1)
# whoever sends a forgotten person's very photo anew attaches it within this
FORGOTTEN = timedelta(minutes=10)
EVERY = timedelta(hours=1)
_log = logging.getLogger("wuye.photos")

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Tidied(NamedTuple):
    """Of files: a photo has two."""

    looked_at: int
    removed: int


class Tidying:
    """``ask``: ``workorders.attached_photos``, as a service."""

    def __init__(self, photos: Photos, ask: Ask, clock: Clock) -> None:
        self._photos = photos
        self._ask = ask
        self._clock = clock

    def round(self) -> Tidied:
        """Raises typed errors; then nothing was removed that belongs to anything."""
        # first the files: what is put there later is not looked at
        files = list(self._photos.listed())
        kept, forgotten = self._attached()
        removed = 0
        for name, put_at in files:
            reference = reference_of(name)
            if reference in kept:
                continue
            least = FORGOTTEN if reference in forgotten else UNATTACHED
            until = self._clock.now() - least
            # looked at again at the last moment: it may just have been sent once more
            if put_at < until and (self._photos.put_at(name) or until) < until:
                self._photos.remove(name)
                removed += 1
        if removed:
            _log.info("threw away %s files of %s", removed, len(files))
        return Tidied(len(files), removed)

    def start(self, every: timedelta = EVERY) -> threading.Event:
        """Now and then, in a thread of its own, until the event that it gives is set."""
        stop = threading.Event()
        threading.Thread(target=self._run, args=(every, stop), name="tidying", daemon=True).start()
        return stop

    def _run(self, every: timedelta, stop: threading.Event) -> None:
        # not all workers at the same moment
        while not stop.wait(every.total_seconds() * random.uniform(0.5, 1.0)):
            try:
                self.round()
            except (WuyeError, OSError) as error:
                _log.warning("photos are not tidied now: %s", error)

    def _attached(self) -> tuple[set[str], set[str]]:
        """Those that somebody who is still known attached, and those of forgotten people alone."""
        kept: set[str] = set()
        forgotten: set[str] = set()
        after = None
        while True:
            page = self._ask({} if after is None else {"after": after})
            for one in page["attached"]:
                (forgotten if one["forgotten"] else kept).update(one["photos"])
            after = page["next"]
            if after is None:
                return kept, forgotten - kept
