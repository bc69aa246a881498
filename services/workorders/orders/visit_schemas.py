"""What comes in about visits, and what goes out."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.visits.values import MOST_WINDOWS, VISIT_STATES
from services.workorders.orders.domain.vocabulary import SPOKEN
from services.workorders.orders.schemas import SHORT, OnOrder
from shared.schemas import Answer, Choice, Flag, Integer, Items, Moment, Schema, Text


class Window(Schema):
    starts = Moment(required=True)
    ends = Moment(required=True)


class OfferVisits(OnOrder):
    windows = Items(fields.Nested(Window), MOST_WINDOWS, minimum=1, required=True)


class ChooseVisit(OnOrder):
    """``offer``: its number, so that no other is meant. ``window``: its number in the offer.
    ``channel``: how the resident said it, where staff choose.
    """

    offer = Integer(minimum=1, required=True)
    window = Integer(minimum=1, required=True)
    channel = Choice(SPOKEN, load_default=None, allow_none=True)


class MoveVisit(OnOrder):
    """``requested``: the resident asked staff to; so it is they who are waited for."""

    starts = Moment(required=True)
    ends = Moment(required=True)
    reason = Text(SHORT, load_default=None, allow_none=True)
    requested = Flag(load_default=False)


class MissVisit(OnOrder):
    note = Text(SHORT, load_default=None, allow_none=True)


class CancelVisit(OnOrder):
    reason = Text(SHORT, load_default=None, allow_none=True)


class RemindVisit(OnOrder):
    starts = Moment(required=True)


class VisitWindow(Answer):
    starts = Moment(required=True)
    ends = Moment(required=True)


class OfferedWindow(VisitWindow):
    """``number``: what ``choose_visit`` calls it."""

    number = Integer(minimum=1, maximum=MOST_WINDOWS, required=True)


class Visit(Answer):
    """``windows``: on offer and still free, the earliest first; ``window``: the one agreed last,
    of which both sides were ``reminded`` or are not yet.
    """

    offer = Integer(minimum=0, required=True)
    state = Choice(VISIT_STATES, required=True)
    windows = Items(fields.Nested(OfferedWindow), MOST_WINDOWS, required=True)
    window = fields.Nested(VisitWindow, required=True, allow_none=True)
    reminded = Flag(required=True)
