"""Waiting for what others bring about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg

from shared.errors import WuyeError


class NotInTime(AssertionError):
    """What was waited for did not come; it may still."""


def wait_until(what: str, done: Callable[[], Any], seconds: float = 90.0) -> Any:
    """Ask until the answer is true, and give it; ``NotInTime`` after ``seconds``, with the last
    exception or answer.
    """
    until = time.monotonic() + seconds
    last: Any = None
    while time.monotonic() < until:
        try:
            last = done()
            if last:
                return last
        except (WuyeError, psycopg.Error, OSError) as error:
            last = error
        time.sleep(0.05)
    raise NotInTime(f"{what}: not within {seconds} s; last: {last!r}")
