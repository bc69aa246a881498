"""What goes out about staff."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.vocabulary import STAFF
from services.workorders.staff.domain.vocabulary import SKILLS
from services.workorders.staff.schemas import MOST_SHIFTS
from shared.schemas import (
    Answer,
    Choice,
    Day,
    Flag,
    Id,
    Integer,
    Items,
    Moment,
    Page,
    Text,
    Written,
)

MOST_SPANS = 200


class Certified(Written):
    """``certificate``: to withdraw it by."""

    certificate = Id(required=True)


class Planned(Written):
    """``shifts``: in the order they were given in, to withdraw them by."""

    shifts = Items(Id(), MOST_SHIFTS, required=True)


class Agreed(Answer):
    """The visit of an order that is agreed for some time."""

    order = Id(required=True)
    number = Text(30, required=True)
    starts = Moment(required=True)
    ends = Moment(required=True)


class OffShift(Written):
    """``visits``: agreed for the time that was taken away, for somebody else or another time."""

    visits = fields.List(fields.Nested(Agreed))


class OnLeave(OffShift):
    """``leave``: to withdraw it by."""

    leave = Id(required=True)


class Span(Answer):
    """``ends`` is outside."""

    id = Id(required=True)
    starts = Moment(required=True)
    ends = Moment(required=True)


class Certificate(Answer):
    """Valid from the first day to the last. ``number``: None where forgotten or never given."""

    person = Id(required=True)
    certificate = Id(required=True)
    skill = Choice(SKILLS, required=True)
    title = Text(100, required=True)
    number = Text(60, required=True, allow_none=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True)


class Held(Answer):
    """A post. ``community`` ``*``: in all of them. ``superior``: who leads this person there."""

    community = Text(32, required=True)
    role = Choice(sorted(STAFF), required=True)
    team = Text(100, required=True, allow_none=True)
    superior = Id(required=True, allow_none=True)


def _levels() -> fields.Dict:
    return fields.Dict(keys=Choice(SKILLS), values=Integer(minimum=1, maximum=3), required=True)


class StaffRecord(Page):
    """As of now; shifts and leave that have not ended. ``skills``: each with its level, 1 to 3.

    ``version`` 0: nothing was recorded yet. ``in_charge``: whether the caller may change it.
    """

    person = Id(required=True)
    version = Integer(minimum=0, required=True)
    in_charge = Flag(required=True)
    skills = _levels()
    certificates = fields.List(fields.Nested(Certificate), required=True)
    shifts = Items(fields.Nested(Span), MOST_SPANS, required=True)
    leave = Items(fields.Nested(Span), MOST_SPANS, required=True)
    posts = fields.List(fields.Nested(Held), required=True)


class CertifiedFor(Answer):
    """Valid from the first day to the last."""

    certificate = Id(required=True)
    skill = Choice(SKILLS, required=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True)


class Employed(Answer):
    """``stopped``: the skills that nobody sends them for today, for want of a valid certificate.

    ``in_charge``: whether the caller may change their record.
    """

    person = Id(required=True)
    roles = fields.List(Choice(sorted(STAFF)), required=True)
    team = Text(100, required=True, allow_none=True)
    superior = Id(required=True, allow_none=True)
    in_charge = Flag(required=True)
    skills = _levels()
    certificates = fields.List(fields.Nested(CertifiedFor), required=True)
    stopped = fields.List(Choice(SKILLS), required=True)
    shifts = fields.List(fields.Nested(Span), required=True)
    leave = fields.List(fields.Nested(Span), required=True)


class Roster(Page):
    """``people``: by team. ``today``: where the community is."""

    community = Text(32, required=True)
    today = Day(required=True)
    people = fields.List(fields.Nested(Employed), required=True)


class Present(Answer):
    """``ends``: of their shift. ``skills``: each with its level, 1 to 3."""

    person = Id(required=True)
    team = Text(100, required=True, allow_none=True)
    ends = Moment(required=True)
    skills = _levels()


class OnShift(Page):
    """``at``: the moment asked about."""

    at = Moment(required=True)
    people = fields.List(fields.Nested(Present), required=True)
