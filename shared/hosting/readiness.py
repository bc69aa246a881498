"""Whether a process on the stack is ready, and what it lacks."""

from __future__ import annotations

import psycopg

from shared.hosting.health import Check
from shared.hosting.work import Work
from shared.messaging.connections import abandon, connect

# seconds; the least that libpq takes
_CONNECT_SECONDS = 2


def ask_database(url: str) -> None:
    """Raises ``OSError``, saying why, where it does not answer."""
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS, autocommit=True) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise ConnectionError(str(error).strip()) from None


def ask_broker(url: str) -> None:
    """Raises ``OSError``, saying why, where it does not answer."""
    try:
        abandon(connect(url))
    except Exception as error:  # there are many ways not to reach a broker
        raise ConnectionError(str(error).strip() or type(error).__name__) from None


class Readiness:
    """``checks`` raise where something is missing.

    A standby is as ready as the leader: it answers for the log, and takes over when it must.
    """

    def __init__(self, database_url: str, broker_url: str) -> None:
        self._started = False
        self._work: Work | None = None
        self.checks: dict[str, Check] = {
            "started": self._check_started,
            "store": lambda: ask_database(database_url),
            "broker": lambda: ask_broker(broker_url),
            "following": self._check_following,
        }

    def started(self) -> None:
        """It answers RPC now."""
        self._started = True

    def leading(self, work: Work) -> None:
        self._work = work

    def _check_started(self) -> None:
        if not self._started:
            raise RuntimeError("starting")

    def _check_following(self) -> None:
        late = self._work.late() if self._work is not None else {}
        if late:
            raise RuntimeError("; ".join(f"{name}: {how}" for name, how in late.items()))
