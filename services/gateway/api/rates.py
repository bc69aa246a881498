"""How many calls a minute one token, or one address without a token, may make, and how many log-ins
one address.

Counted in this process: of several workers each allows as many.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from shared.errors import Busy

LOG_INS = 100


class Rates:
    """``most``: calls a minute. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._limit = RateLimitItemPerMinute(most)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def check(self, who: str, reason: str | None = None) -> None:
        """Count one call; raises ``Busy``, with this reason, where it is one too many."""
        if not self._limiter.hit(self._limit, who):
            reset = self._limiter.get_window_stats(self._limit, who).reset_time
            wait = max(1, math.ceil(reset - time.time()))
            raise Busy("That is too many calls; wait a moment.", retry_after=wait, reason=reason)
