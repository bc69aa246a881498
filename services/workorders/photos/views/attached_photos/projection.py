"""One row an event that has photos, or a signature: whose they are."""

from __future__ import annotations

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact

FIELDS = ("photos", "photos_before")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``person``: whose report it is, or who did the work; some are services'.

    ``signer``: whose the picture of a ``signature`` is, the order's accepter, where there is one.
    """

    key: str
    person: str
    photos: tuple[str, ...]
    signer: str | None = None
    signature: str | None = None


def key(fact: Fact) -> str | None:
    """None for an event without any, as most are."""
    has_any = _photos(fact) or fact.data.get("signature")
    return f"{fact.subject} {fact.version:06d}" if has_any else None


def evolve(_row: Row | None, fact: Fact) -> Row:
    person = str(fact.data.get("author") or fact.actor)
    signature = fact.data.get("signature")
    return Row(
        key=key(fact) or "",
        person=person,
        photos=_photos(fact),
        signer=None if signature is None else fact.data["accepter"] or fact.actor,
        signature=signature,
    )


def _photos(fact: Fact) -> tuple[str, ...]:
    found = (photo for name in FIELDS for photo in fact.data.get(name) or ())
    return tuple(dict.fromkeys(found))


ATTACHED_PHOTOS = View(
    name="attached_photos",
    build=2,
    follows="workorders",
    handles=dict.fromkeys(
        ("WorkOrderSubmitted", "WorkOrderRepaired", "WorkOrderAccepted", "InquirySubmitted"), 1
    ),
    row=Row,
    key=key,
    evolve=evolve,
)
