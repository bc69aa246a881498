"""The edge under gunicorn: worker processes of real threads, which share the listening sockets.

A reverse proxy belongs in front of it wherever it faces a network: for TLS, and to wait for slow
clients in its place.
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client import CollectorRegistry, generate_latest, multiprocess

from services.gateway.app import create_app
from services.gateway.frame.edge import NAME
from services.gateway.open311.desks import BadDesks, Desks
from services.gateway.uploads.store import Photos
from shared.clock import SystemClock
from shared.config.settings import EdgeSettings, load_or_exit
from shared.identity import keys
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient
from shared.observability import logging as observed
from shared.observability import tracing
from shared.observability.metrics import Metrics

THREADS = 32
# connections with nothing to say are closed after so long
IDLE_SECONDS = 60
# requests under way have as long to end
ENDING_SECONDS = 5
# and what is left of traces to be sent
TRACES_SECONDS = 2
# a session's cookies are longer than gunicorn's own limit
_MOST_HEADER_BYTES = 64 * 1024
# as embedded
_LONGEST_LINE = 8190

_log = logging.getLogger("wuye.gateway")


def serve() -> None:
    """Until SIGTERM or SIGINT."""
    settings = load_or_exit(EdgeSettings)
    observed.setup("edge", service=NAME, log_format=settings.log_format, level=settings.log_level)
    try:
        edge = _Edge(settings)
    except (keys.BadKey, BadDesks) as error:
        sys.exit(f"{NAME}: {error}")
    sockets = _listening(settings)
    edge.listen_at(sockets)
    _log.info("serving on %s", " and ".join(_told(one) for one in sockets))
    edge.run()


class _Edge(BaseApplication):  # type: ignore[misc]
    """What must be the same for all workers is read before there are any."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        key = keys.load_private(settings.keys_dir, NAME)
        self._identity = ServiceIdentity(NAME, key, self._clock)
        self._cookie_secret = keys.cookie_secret(settings.keys_dir, settings.secret)
        self._photos = Photos(settings.photos_url or settings.photos_folder)
        self._open311 = Desks(settings.open311_file) if settings.open311_file else None
        self._rpc: RpcClient | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "workers": self._settings.http_workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": IDLE_SECONDS,
            "graceful_timeout": ENDING_SECONDS,
            "limit_request_field_size": _MOST_HEADER_BYTES,
            "limit_request_line": _LONGEST_LINE,
            "control_socket_disable": True,
            "logger_class": _QuietLogger,
            "child_exit": lambda _, worker: multiprocess.mark_process_dead(worker.pid),
            "worker_exit": lambda _, worker: self._close(),
        }.items():
            self.cfg.set(name, value)

    def listen_at(self, sockets: Sequence[socket.socket]) -> None:
        self.cfg.set("bind", [f"fd://{one.fileno()}" for one in sockets])

    def load(self) -> Any:
        """In each worker: a client of its own, with the threads it needs."""
        tracing.start(self._settings.otlp_endpoint)
        rpc = self._rpc = RpcClient(self._settings.broker_url, source=NAME)
        app = create_app(
            rpc,
            identity=self._identity,
            cookie_secret=self._cookie_secret,
            readiness=lambda: {} if rpc.connected else {"broker": "cannot be reached"},
            metrics=Metrics(),
            render_metrics=_of_all_workers,
            time_zone=self._settings.timezone,
            language=self._settings.language,
            clock=self._clock,
            photos=self._photos,
            open311=self._open311,
            proxies=self._settings.http_proxies,
            api_per_minute=self._settings.api_per_minute,
        )
        return _with_private_metrics(app, self._settings)

    def _close(self) -> None:
        if self._rpc is not None:
            with suppress(Exception):
                self._rpc.close()
        tracing.stop(TRACES_SECONDS)


class _QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's own words as one more logger of ours; requests we log ourselves."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


def _with_private_metrics(app: Any, settings: EdgeSettings) -> Any:
    """Metrics are for whoever watches, at the port of health; not for whoever visits."""
    if settings.http_port == settings.health_port:
        return app

    def answer(environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        visited = environ["SERVER_PORT"] == str(settings.http_port)
        if visited and environ["PATH_INFO"] == "/metrics":
            start("404 Not Found", [("Content-Length", "0")])
            return []
        answered: Iterable[bytes] = app(environ, start)
        return answered

    return answer


def _of_all_workers() -> bytes:
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


def _listening(settings: EdgeSettings) -> list[socket.socket]:
    places = {
        (settings.http_host, settings.http_port),
        (settings.health_host, settings.health_port),
    }
    found = []
    for host, port in sorted(places):
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            one = socket.create_server((host, port), family=family, backlog=1024)
        except OSError as error:
            sys.exit(f"{NAME}: cannot listen on {_place(host, port)}: {error.strerror}")
        one.set_inheritable(True)
        found.append(one)
    return found


def _told(one: socket.socket) -> str:
    """Where it listens indeed: port 0 asks for any that is free."""
    host, port = one.getsockname()[:2]
    return _place(host, port)


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
