"""Numbers for people: ``R-2026-000123`` for repairs, ``C-2026-000045`` for complaints, and ``S``,
``Q`` and ``P`` for suggestions, questions and praise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.eventlog.counters import Counters

_LETTERS = {"repair": "R", "complaint": "C", "suggestion": "S", "question": "Q", "praise": "P"}


class Numbers:
    """A counter a community, kind and year (in the community's own time zone); gaps are allowed."""

    def __init__(
        self,
        counters: Counters,
        now: Callable[[], datetime],
        timezone: Callable[[str], ZoneInfo],
    ) -> None:
        self._counters = counters
        self._now = now
        self._timezone = timezone

    def next(self, community: str, kind: str) -> str:
        letter = _LETTERS[kind]
        year = self._now().astimezone(self._timezone(community)).year
        return f"{letter}-{year}-{self._counters.next(f'{community}:{letter}:{year}'):06d}"
