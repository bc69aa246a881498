"""What the methods of calendar feeds give."""

from __future__ import annotations

from services.security.register.schemas import LANGUAGES
from shared.schemas import Choice, Flag, Id, Page


class Feed(Page):
    """``feed``: its id, whether it is open or not."""

    feed = Id(required=True)
    open = Flag(required=True)


class FeedOwner(Page):
    person = Id(required=True)
    language = Choice(LANGUAGES, required=True)
