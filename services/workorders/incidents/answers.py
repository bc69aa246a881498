"""What goes out about incidents."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.incidents.schemas import MOST_BUILDINGS
from services.workorders.orders.domain.vocabulary import ACTIVITIES, KINDS, STATES
from services.workorders.orders.schemas import SHORT
from shared.schemas import Answer, Choice, Flag, Id, Integer, Items, Moment, Page, Text, Written


class IncidentDone(Written):
    """``reports``: how many orders are about it."""

    open = Flag(required=True)
    reports = Integer(minimum=0, required=True)


class Incident(Answer):
    """``notice``: None where its author was forgotten. ``reports``: how many orders are about it.

    ``closed_at``: None while it is open.
    """

    id = Id(required=True)
    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    buildings = Items(Id(), MOST_BUILDINGS, minimum=1, required=True)
    notice = Text(SHORT, required=True, allow_none=True)
    opened_at = Moment(required=True)
    expected_end = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    reports = Integer(minimum=0, required=True)


class Linked(Answer):
    """An order about an incident, as it is now."""

    id = Id(required=True)
    number = Text(30, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    activity = Choice(ACTIVITIES, required=True)
    submitted_at = Moment(required=True)


class OneIncident(Page):
    """With the orders that are about it, as they were linked."""

    incident = fields.Nested(Incident, required=True)
    orders = fields.List(fields.Nested(Linked), required=True)


class Incidents(Page):
    """The open ones, the oldest first; all, over or not, the newest first."""

    incidents = fields.List(fields.Nested(Incident), required=True)
