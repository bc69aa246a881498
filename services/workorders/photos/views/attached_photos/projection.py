"""One row an event that has photos: whose they are."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact

FIELDS = ("photos", "photos_before")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``person``: whose report it is, or who did the work; some are services'."""

    key: str
    person: str
    photos: tuple[str, ...]


def key(fact: Fact) -> str | None:
    """None for an event without photos, as most are."""
    return f"{fact.subject} {fact.version:06d}" if _photos(fact) else None


def evolve(_row: Row | None, fact: Fact) -> Row:
    person = str(fact.data.get("author") or fact.actor)
    return Row(key=key(fact) or "", person=person, photos=_photos(fact))


def _photos(fact: Fact) -> tuple[str, ...]:
    found = (photo for name in FIELDS for photo in fact.data.get(name) or ())
    return tuple(dict.fromkeys(found))


ATTACHED_PHOTOS = View(
    name="attached_photos",
    build=1,
    follows="workorders",
    handles={"WorkOrderSubmitted": 1, "WorkOrderRepaired": 1, "InquirySubmitted": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
