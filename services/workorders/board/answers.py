"""What the board and the loads give."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.board.clocks import URGENCIES
from services.workorders.board.domain import LANES
from services.workorders.board.schemas import MOST_NAMED
from services.workorders.orders.answers import OrderRow
from services.workorders.sla.domain.targets import TARGETS
from shared.schemas import Answer, Choice, Integer, Items, Moment, Page, Text


class Clock(Answer):
    """The promise that presses most. ``due``: None while a pause stops it."""

    state = Choice(URGENCIES, required=True)
    target = Choice(TARGETS, required=True)
    due = Moment(required=True, allow_none=True)


class BoardOrder(OrderRow):
    """``clock``: None where nothing is promised."""

    clock = fields.Nested(Clock, required=True, allow_none=True)


class Lane(Answer):
    """``count``: of all its orders; ``orders``: the oldest of them."""

    lane = Choice(LANES, required=True)
    count = Integer(minimum=0, required=True)
    orders = Items(fields.Nested(BoardOrder), MOST_NAMED, required=True)


class Board(Page):
    lanes = fields.List(fields.Nested(Lane), required=True)


class Load(Answer):
    waiting = Integer(minimum=0, required=True)
    working = Integer(minimum=0, required=True)
    paused = Integer(minimum=0, required=True)


class Loads(Page):
    """``loads``: by technician; who is missing has nothing in hand."""

    loads = fields.Dict(keys=Text(100), values=fields.Nested(Load), required=True)
