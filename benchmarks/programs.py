"""Programs of their own: told over a loopback socket what to do, one line of JSON each way.

A socket and not a pipe, for the program at the other end may be green, and must turn while it
waits.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.processes import end
from benchmarks.processes import environment as plain_environment

START_SECONDS = 60.0
Handler = Callable[..., Any]


class Program:
    """``python -m <module> <port> <arguments>``. ``close`` it in the end."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.module = module
        self._log = log
        with socket.create_server(("127.0.0.1", 0)) as listener, log.open("ab") as out:
            listener.settimeout(0.2)
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, str(listener.getsockname()[1]), *arguments],
                env=plain_environment(**(environment or {})),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
            self._socket = self._accepted(listener)
        self._lines = self._socket.makefile("r")

    def _accepted(self, listener: socket.socket) -> socket.socket:
        for _ in range(int(START_SECONDS / 0.2)):
            try:
                return listener.accept()[0]
            except TimeoutError:
                if self.process.poll() is not None:
                    break
        end([self.process])
        raise RuntimeError(f"{self.module} did not start: {self._log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask(self, do: str, *, limit: float = 120.0, **more: Any) -> Any:
        """What the program answers; raises what it could not do. ``limit`` in seconds."""
        self._socket.settimeout(limit)
        self._socket.sendall(json.dumps({"do": do, **more}).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise RuntimeError(f"{self.module} died: {self._log.read_text()[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{self.module} could not {do}: {answer['error']}")
        return answer["ok"]

    def close(self) -> None:
        self._socket.close()
        end([self.process])


def answer(**handlers: Handler) -> None:
    """The program's side: carry out what is asked, until nobody is there to ask."""
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
        for line in connection.makefile("r"):
            asked = json.loads(line)
            try:
                said = {"ok": handlers[asked.pop("do")](**asked)}
            except Exception:
                said = {"error": traceback.format_exc()}
            connection.sendall(json.dumps(said).encode() + b"\n")
