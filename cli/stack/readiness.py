"""Asks every process whether it is ready, until all of them are."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Mapping

_SECONDS_BETWEEN = 0.5


class Readiness:
    """A thread that sets `reached` when every health port has answered `/readyz` with 200."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self.reached = threading.Event()
        self._waiting = dict(ports)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="readiness", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while self._waiting and not self._stop.wait(_SECONDS_BETWEEN):
            for name, port in list(self._waiting.items()):
                if _is_ready(port):
                    del self._waiting[name]
        if not self._waiting:
            self.reached.set()


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
