"""The RPC methods of the board of open orders."""

from __future__ import annotations

from typing import Any

from services.workorders.board import answers as on_board
from services.workorders.board import schemas as of_board
from services.workorders.board.application import Board
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class BoardMethods(Methods):
    @property
    def open_orders(self) -> Board:
        found: Board = self.gate.parts.applications["board"]
        return found

    @method(of_board.Board, on_board.Board)
    def board(self, request: Request, data: Data) -> Data:
        return self.open_orders.board(request, data)

    @method(of_board.Loads, on_board.Loads)
    def loads(self, request: Request, data: Data) -> Data:
        return self.open_orders.loads(request, data)
