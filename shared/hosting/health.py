"""``/healthz``, ``/readyz`` and ``/metrics`` of every process.

``/healthz`` says the process turns; it never asks the broker or the store. ``/readyz`` asks all of
what the process needs and names what is missing.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import eventlet.wsgi
from prometheus_client import CONTENT_TYPE_LATEST

from shared.observability.metrics import Metrics

HUB_SECONDS = 0.5
Check = Callable[[], None]


class Health:
    """A WSGI application; ``checks`` raise where something is not ready."""

    def __init__(self, metrics: Metrics, checks: Mapping[str, Check]) -> None:
        self._metrics = metrics
        self._checks = dict(checks)

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _json(start, "200 OK", {"status": "ok"})
        if path == "/readyz":
            missing = self.missing()
            status = "503 Service Unavailable" if missing else "200 OK"
            return _json(
                start, status, {"status": "not ready" if missing else "ok", "missing": missing}
            )
        if path == "/metrics":
            start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [self._metrics.render()]
        return _json(start, "404 Not Found", {"status": "not found"})

    def missing(self) -> dict[str, str]:
        """What is not ready, and why."""
        found: dict[str, str] = {}
        for name, check in self._checks.items():
            try:
                check()
            except Exception as error:
                found[name] = str(error)[:300]
        return found


def _json(start: Callable[..., Any], status: str, body: Mapping[str, Any]) -> list[bytes]:
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]


def serve_wsgi(app: Any, host: str, port: int) -> tuple[Any, int]:
    """Serve in a green thread; the listening socket and the port it got. Raises ``OSError``."""
    listener = eventlet.listen((host, port), reuse_port=False)
    quiet = logging.getLogger("wuye.http")
    eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        log=quiet,
        log_output=False,
        socket_timeout=30,
        max_size=200,
    )
    return listener, int(listener.getsockname()[1])


def watch_hub(metrics: Metrics, stop: threading.Event) -> None:
    """Measure how late green threads get their turn, until told to stop.

    At uneven intervals, which fall in step with nothing that holds the processor in a rhythm.
    """
    while not stop.is_set():
        seconds = HUB_SECONDS * random.uniform(0.5, 1.5)
        started = time.monotonic()
        stop.wait(seconds)
        metrics.hub_lag(max(0.0, time.monotonic() - started - seconds))
