"""The use cases: what is open, oldest first, and what each technician has in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from services.workorders.board import queries
from services.workorders.board.clocks import Clock, clocks
from services.workorders.board.domain import lane as lane_of
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from shared.errors import Forbidden
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

# open orders whose clocks are laid for one question
MOST_JUDGED = 2000

Data = dict[str, Any]


class Board:
    def __init__(self, log: EventLog, reader: Reader) -> None:
        self._log = log
        self._reader = reader

    def board(self, request: Request, data: Data) -> Data:
        """``{"lanes": [{"lane", "count", "orders": [...]}], "behind"}``, orders oldest first.

        Raises ``Forbidden`` for whoever has no orders of others to look after.
        """
        _check("board", request)
        behind = any(
            self._reader.wait(view, request.at_least, request.patience)
            for view in (ORDER_BOARD, ORDER_CLOCKS)
        )
        at = self._log.clock.now()
        if data["clock"] is not None:
            return {"lanes": self._by_clock(request, data, at), "behind": behind}
        counts = queries.counts(self._reader, request.caller, data)
        rows = {
            lane: queries.oldest(self._reader, request.caller, data, lane)
            if counts.get(lane) and data["limit"]
            else []
            for lane in data["lanes"]
        }
        shown = [row for lane in rows.values() for row in lane]
        known = clocks(self._log, self._reader, shown, at)
        lanes = [
            {
                "lane": lane,
                "count": counts.get(lane, 0),
                "orders": [_told(row, known.get(row.key)) for row in rows[lane]],
            }
            for lane in data["lanes"]
        ]
        return {"lanes": lanes, "behind": behind}

    def _by_clock(self, request: Request, data: Data, at: datetime) -> list[Data]:
        """The lanes of those whose promise is as far as asked for."""
        rows = queries.open_ones(self._reader, request.caller, data, MOST_JUDGED)
        known = clocks(self._log, self._reader, rows, at)
        found: dict[str, list[Data]] = {lane: [] for lane in data["lanes"]}
        for row in rows:
            clock, lane = known.get(row.key), lane_of(row.state, row.activity)
            if clock is not None and clock.state == data["clock"] and lane in found:
                found[lane].append(_told(row, clock))
        return [
            {"lane": lane, "count": len(orders), "orders": orders[: data["limit"]]}
            for lane, orders in found.items()
        ]

    def loads(self, request: Request, data: Data) -> Data:
        """``{"loads": {technician: {"waiting", "working", "paused"}}, "behind"}``.

        Who is missing has nothing in hand.
        """
        _check("loads", request)
        behind = self._reader.wait(ORDER_BOARD, request.at_least, request.patience)
        found = queries.loads(self._reader, request.caller, data["community"])
        return {"loads": found, "behind": behind}


def _told(row: Any, clock: Clock | None) -> Data:
    told: Data = msgspec.to_builtins(row)
    told["id"] = told.pop("key")
    return {**told, "clock": msgspec.to_builtins(clock)}


def _check(method: str, request: Request) -> None:
    if not any(post.role in SEES_ALL for post in request.caller.posts):
        raise Forbidden(f"{method} is for the roles {', '.join(SEES_ALL)}.", reason="not_your_role")
