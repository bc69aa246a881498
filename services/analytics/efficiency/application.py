"""The use case: how fast and how well is work done, and what is open?"""

from __future__ import annotations

from typing import Any

from services.analytics.answers import answer, selection_of
from services.analytics.efficiency.domain import Tally, tally
from services.analytics.efficiency.views.milestones.projection import MILESTONES
from services.analytics.efficiency.views.milestones.queries import orders
from services.analytics.permissions import reach
from shared.clock import Clock
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class Efficiency:
    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def efficiency(self, request: Request, data: Data) -> Data:
        """``{"total", "groups", "from", "to", "time_zone", "at", "behind"}``; see ``domain``."""
        where = reach("efficiency", request.caller, data["community"], data["building"])
        behind = self._reader.wait(MILESTONES, request.at_least, request.patience)
        at = data["at"] or self._clock.now()
        selection = selection_of(data)
        found = orders(self._reader, where, selection, data, at)
        total, groups = tally(found, selection, at)
        told = answer(selection, total, groups, Tally.figures)
        return {**told, "at": at.isoformat(), "behind": behind}
