"""The questions of one page, all under way at once; what does not come in time is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.gateway.sessions import calls
from shared.errors import Busy, TimedOut, Unavailable

Data = dict[str, Any]


class Answers:
    """``missing``: whether something could not be had; ``late``: whether something lags behind."""

    def __init__(self, questions: Mapping[str, tuple[str, str, Data]]) -> None:
        """Name to service, method and request."""
        self.missing = self.late = False
        self._asked: dict[str, Any] = {}
        for name, question in questions.items():
            try:
                self._asked[name] = calls.ask(*question)
            except (Busy, TimedOut, Unavailable):
                self._asked[name] = None

    def asks(self, name: str) -> bool:
        return name in self._asked

    def get(self, name: str) -> Data | None:
        """As ``plain``, of an answer that tells whether it is behind."""
        found = self.plain(name)
        self.late = self.late or (found is not None and found["behind"])
        return found

    def plain(self, name: str) -> Data | None:
        """None where it cannot be had just now. Raises what else is wrong."""
        try:
            if self._asked[name] is not None:
                found: Data = self._asked[name].result()
        except (Busy, TimedOut, Unavailable):
            self._asked[name] = None
        if self._asked[name] is None:
            self.missing = True
            return None
        return found
