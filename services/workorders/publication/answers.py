"""What goes out about the public work board."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.orders.schemas import MOST_PHOTOS, SHORT
from services.workorders.publication.domain import MOST_FLAGS, UNSUITABLE
from services.workorders.publication.schemas import MOST_WORKS
from shared.schemas import Answer, Choice, Flag, Id, Items, Moment, Page, Text, Written

MOST_BOARDS = 1000


class BoardSet(Written):
    community = Text(32, required=True)
    open = Flag(required=True)


class PublicationDone(Written):
    """``id``: of the order."""

    number = Text(30, required=True)
    hidden = Flag(required=True)


class PublicBoards(Page):
    """The communities that have one."""

    communities = Items(Text(32), MOST_BOARDS, required=True)


class PublicWork(Answer):
    """What everybody may see of an order: nobody's name, no door, no words but the ``caption``,
    which a member of staff wrote for the public (None where there is none).
    """

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    submitted_at = Moment(required=True)
    repaired_at = Moment(required=True)
    accepted_at = Moment(required=True)
    caption = Text(SHORT, required=True, allow_none=True)
    photos = Items(Text(200), MOST_PHOTOS, required=True)


class OnePublicWork(PublicWork, Page):
    pass


class PublicWorks(Page):
    """The newest first; hidden ones are left out, so there may be fewer than asked for."""

    works = Items(fields.Nested(PublicWork), MOST_WORKS, required=True)
    next = Text(200, required=True, allow_none=True)


class PublishedWork(PublicWork):
    """As the staff see it. ``shown``: whether the public does; not after it was opened again."""

    hidden = Flag(required=True)
    shown = Flag(required=True)
    flags = Items(Choice(UNSUITABLE), MOST_FLAGS, required=True)


class Published(Page):
    open = Flag(required=True)
    works = Items(fields.Nested(PublishedWork), MOST_WORKS, required=True)
    next = Text(200, required=True, allow_none=True)
