"""How often one address may do something in a while. Each process of the edge counts for itself."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared.errors import Busy


class Limit:
    """At most ``most`` in ``minutes``. Safe between threads."""

    def __init__(self, most: int, minutes: int) -> None:
        self._limit = RateLimitItemPerMinute(most, minutes)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, address: str) -> None:
        """Raises ``Busy`` with the seconds to wait where it was too often."""
        if not self._limiter.test(self._limit, address):
            reset = self._limiter.get_window_stats(self._limit, address).reset_time
            raise Busy(
                "Too many from this address; try again later.",
                reason="too_many_from_here",
                retry_after=max(1, math.ceil(reset - time.time())),
            )

    def count(self, address: str) -> None:
        self._limiter.hit(self._limit, address)
