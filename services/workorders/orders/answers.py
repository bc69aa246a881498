"""What goes out. Times are ISO 8601 with an offset; money is whole fen."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.links import RELATIONS
from services.workorders.orders.domain.vocabulary import (
    ACCEPTER_KINDS,
    ACTIVITIES,
    CHANNELS,
    KINDS,
    PRIORITIES,
    STATES,
)
from services.workorders.orders.quote_schemas import Quote
from services.workorders.orders.schemas import LONG, MOST_PHOTOS
from shared.schemas import (
    Answer,
    Choice,
    Done,
    Fen,
    Flag,
    Id,
    Integer,
    Items,
    Moment,
    Page,
    Text,
    Uuid,
)

_MOST_ROWS = 200


class OrderDone(Done):
    """``number``: what people call the order."""

    id = Id(required=True)
    number = Text(30, required=True)
    state = Choice(STATES, required=True)


class Imported(OrderDone):
    """``repeated``: it had been imported before."""

    repeated = Flag(required=True)


class _Keys(Answer):
    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    reporter = Text(100, required=True, allow_none=True)
    accepter = Text(100, required=True, allow_none=True)
    technician = Text(100, required=True, allow_none=True)
    state = Choice(STATES, required=True)
    activity = Choice(ACTIVITIES, required=True)
    channel = Choice(CHANNELS, required=True)
    imported = Flag(required=True)
    version = Integer(minimum=1, required=True)


class Origin(Answer):
    """What the order came from: that inquiry, by its id and number."""

    relation = Choice(RELATIONS, required=True)
    id = Id(required=True)
    number = Text(30, required=True)


class Order(_Keys, Page):
    """``allowed``: the commands the caller may give now. ``description``: None where forgotten.

    ``charge_fen``: what was charged since the last acceptance. ``taken_by``: who reported it on
    behalf of the reporter. ``origin``: None where it was simply reported. ``quote``: the last one
    put. ``agreed``: the accepted one that may be charged by until the order is accepted.
    """

    priority = Choice(PRIORITIES, required=True)
    accepter_kind = Choice(ACCEPTER_KINDS, required=True, allow_none=True)
    repairers = fields.List(Text(100), required=True)
    charge_fen = Fen(required=True)
    submitted_at = Moment(required=True, allow_none=True)
    accepted_at = Moment(required=True, allow_none=True)
    checked = Flag(required=True)
    reminded = Flag(required=True)
    check_due = Flag(required=True)
    photographed = Flag(required=True)
    rating_answered = Flag(required=True)
    description = Text(LONG, required=True, allow_none=True)
    taken_by = Text(100, required=True, allow_none=True)
    photos = Items(Text(200), MOST_PHOTOS, required=True)
    origin = fields.Nested(Origin, required=True, allow_none=True)
    quote = fields.Nested(Quote, required=True, allow_none=True)
    agreed = fields.Nested(Quote, required=True, allow_none=True)
    allowed = Items(Text(40), 50, required=True)
    log = Text(40, required=True)


class OrderRow(_Keys):
    """``submitted_at``: the claimed time; ``changed_at``: when the last event was recorded.

    ``taken_by``: who reported it on behalf of the reporter. ``dispatcher``: who sent somebody.
    ``check_due``: staff are to check it, its accepter does not answer.
    """

    community = Text(32, required=True)
    submitted_at = Moment(required=True)
    changed_at = Moment(required=True)
    stars = Integer(minimum=1, maximum=5, required=True, allow_none=True)
    taken_by = Text(100, required=True, allow_none=True)
    dispatcher = Text(100, required=True, allow_none=True)
    check_due = Flag(required=True)


class Orders(Page):
    """The newest first. ``next``: the ``cursor`` of the next page; None after the last."""

    orders = Items(fields.Nested(OrderRow), _MOST_ROWS, required=True)
    next = Text(200, required=True, allow_none=True)


class Event(Answer):
    """``data`` as the contract of this type and version has it."""

    id = Text(100, required=True)
    type = Text(60, required=True)
    version = Integer(minimum=1, required=True)
    time = Moment(required=True)
    occurred_at = Moment(required=True)
    actor = Text(100, required=True)
    command_id = Uuid(required=True)
    correlation_id = Text(64, required=True)
    causation_id = Text(100, required=True, allow_none=True)
    data = fields.Dict(required=True)


class History(Page):
    """Every event of one order, the oldest first."""

    id = Id(required=True)
    number = Text(30, required=True)
    events = fields.List(fields.Nested(Event), required=True)
