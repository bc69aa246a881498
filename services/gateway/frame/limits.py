"""How often one caller, or one address, may do something in a while.

Counted in this process: of several workers each allows as many.
"""

from __future__ import annotations

import math
import time

from flask import current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared.errors import Busy


class Limit:
    """At most ``most`` in ``minutes``. ``reason``: that of the refusal. Safe between threads."""

    def __init__(self, most: int, *, minutes: int = 1, reason: str | None = None) -> None:
        self._limit = RateLimitItemPerMinute(most, minutes)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._reason = reason

    def spend(self, who: str) -> None:
        """Count one; raises ``Busy`` with the seconds to wait where it is one too many."""
        if not self._limiter.hit(self._limit, who):
            raise self._busy(who)

    def check(self, who: str) -> None:
        """Raises ``Busy`` where one more would be too many; counts nothing."""
        if not self._limiter.test(self._limit, who):
            raise self._busy(who)

    def count(self, who: str) -> None:
        self._limiter.hit(self._limit, who)

    def _busy(self, who: str) -> Busy:
        reset = self._limiter.get_window_stats(self._limit, who).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        return Busy("That is too often; try again later.", retry_after=wait, reason=self._reason)


def limit_of(name: str) -> Limit:
    """The one that a blueprint has put up under this name."""
    found: Limit = current_app.extensions[name]
    return found


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""
