"""One order's story: its state, and what all services recorded because of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cli.audit.names import communities, zone_of
from cli.operator import SERVICES, Operator
from services.gateway.audit.beginning import own_events, story_of
from shared.audit.chain import Event
from shared.audit.gathering import Answer, Question, Tell, unheard
from shared.errors import Invalid, NotFound

_ID = re.compile(r"[a-z][a-z0-9-]{1,31}\.[0-9a-f-]{36}")
_EDGE = {"recorded": "time", "occurred": "occurredat"}


@dataclass(frozen=True)
class Moment:
    """The order as it was: at a version of its own, or at a time. ``by``: recorded or occurred."""

    version: int | None = None
    at: datetime | None = None
    by: str = "recorded"

    def request(self) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        if self.version is not None:
            asked["version"] = self.version
        if self.at is not None:
            asked |= {"at": self.at.isoformat(), "by": self.by}
        return asked

    def covers(self, event: Event) -> bool:
        return self.at is None or datetime.fromisoformat(event[_EDGE[self.by]]) <= self.at


@dataclass(frozen=True)
class Story:
    """``order`` as `workorders.get` answers it; ``events`` in time order, as envelopes.

    ``unsearched``: the logs that have more of it than could be had.
    """

    order: dict[str, Any]
    events: list[Event]
    zone: ZoneInfo
    unsearched: list[str]


def told(
    operator: Operator,
    wanted: str,
    community: str | None,
    moment: Moment,
    tell: Tell = unheard,
) -> Story:
    """The order of this id or number. Raises ``NotFound`` and ``Invalid``."""
    zones = communities(operator)
    name = _name(wanted, community, zones)
    order = operator.call("workorders", "get", {**name, **moment.request()})

    def search(questions: Sequence[Question]) -> list[Answer]:
        return [
            partial(operator.call, f"{log}.log", "search", {"log": log, **asked})
            for log, asked in questions
        ]

    asked = {"id": order["id"], **moment.request(), "version": None}
    history = own_events(operator.call("workorders", "history", asked))
    own = history[: moment.version]
    # at a version: until the order went on
    following = history[len(own) :]
    story = story_of(
        search, SERVICES, own, moment.covers, tell,
        named_before=datetime.fromisoformat(following[0]["time"]) if following else None,
    )  # fmt: skip
    zone = zone_of(zones, order["id"].partition(".")[0])
    return Story(order, story.events, zone, story.unsearched)


def _name(wanted: str, community: str | None, zones: dict[str, ZoneInfo]) -> dict[str, str]:
    if _ID.fullmatch(wanted):
        return {"id": wanted}
    if community is None:
        if len(zones) != 1:
            raise Invalid(
                "a number alone says not which community's: give --community, one of "
                + ", ".join(sorted(zones))
            )
        (community,) = zones
    elif community not in zones:
        known = ", ".join(sorted(zones)) or "none yet"
        raise NotFound(f"there is no community {community}; there are: {known}")
    return {"number": wanted, "community": community}
