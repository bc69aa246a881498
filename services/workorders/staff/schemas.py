"""What comes in about staff."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.schemas import COMMUNITY
from services.workorders.staff.domain.vocabulary import SKILLS
from shared.schemas import Choice, Command, Day, Id, Integer, Items, Moment, Query, Schema, Text

MOST_SHIFTS = 100


class OnPerson(Command):
    person = Id(required=True)


class RecordSkill(OnPerson):
    skill = Choice(SKILLS, required=True)
    level = Integer(minimum=1, maximum=3, load_default=2)


class WithdrawSkill(OnPerson):
    skill = Choice(SKILLS, required=True)


class RecordCertificate(OnPerson):
    """Valid from the first day to the last, both whole."""

    skill = Choice(SKILLS, required=True)
    title = Text(100, required=True)
    number = Text(60, load_default=None, allow_none=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True)


class WithdrawCertificate(OnPerson):
    certificate = Id(required=True)


class Shift(Schema):
    starts = Moment(required=True)
    ends = Moment(required=True)


class PlanShifts(OnPerson):
    shifts = Items(fields.Nested(Shift), MOST_SHIFTS, minimum=1, required=True)


class WithdrawShift(OnPerson):
    shift = Id(required=True)


class GrantLeave(OnPerson):
    starts = Moment(required=True)
    ends = Moment(required=True)


class WithdrawLeave(OnPerson):
    leave = Id(required=True)


class OfPerson(Query):
    person = Id(required=True)


def _community() -> Text:
    return Text(
        32,
        pattern=COMMUNITY,
        hint="A community's short name is expected, such as lakeside.",
        required=True,
    )


class Roster(Query):
    """``until`` is outside."""

    community = _community()
    since = Moment(required=True)
    until = Moment(required=True)


class OnShift(Query):
    """``at``: now, if left out. ``team``: only those of it."""

    community = _community()
    at = Moment(load_default=None)
    team = Text(100, load_default=None)
