"""What goes out about incidents."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import Answer, Flag, Id, Integer, Moment, Page, Text, Written


class IncidentDone(Written):
    """``reports``: how many orders are about it."""

    open = Flag(required=True)
    reports = Integer(minimum=0, required=True)


class Incident(Answer):
    """``notice``: None where its author was forgotten."""

    id = Id(required=True)
    kind = Text(20, required=True)
    category = Text(100, required=True)
    buildings = fields.List(Id(), required=True)
    notice = Text(500, required=True, allow_none=True)
    opened_at = Moment(required=True)
    expected_end = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    reports = Integer(minimum=0, required=True)


class Incidents(Page):
    incidents = fields.List(fields.Nested(Incident), required=True)
