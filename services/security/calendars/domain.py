"""A person's calendar feed: who reads it knows a secret, of which only the digest is here.

One stream a person. Opened again, it has a new secret and the old one shows nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from typing import Annotated, Any, Literal

from msgspec import Struct

from services.security.register.domain.people import check_standing
from shared.errors import NotFound
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.privacy.personal import Personal

Standing = Literal["known", "unknown", "forgotten"]
Digest = Annotated[str | None, Personal("person", secret=True)]


class CalendarFeedOpened(Struct, frozen=True, kw_only=True):
    """``digest``: SHA-256 of the secret, base64url."""

    feed: str
    person: str
    digest: Digest


class CalendarFeedClosed(Struct, frozen=True, kw_only=True):
    feed: str
    person: str


EVENTS: dict[str, tuple[int, type]] = {
    "CalendarFeedOpened": (1, CalendarFeedOpened),
    "CalendarFeedClosed": (1, CalendarFeedClosed),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NoSuchFeed(NotFound):
    """There is no such calendar, or its address is an old one."""


class Feed(Struct, frozen=True, kw_only=True):
    """``person`` None: there never was one."""

    person: str | None = None
    digest: Digest = None
    open: bool = False

    def shows(self, digest: str) -> bool:
        """Whether this is the digest of its secret. None is left of somebody who was forgotten."""
        return self.open and self.digest is not None and compare_digest(self.digest, digest)


class OpenFeed(Struct, frozen=True, kw_only=True):
    feed: str
    person: str
    standing: str
    digest: str


class CloseFeed(Struct, frozen=True, kw_only=True):
    feed: str


def decide(
    command: OpenFeed | CloseFeed, state: Feed, _meta: Meta
) -> list[CalendarFeedOpened | CalendarFeedClosed]:
    """Raises ``NoSuchFeed`` where none is open to be closed."""
    if isinstance(command, OpenFeed):
        check_standing(command.standing)
        return [CalendarFeedOpened(feed=command.feed, person=command.person, digest=command.digest)]
    if not state.open or state.person is None:
        raise NoSuchFeed("There is no such calendar.")
    return [CalendarFeedClosed(feed=command.feed, person=state.person)]


def evolve(_state: Feed, event: Any, _meta: Meta) -> Feed:
    if isinstance(event, CalendarFeedOpened):
        return Feed(person=event.person, digest=event.digest, open=True)
    return Feed(person=event.person)


FEED = Decider("calendar_feed", Feed, decide, evolve)
