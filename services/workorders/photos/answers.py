"""What goes out about photos."""

from __future__ import annotations

from marshmallow import fields

from services.workorders.orders.schemas import MOST_PHOTOS
from services.workorders.photos.schemas import MOST
from shared.schemas import Answer, Flag, Items, Page, Text


class Attached(Answer):
    """Photos of one report or repair. ``forgotten``: whether the person whose they are was."""

    photos = Items(Text(200), 2 * MOST_PHOTOS, required=True)
    forgotten = Flag(required=True)


class AttachedPhotos(Page):
    """Nothing is missing from it that happened before it was asked for."""

    attached = Items(fields.Nested(Attached), MOST, required=True)
    next = Text(80, required=True, allow_none=True)
