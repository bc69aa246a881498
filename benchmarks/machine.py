"""The machine and what runs on it."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg

from shared.servers import PrivatePostgres, PrivateRabbitMQ

PACKAGES = ("nameko", "kombu", "eventlet", "eventsourcing", "psycopg", "pika", "msgspec")
_DURABILITY = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


def described() -> dict[str, Any]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average_before": round(os.getloadavg()[0], 2),
        **{f"{name}_version": version(name) for name in PACKAGES},
    }


def of_servers(postgres: PrivatePostgres, rabbitmq: PrivateRabbitMQ) -> dict[str, Any]:
    """Versions, and the settings of PostgreSQL that durability hangs on."""
    with psycopg.connect(postgres.url()) as connection:

        def shown(name: str) -> str:
            row = connection.execute(f"SHOW {name}".encode()).fetchone()
            return str(row[0]) if row else ""

        found = {f"postgres_{name}": shown(name) for name in _DURABILITY}
        found["postgres_version"] = shown("server_version")
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if found[f"postgres_{name}"] != "on":
            raise RuntimeError(f"PostgreSQL runs with {name} off: nothing measured counts")
    # the answer is an Erlang string in quotes, inside a list
    said = rabbitmq.evaluate("rabbit_misc:version()")
    return {**found, "rabbitmq_version": said.strip('[]"')}


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _commit() -> str:
    """The commit, with ``+`` where the tree has changed since."""
    try:
        head = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
        changed = subprocess.check_output(["git", "status", "--porcelain", "-uno"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if changed.strip() else "")
