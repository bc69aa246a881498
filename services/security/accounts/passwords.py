"""Passwords: argon2id, away from the threads that answer, few at once."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from typing import Any, Protocol

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

# each takes 64 MiB
_AT_ONCE = 4
# RFC 9106's second recommendation, and the least that OWASP recommends
_COSTS = {
    "strong": argon2.PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4),
    "light": argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1),
}


class Hasher(Protocol):
    def hash(self, password: str) -> str:
        """The encoded argon2id hash (RFC 9106), with a fresh salt."""
        ...

    def verify(self, hash: str, password: str) -> bool: ...


class Passwords:
    """``run(function, *arguments)`` calls it in a native thread: hashing takes 0.1 s of processor.

    ``cost``: the name of one that people choose from, or one of a test's own.
    """

    def __init__(
        self, run: Callable[..., Any], cost: str | argon2.PasswordHasher = "strong"
    ) -> None:
        self._run = run
        self._argon = _COSTS[cost] if isinstance(cost, str) else cost
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        with self._room:
            return str(self._run(self._argon.hash, _normal(password)))

    def verify(self, hash: str, password: str) -> bool:
        with self._room:
            try:
                return bool(self._run(self._argon.verify, hash, _normal(password)))
            except (VerificationError, InvalidHashError):
                return False


def _normal(password: str) -> str:
    """The same password whatever keyboard typed it (NIST SP 800-63B, section 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
