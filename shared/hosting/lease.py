"""One leader a service. The lease saves work; what keeps positions right is compare-and-set."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

import psycopg

from shared.eventlog.postgres import LEASE_LOCK
from shared.eventlog.postgres_pool import NEVER_FOR_LONG

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0


class Lease(Protocol):
    def acquire(self, stop: threading.Event) -> bool:
        """Wait for the lead; False when told to stop first."""
        ...

    def watch(self, stop: threading.Event, lost: Callable[[], None]) -> None: ...

    def release(self) -> None: ...


class NoLease:
    """Embedded: the data folder's lock is held by the only process there is."""

    def acquire(self, stop: threading.Event) -> bool:
        return not stop.is_set()

    def watch(self, stop: threading.Event, lost: Callable[[], None]) -> None:
        return

    def release(self) -> None:
        return


class PostgresLease:
    """An advisory lock on one dedicated direct connection, looked at each second."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def acquire(self, stop: threading.Event) -> bool:
        told = False
        while not stop.is_set():
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(
                        self._url,
                        autocommit=True,
                        application_name="wuye-lease",
                        **NEVER_FOR_LONG,
                    )
                row = self._connection.execute(
                    "SELECT pg_try_advisory_lock(%s)", (LEASE_LOCK,)
                ).fetchone()
                if row is not None and row[0]:
                    return True
                if not told:
                    logger.info("another process leads; standing by")
                    told = True
            except psycopg.Error as error:
                logger.warning("waiting for the database: %s", error)
                self.release()
            stop.wait(CHECK_SECONDS)
        return False

    def watch(self, stop: threading.Event, lost: Callable[[], None]) -> None:
        """Call ``lost`` when the connection, and with it the lock, is gone."""
        while not stop.wait(CHECK_SECONDS):
            try:
                if self._connection is None:
                    raise psycopg.OperationalError("no connection")
                self._connection.execute("SELECT 1")
            except psycopg.Error as error:
                if not stop.is_set():
                    logger.error("the lead is lost: %s", error)
                    lost()
                return

    def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
