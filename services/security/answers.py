"""What the methods of security answer, and what they look up before they decide."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from services.security.ids import COMPANY, community_id
from services.security.register.domain.people import PERSON, Person
from services.security.register.domain.places import (
    BUILDING,
    COMMUNITY,
    UNIT,
    Building,
    Community,
    Unit,
)
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.following.view import View
from shared.request import Request


def behind(log: EventLog, reader: Reader, request: Request, views: Iterable[View]) -> bool:
    """Wait until the views show what the caller has seen; True where one still does not."""
    wanted = max(request.at_least or 0, request.caller.positions.get(log.name, 0))
    until = time.monotonic() + request.patience
    late = [reader.wait(view, wanted, max(0.0, until - time.monotonic())) for view in views]
    return any(late)


def moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


class Registered:
    """What the log says is registered, as of now."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def community(self, community: str) -> Community:
        found: Community = self._log.load(COMMUNITY, community_id(community))[0]
        return found

    def knows(self, community: str) -> bool:
        """Whether people can be registered there."""
        return community == COMPANY or self.community(community).community is not None

    def building(self, building: str) -> Building:
        found: Building = self._log.load(BUILDING, building)[0]
        return found

    def unit(self, unit: str) -> Unit:
        found: Unit = self._log.load(UNIT, unit)[0]
        return found

    def person(self, person: str) -> Person:
        found: Person = self._log.load(PERSON, person)[0]
        return found
