"""What is known for a while is read again half-way, by one caller, so that nobody waits at the end.

Where many ask at once, all of them would find at the same moment that what is known is too old, and
stand behind the one that reads it anew: every second the slowest answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class Renewals:
    """``seconds``: how long something may be known. Safe between threads."""

    def __init__(self, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._under_way: dict[Hashable, object] = {}

    def renewed(self, key: Hashable, age: float, known: T, read: Callable[[], T]) -> T:
        """What is known; or, where it is this caller's turn to read it again, what ``read`` gives.

        Of one key one caller reads at a time. Where that fails, what is known holds until it is too
        old; then it raises what ``read`` raises.
        """
        mine = object()
        if age < self._seconds / 2 or self._under_way.setdefault(key, mine) is not mine:
            return known
        began = self._monotonic()
        try:
            return read()
        except Exception:
            if age + self._monotonic() - began >= self._seconds:
                raise
            return known
        finally:
            del self._under_way[key]
