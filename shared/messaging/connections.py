"""Opening kombu connections, to RabbitMQ and to the in-process broker alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

import kombu

# only to make kombu know the scheme
from shared.messaging import embedded as embedded
from shared.messaging.transport import tune

HEARTBEAT = 30
CONNECT_SECONDS = 3


def connect(url: str) -> kombu.Connection:
    """An open connection, after one attempt; raises kombu's `OperationalError` where it fails.

    Its user calls ``heartbeat_check()`` about once a second.
    """
    connection = kombu.Connection(url, heartbeat=HEARTBEAT, connect_timeout=CONNECT_SECONDS)
    connection.ensure_connection(max_retries=0)
    tune(connection)
    return connection


def abandon(connection: kombu.Connection) -> None:
    """Let go of a connection that may be broken, without asking the broker for anything."""
    with suppress(Exception):
        connection.collect()
        connection.release()


def pauses(first: float = 0.1, most: float = 2.0) -> Iterator[float]:
    """Seconds before each next attempt: doubling, and spread so that clients get out of step."""
    pause = first
    while True:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, most)
