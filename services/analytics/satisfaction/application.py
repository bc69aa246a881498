"""The use case: how content are they?"""

from __future__ import annotations

from typing import Any

from services.analytics.answers import answer, selection_of
from services.analytics.permissions import reach
from services.analytics.satisfaction.domain import Tally, tally
from services.analytics.satisfaction.views.ratings.projection import RATINGS
from services.analytics.satisfaction.views.ratings.queries import accepted_orders
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class Satisfaction:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def satisfaction(self, request: Request, data: Data) -> Data:
        """``{"total", "groups", "from", "to", "time_zone", "behind"}``; see ``domain``."""
        where = reach("satisfaction", request.caller, data["community"], data["building"])
        behind = self._reader.wait(RATINGS, request.at_least, request.patience)
        selection = selection_of(data)
        orders = accepted_orders(self._reader, where, selection, data)
        total, groups = tally(orders, selection, data["technician"])
        return {**answer(selection, total, groups, Tally.figures), "behind": behind}
