"""What is looked at before a page is taken: still the same history, and nothing too new in it."""

from __future__ import annotations

from shared.eventlog.catalogue import NewerEvent
from shared.following.handlers import Handler
from shared.following.positions import Place
from shared.following.source import Page
from shared.messaging.envelope import Fact


def diverged(place: Place, page: Page) -> bool:
    """Whether the page is of another history than the one that led to ``place``."""
    if place.log_id is not None and place.log_id != page.log_id:
        return True
    return place.position > 0 and place.last_id is not None and page.anchor != place.last_id


def understood(handler: Handler, page: Page) -> Page:
    """The page up to its first event of a newer release.

    Raises ``NewerEvent`` when it begins with one.
    """
    for count, fact in enumerate(page.events):
        if _newer(handler, fact):
            if count == 0:
                raise NewerEvent(f"{handler.name} knows no version {fact.schema} of {fact.type}")
            return page.first(count)
    return page


def understands(handler: Handler, page: Page) -> bool:
    """Whether no event of the page is of a newer release."""
    return not any(_newer(handler, fact) for fact in page.events)


def _newer(handler: Handler, fact: Fact) -> bool:
    return fact.schema > handler.handles.get(fact.type, fact.schema)
