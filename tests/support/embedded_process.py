"""The platform embedded in a process of its own, which the calls of tests reach over HTTP.

``python -m tests.support.embedded_process FOLDER`` prints the port on loopback that takes
``{"service", "method", "request", "token", "context"}`` and answers ``{"ok"}`` or ``{"error"}``.
Between that and the services is the platform's own RPC client, as it is for the edge.
"""

from shared.hosting.green import patch

patch()

import signal  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from collections.abc import Callable, Iterable, Mapping  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import msgspec  # noqa: E402

from cli.services import SERVICES  # noqa: E402
from shared.errors import WuyeError  # noqa: E402
from shared.hosting.embedded import Platform, data_folder  # noqa: E402
from shared.hosting.health import serve_wsgi  # noqa: E402
from tests.support.push_service import OPTIONS  # noqa: E402

SECONDS = 30.0


class Door:
    """One RPC a request, as whoever the token names; without a token nobody."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        call = msgspec.json.decode(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        try:
            answer = self._platform.rpc.call(
                call["service"],
                call["method"],
                call["request"],
                auth_token=call["token"],
                timeout=SECONDS,
                context=call["context"],
            )
            found = {"ok": answer}
        except WuyeError as error:
            found = {"error": str(error)}
        start("200 OK", [("Content-Type", "application/json")])
        return [msgspec.json.encode(found)]


def main(folder: Path) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with data_folder(folder):
        platform = Platform(SERVICES, folder, options={**OPTIONS, "password_cost": "light"})
        platform.start()
        _, port = serve_wsgi(Door(platform), "127.0.0.1", 0)
        print(port, flush=True)
        while not stop.wait(0.2) and not platform.lost.is_set():
            pass
        platform.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
