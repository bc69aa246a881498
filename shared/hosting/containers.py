"""nameko containers, started and stopped with upper bounds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import eventlet
from nameko.containers import ServiceContainer

from shared.hosting.gate import PARTS
from shared.hosting.log_service import log_service
from shared.hosting.operations import operations_service
from shared.hosting.parts import Parts

logger = logging.getLogger(__name__)


def _unexpected(record: logging.LogRecord) -> bool:
    """nameko tells of expected errors with a traceback; here they are answers, counted by code."""
    return not str(record.msg).startswith("(expected) error")


logging.getLogger("nameko.containers").addFilter(_unexpected)


def serving(parts: Parts, max_workers: int) -> list[ServiceContainer]:
    return [_container(parts.definition.rpc, parts, max_workers)]


def working(parts: Parts) -> list[ServiceContainer]:
    return [
        _container(log_service(parts), parts, 20),
        _container(operations_service(parts), parts, 4),
    ]


def _container(service: type, parts: Parts, max_workers: int) -> ServiceContainer:
    config: dict[str, Any] = {"AMQP_URI": parts.url, "max_workers": max_workers, PARTS: parts}
    return ServiceContainer(service, config)


def start(containers: Sequence[ServiceContainer]) -> None:
    """Start all of them side by side; raises the first failure."""
    together([container.start for container in containers])


def together(calls: Sequence[Callable[[], Any]]) -> None:
    """Call them side by side and wait for all; raises the first failure."""
    pool = eventlet.GreenPool(max(1, len(calls)))
    for called in [pool.spawn(call) for call in calls]:
        called.wait()


def stop(containers: Sequence[ServiceContainer], timeout: float) -> None:
    """Let workers finish, ``timeout`` seconds at most; then end them."""
    pool = eventlet.GreenPool(max(1, len(containers)))
    stopping = [pool.spawn(container.stop) for container in containers]
    try:
        with eventlet.Timeout(timeout):
            for stopped in stopping:
                stopped.wait()
    except eventlet.Timeout:
        logger.warning("not done after %s s; ending what still runs", timeout)
        for container in containers:
            eventlet.spawn_n(container.kill)
        eventlet.sleep(0.5)
