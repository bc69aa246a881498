"""The edge's own process: what it serves where, even before there is a broker."""

from __future__ import annotations

import os
from pathlib import Path

import requests

from shared.identity import keys
from shared.servers.ports import free_port
from tests.support.running import Running
from tests.support.waiting import wait_until


def test_metrics_are_told_at_the_port_of_health_and_to_no_visitor(tmp_path: Path) -> None:
    keys.ensure(tmp_path / "keys", ["gateway"])
    visited, watched, nobody = free_port(), free_port(), free_port()
    own = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
    environment = {
        **own,
        "WUYE_BROKER_URL": f"amqp://nobody@127.0.0.1:{nobody}/",
        "WUYE_KEYS_DIR": str(tmp_path / "keys"),
        "WUYE_HTTP_PORT": str(visited),
        "WUYE_HEALTH_PORT": str(watched),
        "WUYE_LOG_FORMAT": "json",
    }
    edge = Running(["services.gateway", "serve"], environment, tmp_path / "edge.log")

    def status(port: int, path: str) -> int:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=10).status_code

    try:
        wait_until("it lives", lambda: status(watched, "/healthz") == 200)
        assert status(watched, "/metrics") == 200
        assert status(visited, "/metrics") == 404
        assert status(visited, "/login") == 200
    finally:
        edge.stop()
