"""What is looked at before a page is taken: still the same history, and nothing too new in it."""

from __future__ import annotations

from collections.abc import Mapping

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


def kinds_of(page: Page) -> dict[str, int]:
    """The types of events in it, each with its newest version there."""
    found: dict[str, int] = {}
    for fact in page.events:
        found[fact.type] = max(fact.schema, found.get(fact.type, 0))
    return found


def understands(handler: Handler, kinds: Mapping[str, int]) -> bool:
    """Whether no event of a page is of a newer release."""
    handles = handler.handles
    return all(schema <= handles.get(kind, schema) for kind, schema in kinds.items())


def _newer(handler: Handler, fact: Fact) -> bool:
    return fact.schema > handler.handles.get(fact.type, fact.schema)
