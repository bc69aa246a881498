"""Prometheus over the stack, with the rules and alerts that production has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

import cli
from cli.stack.plan import Program
from shared.servers.postgres_exporter import PostgresExporter
from shared.servers.prometheus import PrivatePrometheus, Target

RULES = Path(cli.__file__).parents[1] / "deploy" / "prometheus" / "rules.yaml"


def production_rules() -> dict[str, Any]:
    """The groups of rules; none where the project's folder is not beside its code."""
    if not RULES.exists():
        return {"groups": []}
    found: dict[str, Any] = yaml.safe_load(RULES.read_text())["spec"]
    return found


def targets(
    programs: Sequence[Program], broker_port: int, postgres_port: int | None = None
) -> list[Target]:
    """Every process, by the labels that the Prometheus operator gives, broker and databases."""
    found = [
        Target(program.name.partition("-")[0], program.health_port, {"process": program.group})
        for program in programs
    ]
    if postgres_port is not None:
        found.append(Target("postgres", postgres_port))
    queues = {"family": ["queue_coarse_metrics"]}
    return [
        *found,
        Target("rabbitmq", broker_port),
        Target("rabbitmq", broker_port, {"about": "queues"}, "/metrics/detailed", queues),
    ]


def exporter(folder: Path, url: str) -> PostgresExporter:
    """Over the databases behind this URL. Raises ``Unavailable`` where there is none to be had."""
    found = PostgresExporter(folder)
    found.start(url)
    return found


def start(
    folder: Path,
    programs: Sequence[Program],
    broker_port: int,
    postgres_port: int | None = None,
    *,
    rules: Mapping[str, Any] | None = None,
) -> PrivatePrometheus:
    """``rules``: other than production's.

    Raises ``Unavailable`` where Prometheus is neither there nor to be had.
    """
    prometheus = PrivatePrometheus(folder)
    prometheus.start(targets(programs, broker_port, postgres_port), rules or production_rules())
    return prometheus
