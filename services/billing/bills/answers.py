"""What goes out. Money is whole fen."""

from __future__ import annotations

from marshmallow import fields

from services.billing.bills.domain.bill import STATES
from services.billing.bills.domain.events import METHODS
from shared.schemas import Answer, Choice, Done, Fen, Flag, Id, Integer, Items, Moment, Page, Text


class BillDone(Done):
    id = Id(required=True)
    number = Text(30, required=True)
    state = Choice(STATES, required=True)
    outstanding_fen = Fen(required=True)


class Payment(Answer):
    """``paid_at``: when the money came; ``by``: who booked it."""

    amount_fen = Fen(required=True)
    method = Choice(METHODS, required=True)
    receipt = Text(64, required=True, allow_none=True)
    paid_at = Moment(required=True)
    by = Text(100, required=True)


class BillRow(Answer):
    """``order``: the order it is for. ``causation_id``: the event that made it."""

    id = Id(required=True)
    number = Text(30, required=True)
    community = Text(32, required=True)
    order = Id(required=True)
    order_number = Text(30, required=True)
    payer = Text(100, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    amount_fen = Fen(required=True)
    paid_fen = Fen(required=True)
    voided_fen = Fen(required=True)
    outstanding_fen = Fen(required=True)
    payments = fields.List(fields.Nested(Payment), required=True)
    accepted_at = Moment(required=True)
    raised_at = Moment(required=True)
    settled_at = Moment(required=True, allow_none=True)
    voided_at = Moment(required=True, allow_none=True)
    voided_by = Text(100, required=True, allow_none=True)
    void_reason = Text(500, required=True, allow_none=True)
    version = Integer(minimum=1, required=True)
    correlation_id = Text(64, required=True)
    causation_id = Text(100, required=True, allow_none=True)


class Bill(BillRow, Page):
    log = Text(40, required=True)


class UnitArrears(Answer):
    """What a unit owes. ``unit`` None: of bills for shared parts and grounds.

    ``since``: the acceptance of the oldest work that is not paid.
    """

    unit = Id(required=True, allow_none=True)
    building = Id(required=True, allow_none=True)
    bills = Integer(minimum=1, required=True)
    outstanding_fen = Fen(required=True)
    since = Moment(required=True)


class Arrears(Page):
    """Who owes most first. ``more``: there are more open bills than were added up."""

    units = fields.List(fields.Nested(UnitArrears), required=True)
    bills = Integer(minimum=0, required=True)
    outstanding_fen = Fen(required=True)
    more = Flag(required=True)


class Bills(Page):
    """The newest first. ``next``: the ``cursor`` of the next page; None after the last."""

    bills = Items(fields.Nested(BillRow), 200, required=True)
    next = Integer(minimum=1, required=True, allow_none=True)
