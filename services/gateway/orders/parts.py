"""What a step card shows below its title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
