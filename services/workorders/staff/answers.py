"""What goes out about staff."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import Answer, Id, Integer, Moment, Page, Text, Written


class Certified(Written):
    certificate = Id(required=True)


class Planned(Written):
    shifts = fields.List(Id(), required=True)


class OnLeave(Written):
    leave = Id(required=True)


class Span(Answer):
    id = Id(required=True)
    starts = Moment(required=True)
    ends = Moment(required=True)


class StaffRecord(Page):
    """As of now; shifts and leave that have not ended. ``skills``: each with its level."""

    person = Text(100, required=True)
    version = Integer(minimum=0, required=True)
    skills = fields.Dict(required=True)
    certificates = fields.List(fields.Dict(), required=True)
    shifts = fields.List(fields.Nested(Span), required=True)
    leave = fields.List(fields.Nested(Span), required=True)
    posts = fields.List(fields.Dict(), required=True)


class Present(Answer):
    person = Text(100, required=True)
    team = Text(100, required=True, allow_none=True)
    ends = Moment(required=True)
    skills = fields.Dict(required=True)


class OnShift(Page):
    at = Moment(required=True)
    people = fields.List(fields.Nested(Present), required=True)
