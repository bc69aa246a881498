"""What goes out about dispatching."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import Answer, Id, Integer, Moment, Page, Text, Written


class RulesSet(Written):
    """``edition``: of the rules, which every choice names."""

    edition = Integer(minimum=0, required=True)


class RoundHeld(Answer):
    """``unqualified``: what nobody there may do. The same ``round`` as before: none was held."""

    dispatched = fields.List(fields.Dict(), required=True)
    unqualified = fields.List(fields.Dict(), required=True)
    log = Text(40, required=True)
    position = Integer(minimum=0, required=True)
    round = Integer(minimum=0, required=True)
    waiting = Integer(minimum=0, required=True)


class Modes(Page):
    """``modes``: of every category; ``buildings``: where they are, in metres."""

    edition = Integer(minimum=0, required=True)
    modes = fields.List(fields.Dict(), required=True)
    weights = fields.Dict(required=True)
    buildings = fields.Dict(required=True)


class Candidates(Page):
    """The best first, and why others are none."""

    id = Id(required=True)
    mode = Text(40, required=True)
    edition = Integer(minimum=0, required=True)
    at = Moment(required=True)
    weights = fields.Dict(required=True)
    candidates = fields.List(fields.Dict(), required=True)
    excluded = fields.List(fields.Dict(), required=True)


class Waiting(Answer):
    id = Id(required=True)
    number = Text(30, required=True)
    kind = Text(20, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    submitted_at = Moment(required=True)


class Pool(Page):
    """The longest waiting first."""

    orders = fields.List(fields.Nested(Waiting), required=True)


class Given(Answer):
    technician = Text(100, required=True)
    given = Integer(minimum=0, required=True)


class Fairness(Page):
    """``gini``: 0 where all get the same, over so many ``days``."""

    gini = fields.Float(required=True, allow_none=True)
    days = Integer(minimum=1, required=True)
    at = Moment(required=True)
    technicians = fields.List(fields.Nested(Given), required=True)
