"""What goes out about dispatching."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.workorders.dispatching.domain.events import MODES
from services.workorders.dispatching.domain.rules import FARTHEST
from services.workorders.orders.domain.choice import PASSED_OVER, Reason
from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.staff.domain.vocabulary import SKILLS
from shared.schemas import Answer, Choice, Flag, Id, Integer, Items, Moment, Page, Text, Written

MOST_POOL = 200


def _edition() -> Integer:
    return Integer(minimum=0, required=True)


def _weight() -> Integer:
    return Integer(minimum=0, maximum=100, required=True)


def _part() -> Integer:
    return Integer(minimum=0, maximum=1000, required=True)


class RulesSet(Written):
    """``edition``: of the rules, which every choice names."""

    edition = _edition()


class Unqualified(Answer):
    id = Id(required=True)
    number = Text(30, required=True)


class Sent(Unqualified):
    technician = Id(required=True)


class RoundHeld(Answer):
    """``waiting``: how many were looked at. ``unqualified``: what nobody there may do, told now.

    ``round`` counts those of the community; the same as before, and ``position`` 0: there was
    nothing to be written.
    """

    round = Integer(minimum=0, required=True)
    waiting = Integer(minimum=0, required=True)
    dispatched = fields.List(fields.Nested(Sent), required=True)
    unqualified = fields.List(fields.Nested(Unqualified), required=True)
    log = Text(40, required=True)
    position = Integer(minimum=0, required=True)


class Mode(Answer):
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    mode = Choice(MODES, required=True)
    certificate_required = Flag(required=True)


class Weights(Answer):
    """What counts how much; ``capacity``: orders in one technician's hands at most."""

    skill = _weight()
    load = _weight()
    distance = _weight()
    urgency = _weight()
    fairness = _weight()
    capacity = Integer(minimum=1, maximum=50, required=True)


class Spot(Answer):
    """Metres on the community's plan."""

    x = Integer(minimum=-FARTHEST, maximum=FARTHEST, required=True)
    y = Integer(minimum=-FARTHEST, maximum=FARTHEST, required=True)


class Modes(Page):
    """``modes``: of every category. ``buildings``: by their ids, those that were placed.

    ``edition`` 0: nothing was set yet, and all is as it comes.
    """

    edition = _edition()
    modes = fields.List(fields.Nested(Mode), required=True)
    weights = fields.Nested(Weights, required=True)
    buildings = fields.Dict(keys=Id(), values=fields.Nested(Spot), required=True)


class Score(Answer):
    """Each part from 0 to 1000, more is better; ``total``: their weighted mean."""

    technician = Id(required=True)
    total = _part()
    skill = _part()
    load = _part()
    distance = _part()
    urgency = _part()
    fairness = _part()


class Excluded(Answer):
    """Who could not be sent, and the first reason why."""

    technician = Id(required=True)
    reason = Choice(PASSED_OVER, required=True)


class Candidates(Page):
    """Everybody about one order as of ``at``: the best first, and why the others are none."""

    id = Id(required=True)
    mode = Choice(MODES, required=True)
    edition = _edition()
    at = Moment(required=True)
    weights = fields.Nested(Weights, required=True)
    candidates = fields.List(fields.Nested(Score), required=True)
    excluded = fields.List(fields.Nested(Excluded), required=True)


class Decision(Answer):
    """Whom a round sent to an order. The chosen one is the first candidate, then the best first.

    ``edition``: of the dispatch rules; ``more``: candidates and excluded ones left out.
    """

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    technician = Id(required=True)
    at = Moment(required=True)
    reason = Choice(get_args(Reason), required=True)
    edition = _edition()
    candidates = fields.List(fields.Nested(Score), required=True)
    excluded = fields.List(fields.Nested(Excluded), required=True)
    more = Integer(minimum=0, required=True)


class Decisions(Page):
    """The newest first; of an order that was given out again, the last."""

    decisions = fields.List(fields.Nested(Decision), required=True)


class Recommendation(Answer):
    """``best``: who would be sent; None where nobody could be. ``others``: how many more could.

    ``passed_over``: how many could not, by why. ``skill``: the one that it takes, if any.
    """

    id = Id(required=True)
    skill = Choice(SKILLS, required=True, allow_none=True)
    best = fields.Nested(Score, required=True, allow_none=True)
    others = Integer(minimum=0, required=True)
    passed_over = fields.Dict(keys=Choice(PASSED_OVER), values=Integer(minimum=1), required=True)


class Recommendations(Page):
    """Each order by itself; those that do not wait, or not with the caller, are left out."""

    orders = fields.List(fields.Nested(Recommendation), required=True)


class Waiting(Answer):
    """``submitted_at``: the claimed time."""

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    submitted_at = Moment(required=True)


class Pool(Page):
    """The longest waiting first."""

    orders = Items(fields.Nested(Waiting), MOST_POOL, required=True)


class Given(Answer):
    technician = Id(required=True)
    given = Integer(minimum=0, required=True)


class Fairness(Page):
    """``gini`` over so many ``days``: 0 where all got the same, towards 1 where one got all; None
    where nobody got any.

    ``technicians``: who got most first.
    """

    gini = fields.Float(required=True, allow_none=True)
    days = Integer(minimum=1, required=True)
    at = Moment(required=True)
    technicians = fields.List(fields.Nested(Given), required=True)
