"""What a step card shows below its title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from services.gateway.frame import formats


@dataclass(frozen=True)
class Part:
    """``kind``: text, list, quote (somebody's words), stars, moment, windows, photos (their
    references), or gone (words that are not kept any more). ``value`` of photos is how many, in
    words.
    """

    label: str
    value: Any
    kind: str = "text"
    photos: tuple[str, ...] = ()


def quote(label: str, text: str | None, *, needed: bool = True) -> Part | None:
    """Somebody's words; their absence is told where there must have been some."""
    if text:
        return Part(label, text, "quote")
    return Part(label, None, "gone") if needed else None


def photos(label: str, photos: Sequence[str] | None) -> Part | None:
    if not photos:
        return None
    return Part(label, formats.number(len(photos)), "photos", tuple(photos))


def signed(data: Mapping[str, Any]) -> Part | None:
    signature = data.get("signature")
    return photos(_("Signed there"), [signature] if signature else None)
