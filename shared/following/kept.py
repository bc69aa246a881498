"""The rows a view's leader wrote last, in memory, so that the next page need not ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MOST = 1024


class Kept:
    """None: there is no such row.

    Nobody else writes a view's rows without moving its position, and then the leader's next
    compare-and-set fails. Where it is not known what is stored, ``clear``.
    """

    def __init__(self) -> None:
        self._rows: dict[str, Any] = {}

    def of(self, keys: Iterable[str]) -> dict[str, Any]:
        return {key: self._rows[key] for key in keys if key in self._rows}

    def update(self, rows: Mapping[str, Any]) -> None:
        for key, row in rows.items():
            self._rows.pop(key, None)
            self._rows[key] = row
        while len(self._rows) > MOST:
            del self._rows[next(iter(self._rows))]

    def clear(self) -> None:
        self._rows.clear()
