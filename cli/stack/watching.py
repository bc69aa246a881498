"""Prometheus over the stack, with the rules and alerts that production has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

import cli
from cli.stack.plan import Program
from shared.servers.prometheus import PrivatePrometheus, Target

RULES = Path(cli.__file__).parents[1] / "deploy" / "prometheus" / "rules.yaml"


def rules() -> dict[str, Any]:
    """The groups of rules; none where the project's folder is not beside its code."""
    if not RULES.exists():
        return {"groups": []}
    found: dict[str, Any] = yaml.safe_load(RULES.read_text())["spec"]
    return found


def targets(programs: Sequence[Program], broker_port: int) -> list[Target]:
    """Every process, by the labels that the Prometheus operator gives, and the broker."""
    found = [
        Target(program.name.partition("-")[0], program.health_port, {"process": program.group})
        for program in programs
    ]
    queues = {"family": ["queue_coarse_metrics"]}
    return [
        *found,
        Target("rabbitmq", broker_port),
        Target("rabbitmq", broker_port, {"about": "queues"}, "/metrics/detailed", queues),
    ]


def start(folder: Path, programs: Sequence[Program], broker_port: int) -> PrivatePrometheus:
    """Raises ``Unavailable`` where Prometheus is neither there nor to be had."""
    prometheus = PrivatePrometheus(folder)
    prometheus.start(targets(programs, broker_port), rules())
    return prometheus
