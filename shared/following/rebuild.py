"""Rebuilding a view from nothing beside the live one, and flipping when both stand at the same
place.

Both positions are locked, brought to the same event, the digests compared, and what queries read is
flipped, in one transaction. Nothing is served from the new build before that.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from shared.eventlog.store import Store
from shared.following import positions, viewing
from shared.following.builds import Builds
from shared.following.pages import diverged, understood
from shared.following.positions import Place
from shared.following.source import LogSource, Page
from shared.following.tables import ViewTable
from shared.following.view import View
from shared.following.viewing import Stopped


class Progress(msgspec.Struct, frozen=True):
    """``live_digest`` and ``new_digest`` are set at the end; ``flipped`` only where the new build
    is read.
    """

    position: int
    head: int
    live_digest: str | None = None
    new_digest: str | None = None
    flipped: bool = False


def rebuild(
    view: View,
    source: LogSource,
    store: Store,
    builds: Builds,
    tell: Callable[[Progress], None],
    *,
    accept_difference: bool = False,
) -> Progress:
    """Build anew and flip. Without ``accept_difference`` other digests leave the live build as it
    is.

    A live build that has stopped (diverged, failed) is not compared: the new one takes over at the
    log's end.
    """
    for old in builds.retired(view):
        builds.discard(old)
    live = builds.ensure(view)
    table = builds.add(view)
    flipped = False
    try:
        place = positions.START
        while True:
            page = source.read(place.position, text=view.wants_text)
            if diverged(place, page):
                raise Stopped("diverged", f"{view.follows} changed its history meanwhile", place)
            page = _upto(understood(view, page), _limit(builds, live))
            if page.next != place.position:
                place = viewing.apply_page(store, table, place, page)
                tell(Progress(place.position, page.head))
                continue
            met = _meet(store, builds, live, table, place, accept_difference)
            if met is not None:
                flipped = met.flipped
                tell(met)
                return met
            time.sleep(0.05)
    finally:
        if not flipped:
            builds.discard(table)
        builds.forget(view)


def _meet(
    store: Store,
    builds: Builds,
    live: ViewTable,
    table: ViewTable,
    place: Place,
    accept_difference: bool,
) -> Progress | None:
    """Compare and flip where both builds stand at the same place; None while they do not."""
    view = table.view
    with store.transaction() as tx:
        # Locking the live row holds its follower: it waits, then finds its position gone and starts
        # anew.
        tx.execute(
            "UPDATE positions SET status = status WHERE handler = :view AND log = :log",
            {"view": view.name, "log": view.follows},
        )
        at = positions.read(tx, view.name, live.build, view.follows) or positions.START
        stopped = at.status != "following"
        if at.position != place.position and not stopped:
            return None
        live_digest = None if stopped else live.digest(tx)
        new_digest = table.digest(tx)
        flip = stopped or accept_difference or live_digest == new_digest
        if flip:
            builds.flip(tx, table)
        return Progress(place.position, at.position, live_digest, new_digest, flip)


def _limit(builds: Builds, live: ViewTable) -> int | None:
    """The new build never passes the live one, so that they can meet; None where the live one has
    stopped.
    """
    place = builds.place(live)
    return place.position if place is not None and place.status == "following" else None


def _upto(page: Page, limit: int | None) -> Page:
    if limit is None or page.next <= limit:
        return page
    events = [fact for fact in page.events if fact.position <= limit]
    # A position between two events is as good as the first of them; the live build's own is exact.
    return Page(events, limit, page.head, page.log_id, page.anchor)
