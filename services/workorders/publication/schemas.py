"""What comes in about the public work board."""

from __future__ import annotations

from services.workorders.dispatching.schemas import community
from services.workorders.orders.schemas import MOST_PHOTOS, SHORT
from services.workorders.publication.domain import UNSUITABLE
from shared.schemas import Choice, Command, Flag, Id, Integer, Items, Query, Text

MOST_WORKS = 50


class SetPublicBoard(Command):
    community = community()
    open = Flag(required=True)


class Publish(Command):
    """``photos``: of those after the repair, the ones for everybody's eyes. ``caption``: likewise
    what was done, in words for the public.
    """

    id = Id(required=True)
    photos = Items(Text(200, required=True), MOST_PHOTOS, load_default=list)
    caption = Text(SHORT, load_default=None, allow_none=True)


class WithReason(Command):
    """``id``: the order's."""

    id = Id(required=True)
    reason = Choice(UNSUITABLE, required=True)


class Restore(Command):
    id = Id(required=True)


class PublicBoards(Query):
    """All there are."""


class PublicWorks(Query):
    """The newest first. ``cursor``: from the page before."""

    community = community()
    limit = Integer(minimum=1, maximum=MOST_WORKS, load_default=12)
    cursor = Text(200, load_default=None, allow_none=True)


class PublicWork(Query):
    community = community()
    number = Text(30, required=True)


class Published(PublicWorks):
    """``only``: what was called unsuitable and nobody has looked at yet, or what is hidden."""

    only = Choice(("flagged", "hidden"), load_default=None, allow_none=True)
