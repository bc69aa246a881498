"""A private RabbitMQ node: own folder, own loopback ports, own epmd, no plugins."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.errors import TimedOut, Unavailable
from shared.servers.ports import free_port
from shared.servers.process import FolderLock, OwnedProcess
from shared.servers.provision import erlang_programs, rabbitmq_script

USER = "wuye"
_NODE = "wuye@localhost"
_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_user = {user}
default_pass = {password}
default_vhost = {vhost}
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
log.console = false
"""
# For whoever watches: metrics on a loopback port of their own.
_WATCHED = """\
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {port}
"""
# AMQP 0-9-1, section 4.2.2: a server answers the protocol header with a method frame (type 1).
_HEADER, _METHOD_FRAME = b"AMQP\x00\x00\x09\x01", b"\x01"


class PrivateRabbitMQ:
    """One node in ``folder``: its durable queues stay there, its ports over a restart."""

    def __init__(self, folder: Path, *, vhost: str = "wuye", watched: bool = False) -> None:
        """``watched``: with the plugin for Prometheus, at ``metrics_port`` once it has started."""
        self.folder = folder.absolute()
        self.port = 0
        self.metrics_port = 0
        self._watched = watched
        self._vhost = vhost
        self._ports = (0, 0)
        self._lock = FolderLock(self.folder, "RabbitMQ")
        # epmd maps node names to ports; a shared one would make us visible to other nodes.
        self._epmd = OwnedProcess("epmd", self.folder, stop_signal=signal.SIGTERM, stop_seconds=5)
        self._server = OwnedProcess(
            "rabbitmq", self.folder, stop_signal=signal.SIGTERM, stop_seconds=20
        )

    def url(self, vhost: str | None = None) -> str:
        """The AMQP URL of a vhost with a plain name, by default the node's own."""
        return self.url_as(USER, self._password(), vhost)

    def url_as(self, user: str, password: str, vhost: str | None = None) -> str:
        """The same for another user, whom `define` made; the password must be fit for a URL."""
        return f"amqp://{user}:{password}@127.0.0.1:{self.port}/{vhost or self._vhost}"

    @property
    def pid(self) -> int:
        """The process id of the Erlang machine."""
        return self._server.pid

    def start(self) -> None:
        """Start the node and wait until it answers.

        Raises ``Conflict`` when another process runs it, ``Unavailable`` when it cannot start.
        """
        self._lock.acquire()
        if self._server.running:
            return
        try:
            script = rabbitmq_script()
            self.port = self.port or free_port()
            if self._watched:
                self.metrics_port = self.metrics_port or free_port()
            if self._ports == (0, 0):
                self._ports = (free_port(), free_port())
            self._write_configuration()
            environment = self._environment()
            if not self._epmd.running:
                self._epmd.start(
                    [
                        erlang_programs() / "epmd",
                        "-port",
                        str(self._ports[1]),
                        "-address",
                        "127.0.0.1",
                    ],
                    env=environment,
                    cwd=self.folder,
                )
            self._connected(self._ports[1], self._epmd, time.monotonic() + 10).close()
            self._server.start([script], env=environment, cwd=self.folder)
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, seconds: float = 60) -> None:
        """Until it answers; raises ``Unavailable`` when it died, ``TimedOut`` when it is late."""
        until = time.monotonic() + seconds
        while True:
            with self._connected(self.port, self._server, until) as probe:
                probe.settimeout(2)
                probe.sendall(_HEADER)
                with contextlib.suppress(OSError):
                    if probe.recv(1) == _METHOD_FRAME:
                        return
            time.sleep(0.05)

    def stop(self) -> None:
        """Orderly shutdown of the node and its epmd."""
        self._server.stop()
        self._epmd.stop()
        self._lock.release()

    def kill(self) -> None:
        """SIGKILL to the node, as a crash would; ``start`` recovers, on the same port."""
        self._server.kill()

    def restart(self) -> None:
        """Stop and start on the same ports."""
        self.stop()
        self.start()

    def add_vhost(self, name: str) -> str:
        """Make an empty vhost that our user may use; its URL."""
        self.define(
            {
                "vhosts": [{"name": name}],
                "permissions": [
                    {"user": USER, "vhost": name, "configure": ".*", "write": ".*", "read": ".*"}
                ],
            }
        )
        return self.url(name)

    def delete_vhost(self, name: str) -> None:
        """Delete a vhost with all its queues, closing the connections to it."""
        self.evaluate(f'rabbit_vhost:delete(<<"{name}">>, <<"{USER}">>)')

    def define(self, definitions: Mapping[str, Any]) -> None:
        """Load vhosts, users, permissions, policies, … in RabbitMQ's definitions format (JSON)."""
        packed = base64.b64encode(json.dumps(definitions).encode()).decode()
        answer = self.evaluate(f'rabbit_definitions:import_raw(base64:decode("{packed}"))')
        if answer != "ok":
            raise Unavailable(f"RabbitMQ refused the definitions: {answer}")

    def evaluate(self, expression: str) -> str:
        """Evaluate one Erlang expression inside the node (milliseconds); its printed value."""
        cookie = (self.folder / ".erlang.cookie").read_text()
        done = subprocess.run(
            [erlang_programs() / "erl_call", "-sname", _NODE, "-r", "-c", cookie, "-e"],
            input=f"{expression}.\n",
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
        answer = done.stdout.strip()
        if done.returncode != 0 or not answer.startswith("{ok, "):
            raise Unavailable(f"RabbitMQ did not evaluate it: {answer or done.stderr.strip()}")
        return answer.removeprefix("{ok, ").removesuffix("}")

    def _connected(self, port: int, server: OwnedProcess, until: float) -> socket.socket:
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=2)
            except OSError:
                if not server.running:
                    raise Unavailable(
                        f"{server.name} did not start: {server.last_words()} (log in {self.folder})"
                    ) from None
                if time.monotonic() > until:
                    raise TimedOut(
                        f"{server.name} is not ready in time: see its log in {self.folder}"
                    ) from None
            time.sleep(0.05)

    def _write_configuration(self) -> None:
        secret = self.folder / "user.secret"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(24) + "\n")
        configuration = self.folder / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            _CONFIG.format(port=self.port, user=USER, password=self._password(), vhost=self._vhost)
        )
        if self._watched:
            with configuration.open("a") as more:
                more.write(_WATCHED.format(port=self.metrics_port))
        plugins = "rabbitmq_prometheus" if self._watched else ""
        (self.folder / "enabled_plugins").write_text(f"[{plugins}].\n")
        (self.folder / "rabbitmq-env.conf").write_text("")

    def _environment(self) -> dict[str, str]:
        distribution, epmd = self._ports
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(epmd),
            "RABBITMQ_NODENAME": _NODE,
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # The script then becomes the node instead of waiting beside it: our pid is the node's.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _password(self) -> str:
        return (self.folder / "user.secret").read_text().strip()
