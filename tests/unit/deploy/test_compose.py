"""compose.yaml: every process is one of ours, with settings that load."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cli.stack import plan
from deploy.checks import environment
from deploy.checks.kubectl import ROOT
from shared.config.settings import load

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
OURS = {name: one for name, one in COMPOSE.items() if one["image"] == "wuye" and name != "keys"}


def test_there_is_every_process_of_the_stack_and_a_migration_a_service() -> None:
    wanted = [
        *(
            f"{service}-{task}"
            for service in plan.SERVICES
            for task in ("migrate", "serve", "work")
        ),
        plan.EDGE,
    ]
    assert sorted(OURS) == sorted(wanted)


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_would_start_with_its_settings(name: str) -> None:
    kind = environment.process(OURS[name]["command"])
    assert kind is not None
    load(kind, OURS[name]["environment"])


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_is_held_to_what_it_needs(name: str) -> None:
    one = OURS[name]
    assert one["read_only"] and one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]


def test_only_the_edge_is_reached_from_outside_and_from_this_machine_alone() -> None:
    assert {name: one["ports"] for name, one in COMPOSE.items() if "ports" in one} == {
        "gateway": ["127.0.0.1:8000:8000"]
    }


@pytest.mark.parametrize("service", plan.SERVICES)
def test_each_service_has_a_role_and_a_database(service: str) -> None:
    roles = (ROOT / "deploy" / "compose" / "roles.sql").read_text()
    assert f"CREATE ROLE wuye_{service} LOGIN" in roles
    assert f"CREATE DATABASE wuye_{service} OWNER wuye_owner" in roles
