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
from services.workorders.orders.quote_schemas import Quote, TakenAnswer
from services.workorders.orders.schemas import LONG, MOST_PHOTOS
from services.workorders.orders.visit_schemas import Visit
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
    """``merged_into``: the order that it is about the same as, and is seen to with."""

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
    merged_into = Id(required=True, allow_none=True)
    channel = Choice(CHANNELS, required=True)
    imported = Flag(required=True)
    version = Integer(minimum=1, required=True)


class Origin(Answer):
    """What the order came from, by its id and number: an inquiry, or an order it follows up."""

    relation = Choice(RELATIONS, required=True)
    id = Id(required=True)
    number = Text(30, required=True)


class Aftercare(Answer):
    """Hours: from a repair to the reminder, from that to the check, and for opening it again."""

    remind_hours = Integer(minimum=1, required=True)
    check_hours = Integer(minimum=1, required=True)
    reopen_hours = Integer(minimum=1, required=True)


class Order(_Keys, Page):
    """``allowed``: the commands the caller may give now. ``description``: None where forgotten.

    ``charge_fen``: what was charged since the last acceptance. ``taken_by``: who reported it on
    behalf of the reporter. ``origin``: None where it was simply reported. ``quote``: the last one
    put. ``agreed``: the accepted one that may be charged by until the order is accepted.
    """

    priority = Choice(PRIORITIES, required=True)
    accepter_kind = Choice(ACCEPTER_KINDS, required=True, allow_none=True)
    repairers = fields.List(Text(100), required=True)
    parent = Id(required=True, allow_none=True)
    sub_orders = fields.List(Id(), required=True)
    open_sub_orders = fields.List(Id(), required=True)
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
    taken = fields.Nested(TakenAnswer, required=True, allow_none=True)
    deferred_until = Moment(required=True, allow_none=True)
    aftercare = fields.Nested(Aftercare, required=True)
    visit = fields.Nested(Visit, required=True, allow_none=True)
    allowed = Items(Text(40), 50, required=True)
    log = Text(40, required=True)


class OrderRow(_Keys):
    """``submitted_at``: the claimed time; ``changed_at``: when the last event was recorded.

    ``taken_by``: who reported it on behalf of the reporter. ``dispatcher``: who sent somebody.
    ``relation``: how it came of what ``origin_id`` names.
    ``check_due``: staff are to check it, its accepter does not answer.
    """

    community = Text(32, required=True)
    submitted_at = Moment(required=True)
    changed_at = Moment(required=True)
    stars = Integer(minimum=1, maximum=5, required=True, allow_none=True)
    taken_by = Text(100, required=True, allow_none=True)
    relation = Choice(RELATIONS, required=True, allow_none=True)
    origin_id = Id(required=True, allow_none=True)
    dispatcher = Text(100, required=True, allow_none=True)
    check_due = Flag(required=True)


class Orders(Page):
    """The newest first. ``next``: the ``cursor`` of the next page; None after the last."""

    orders = Items(fields.Nested(OrderRow), _MOST_ROWS, required=True)
    next = Text(200, required=True, allow_none=True)


class SubOrderAdded(OrderDone):
    """Of the order; with the id and the number of its new part."""

    sub_order = Id(required=True)
    sub_number = Text(30, required=True)


class LinkedOrder(Answer):
    """``visible``: whether the caller may see it; ``technician``: for those alone."""

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    state = Choice(STATES, required=True)
    activity = Choice(ACTIVITIES, required=True)
    technician = Text(100, required=True, allow_none=True)
    merged_into = Id(required=True, allow_none=True)
    submitted_at = Moment(required=True)
    visible = Flag(required=True)


class Links(Page):
    """``merged_into``: the order it is merged into; ``merged``: those merged into it.

    ``follows_up``: the order whose work did not last, for which this one was made. ``part_of``: the
    order that it is a part of; ``sub_orders``: its own parts.
    """

    id = Id(required=True)
    merged_into = fields.Nested(LinkedOrder, required=True, allow_none=True)
    merged = fields.List(fields.Nested(LinkedOrder), required=True)
    part_of = fields.Nested(LinkedOrder, required=True, allow_none=True)
    sub_orders = fields.List(fields.Nested(LinkedOrder), required=True)
    follows_up = fields.Nested(LinkedOrder, required=True, allow_none=True)
    followed_up_by = fields.List(fields.Nested(LinkedOrder), required=True)


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
