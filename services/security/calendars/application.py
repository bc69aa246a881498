"""The use cases of calendar feeds."""

from __future__ import annotations

from typing import Any

from services.security import ids
from services.security.answers import Registered
from services.security.calendars.domain import FEED, CloseFeed, Feed, NoSuchFeed, OpenFeed
from services.security.permissions import require
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.identity.caller import EVERY
from shared.request import Request

Data = dict[str, Any]


def feed_id(person: str) -> str:
    return ids.derived(community_of(person), "calendar-feed", person)


class Feeds:
    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._registered = Registered(log)

    def open_feed(self, request: Request, data: Data) -> Data:
        """A new secret ends the one before."""
        person = request.caller.person
        feed = feed_id(person)
        standing = self._registered.person(person).standing
        command = OpenFeed(feed=feed, person=person, standing=standing, digest=data["digest"])
        return self._do(request, feed, command, "open")

    def close_feed(self, request: Request, data: Data) -> Data:
        feed = feed_id(request.caller.person)
        return self._do(request, feed, CloseFeed(feed=feed), "closed")

    def feed(self, request: Request, data: Data) -> Data:
        feed = feed_id(request.caller.person)
        state: Feed = self._log.load(FEED, feed)[0]
        return {"feed": feed, "open": state.open, "behind": False}

    def feed_owner(self, request: Request, data: Data) -> Data:
        """For services: whose times they may show. Raises ``NoSuchFeed`` for a wrong secret."""
        require("feed_owner", request.caller, EVERY)
        state: Feed = self._log.load(FEED, data["feed"])[0]
        if state.person is None or not state.shows(data["digest"]):
            raise NoSuchFeed("There is no such calendar, or its address is an old one.")
        person = self._registered.person(state.person)
        if person.standing != "known":
            raise NoSuchFeed("There is no such calendar, or its address is an old one.")
        return {"person": state.person, "language": person.language, "behind": False}

    def _do(self, request: Request, feed: str, command: OpenFeed | CloseFeed, state: str) -> Data:
        answer = self._log.execute(
            FEED, feed, command, request.context, expected_version=request.expected_version
        )
        return answered(self._log, answer, state=state)
