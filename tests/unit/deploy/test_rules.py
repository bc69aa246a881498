"""The rules: Prometheus takes them, each alert comes with its fault, and each has its page."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.stack import watching
from deploy.checks.kubectl import ROOT
from deploy.drill import pages
from deploy.drill.rules import SHORTENED, shortened
from shared.observability.metrics import Metrics
from tests.support.prometheus import promtool

TESTS = ROOT / "deploy" / "prometheus" / "tests.yaml"
RUNBOOKS = ROOT / "docs" / "runbooks"
ALERTS = [
    rule
    for group in watching.production_rules()["groups"]
    for rule in group["rules"]
    if "alert" in rule
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.json").write_text(json.dumps(watching.production_rules()))
    (tmp_path / "tests.yaml").write_text(TESTS.read_text())
    return tmp_path


@pytest.mark.parametrize(
    "words", [("check", "rules", "rules.json"), ("test", "rules", "tests.yaml")]
)
def test_promtool_finds_nothing(folder: Path, words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [promtool(), *words], cwd=folder, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_tested() -> None:
    tested = {
        one["alertname"]
        for test in yaml.safe_load(TESTS.read_text())["tests"]
        for one in test["alert_rule_test"]
        if one["exp_alerts"]
    }
    assert tested == {alert["alert"] for alert in ALERTS}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_each_alert_has_its_page_that_says_what_to_do(alert: dict[str, Any]) -> None:
    page = (ROOT / alert["annotations"]["runbook_url"]).read_text()
    assert page.startswith(f"# {alert['alert']}\n")
    for part in ("## What it means", "## Look", "## Do"):
        assert part in page


def test_no_page_is_left_of_an_alert_that_is_gone() -> None:
    pages = {page.stem for page in RUNBOOKS.glob("Wuye*.md")}
    assert pages == {alert["alert"] for alert in ALERTS}


def test_each_alert_was_seen_to_come_and_to_go() -> None:
    """By `python -m deploy.drill --write`: a new alert needs a fault of its own there."""
    real, short = pages.told(pages.REAL), pages.told(pages.SHORTENED)
    assert not real.keys() & short.keys(), "an alert stands in both tables"
    assert real.keys() | short.keys() == {alert["alert"] for alert in ALERTS}
    for line in [*real.values(), *short.values()]:
        *_, fired, gone, day = [cell.strip() for cell in line.strip("|").split("|")]
        assert re.fullmatch(r"\d+ s", fired) and re.fullmatch(r"\d+ s", gone), line
        date.fromisoformat(day)


def test_the_rules_ask_for_metrics_that_there_are() -> None:
    """Ours, by their names in the code; recorded ones; those of RabbitMQ and Prometheus."""
    known = {metric.name for metric in Metrics().registry.collect()}
    text = json.dumps(watching.production_rules())
    asked = set(re.findall(r"(?<![:\w])wuye_[a-z_]+", text))
    ends = re.compile(r"_(total|bucket|count|sum)$")
    assert {ends.sub("", name) for name in asked} <= known


def test_the_drill_shortens_windows_and_nothing_else(tmp_path: Path) -> None:
    def thresholds(rules: dict[str, Any]) -> list[Any]:
        found = [rule for group in rules["groups"] for rule in group["rules"]]
        return [
            [re.sub(r"\[\w+\]", "[]", one["expr"]), one.get("labels"), one.get("alert")]
            for one in found
        ]

    file = tmp_path / "rules.json"
    file.write_text(json.dumps(shortened()))
    done = subprocess.run([promtool(), "check", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert thresholds(shortened()) == thresholds(watching.production_rules())
    kept = {alert["alert"]: alert["for"] for alert in ALERTS if alert["alert"] not in SHORTENED}
    found = [rule for group in shortened()["groups"] for rule in group["rules"]]
    assert kept == {one["alert"]: one["for"] for one in found if one.get("alert") in kept}
