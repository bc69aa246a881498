"""Working hours as people type them, and as pictures show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFF = frozenset({"-", "off", "closed", "休", "休息", "无"})
_BETWEEN = re.compile(r"[,，;；、\s]+")
_TO = re.compile(r"\s*(?:-|–|—|~|～|至|到)\s*")
_TIME = re.compile(r"(\d{1,2})(?:[:：.](\d{2}))?")


class Bar(NamedTuple):
    """From a minute of the day, so many minutes."""

    start: int
    length: int


def read(text: str) -> list[str]:
    """``9-12, 13:30–18`` as ``09:00-12:00``, ``13:30-18:00``; none where it says that it is off.

    What is no time is left as it was typed: the service says so.
    """
    text = _TO.sub("-", text.strip().casefold())
    if text in _OFF:
        return []
    return [_span(part) for part in _BETWEEN.split(text) if part]


def typed(hours: Iterable[str]) -> str:
    return ", ".join(hours)


def bars(hours: Sequence[str]) -> list[Bar]:
    """Where the hours stand in a day."""
    found = []
    for each in hours:
        start, _, end = each.partition("-")
        first, last = _minutes(start), _minutes(end)
        if first is not None and last is not None and first < last:
            found.append(Bar(first, last - first))
    return found


def minutes(hours: Sequence[str]) -> int:
    return sum(bar.length for bar in bars(hours))


def _span(part: str) -> str:
    start, _, end = part.partition("-")
    return f"{_padded(start)}-{_padded(end)}" if end else part


def _padded(text: str) -> str:
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text


def _minutes(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    minute = int(found[1]) * 60 + int(found[2] or 0)
    return minute if minute <= DAY_MINUTES else None
