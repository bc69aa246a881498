"""Which processes the stack runs, and what each gets in its environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.stack.databases import Database

SERVICES = ("security", "workorders", "billing", "notifications", "analytics")
EDGE = "gateway"


@dataclass(frozen=True)
class Program:
    """One process. Groups stop one after another, in the order of `GROUPS`, all of one at once."""

    name: str
    group: str
    argv: tuple[str, ...]
    health_port: int
    environment: Mapping[str, str] = field(default_factory=dict)


# From the outside in: who takes requests stops before who serves them.
GROUPS = ("edge", "serve", "work")


def programs(
    databases: Mapping[str, Database],
    brokers: Mapping[str, str],
    http_port: int,
    health_ports: Sequence[int],
) -> list[Program]:
    """`serve` and `work` of every service, and the edge; one health port each, in that order.

    `brokers`: the broker's URL for each of them.
    """
    ports = iter(health_ports)
    found = []
    for service in SERVICES:
        for task in ("serve", "work"):
            port = next(ports)
            environment = {
                "WUYE_DATABASE_URL": databases[service].url,
                "WUYE_BROKER_URL": brokers[service],
                "WUYE_HEALTH_PORT": str(port),
            }
            name = f"{service}-{task}"
            found.append(Program(name, task, _module(service, task), port, environment))
    port = next(ports)
    environment = {
        "WUYE_BROKER_URL": brokers[EDGE],
        "WUYE_HTTP_PORT": str(http_port),
        "WUYE_HEALTH_PORT": str(port),
    }
    found.append(Program(EDGE, "edge", _module(EDGE, "serve"), port, environment))
    return found


def migration(service: str) -> tuple[str, ...]:
    """The command that brings a service's database up to date."""
    return _module(service, "migrate")


def shared_environment(folder: Path, log_format: str) -> dict[str, str]:
    """What every process gets: our own environment, and where the stack keeps its things."""
    if log_format == "auto":
        # They write into pipes; whether somebody reads along is seen here alone.
        log_format = "console" if sys.stdout.isatty() else "json"
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "WUYE_DATA_DIR": str(folder),
        "WUYE_KEYS_DIR": str(folder / "keys"),
        "WUYE_LOG_FORMAT": log_format,
    }


def _module(service: str, task: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"services.{service}", task)
