"""``python -m services.gateway serve``: the edge of the stack, on threads of its own."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import waitress

from services.gateway.app import create_app
from shared.clock import SystemClock
from shared.config.settings import EdgeSettings, load_or_exit
from shared.identity import keys
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient
from shared.observability import logging as observed
from shared.observability.metrics import Metrics

NAME = "gateway"
THREADS = 32
# connections with nothing to say are closed after so long
IDLE_SECONDS = 60

_log = logging.getLogger("wuye.gateway")


def main() -> None:
    """Exit code 2 for a wrong command line or wrong settings."""
    if sys.argv[1:] != ["serve"]:
        print("usage: python -m services.gateway serve", file=sys.stderr)
        sys.exit(2)
    settings = load_or_exit(EdgeSettings)
    observed.setup("edge", service=NAME, log_format=settings.log_format, level=settings.log_level)
    _serve(settings)


def _serve(settings: EdgeSettings) -> None:
    clock = SystemClock()
    rpc = RpcClient(settings.broker_url, source=NAME)
    try:
        app = create_app(
            rpc,
            identity=ServiceIdentity(NAME, keys.load_private(settings.keys_dir, NAME), clock),
            cookie_secret=keys.cookie_secret(settings.keys_dir, settings.secret),
            readiness=lambda: {} if rpc.connected else {"broker": "cannot be reached"},
            metrics=Metrics(),
            time_zone=settings.timezone,
            language=settings.language,
            clock=clock,
        )
        _run(app, settings)
    except keys.BadKey as error:
        sys.exit(f"{NAME}: {error}")
    finally:
        rpc.close()


def _run(app: Any, settings: EdgeSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way have five seconds to end."""
    places = {
        _place(settings.http_host, settings.http_port),
        _place(settings.health_host, settings.health_port),
    }
    try:
        server = waitress.create_server(
            _private_metrics(app, settings),
            listen=" ".join(sorted(places)),
            threads=THREADS,
            channel_timeout=IDLE_SECONDS,
            ident=None,
        )
    except OSError as error:
        sys.exit(f"{NAME}: cannot listen on {' and '.join(sorted(places))}: {error.strerror}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    _log.info("serving on %s", " and ".join(_heard_at(server)))
    # a signal ends it: the server lets its threads finish, and returns
    server.run()
    _log.info("stopped")


def _private_metrics(app: Any, settings: EdgeSettings) -> Any:
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


def _heard_at(server: Any) -> list[str]:
    """Where it listens indeed: port 0 asks for any that is free."""
    one = [(getattr(server, "effective_host", ""), getattr(server, "effective_port", 0))]
    return [_place(host, port) for host, port in getattr(server, "effective_listen", one)]


def _place(host: str, port: int | str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


if __name__ == "__main__":
    main()
