"""The use cases: what is open, oldest first, and what each technician has in hand."""

from __future__ import annotations

from typing import Any

import msgspec

from services.workorders.board import queries
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.visibility import SEES_ALL
from shared.errors import Forbidden
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class Board:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def board(self, request: Request, data: Data) -> Data:
        """``{"lanes": [{"lane", "count", "orders": [...]}], "behind"}``, orders oldest first.

        Raises ``Forbidden`` for whoever has no orders of others to look after.
        """
        _check("board", request)
        behind = self._reader.wait(ORDER_BOARD, request.at_least, request.patience)
        counts = queries.counts(self._reader, request.caller, data)
        lanes = [
            {
                "lane": lane,
                "count": counts.get(lane, 0),
                "orders": [
                    _told(row)
                    for row in (
                        queries.oldest(self._reader, request.caller, data, lane)
                        if counts.get(lane) and data["limit"]
                        else []
                    )
                ],
            }
            for lane in data["lanes"]
        ]
        return {"lanes": lanes, "behind": behind}

    def loads(self, request: Request, data: Data) -> Data:
        """``{"loads": {technician: {"waiting", "working", "paused"}}, "behind"}``.

        Who is missing has nothing in hand.
        """
        _check("loads", request)
        behind = self._reader.wait(ORDER_BOARD, request.at_least, request.patience)
        found = queries.loads(self._reader, request.caller, data["community"])
        return {"loads": found, "behind": behind}


def _told(row: Any) -> Data:
    told: Data = msgspec.to_builtins(row)
    told["id"] = told.pop("key")
    return told


def _check(method: str, request: Request) -> None:
    if not any(post.role in SEES_ALL for post in request.caller.posts):
        raise Forbidden(f"{method} is for the roles {', '.join(SEES_ALL)}.", reason="not_your_role")
