"""The dashboards' JSON is what the code makes, and asks for metrics that there are.

That every query finds something on a running stack, `python -m deploy.drill` sees.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from cli.stack import watching
from deploy.checks.kubectl import ROOT
from deploy.grafana.boards import BOARDS
from deploy.grafana.panels import Board, to_json
from shared.observability.metrics import Metrics
from tests.support.prometheus import promtool

# What `config/manager/default-monitoring.yaml` of CloudNativePG's source gives
# (cnpg_<query>_<column>), the same in its releases 1.25.0 and 1.30.0; `cnpg_collector_up` is of
# its `metricserver`. A name that is not here was not looked up there.
OF_CLOUDNATIVEPG = {
    "cnpg_backends_total",
    "cnpg_collector_up",
    "cnpg_pg_database_size_bytes",
    "cnpg_pg_replication_lag",
    "cnpg_pg_stat_database_blks_hit",
    "cnpg_pg_stat_database_blks_read",
    "cnpg_pg_stat_database_deadlocks",
    "cnpg_pg_stat_database_xact_commit",
    "cnpg_pg_stat_database_xact_rollback",
}


def test_names_that_no_exporter_here_answers_are_cloudnativepgs() -> None:
    queries = [query.expression for board in BOARDS for query in board.queries]
    text = " ".join([*queries, json.dumps(watching.production_rules())])
    assert set(re.findall(r"\bcnpg_\w+", text)) == OF_CLOUDNATIVEPG


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_the_json_is_what_the_code_makes(board: Board) -> None:
    approved = (ROOT / "deploy" / "grafana" / f"{board.uid}.json").read_text()
    assert approved == to_json(board), "run `python -m deploy.grafana` and look at what changed"


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_prometheus_understands_every_query(board: Board, tmp_path: Path) -> None:
    rules = [
        {"record": f"wuye:checked:{number}", "expr": query.expression}
        for number, query in enumerate(board.queries)
    ]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))
    done = subprocess.run([promtool(), "check", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_they_ask_for_metrics_that_there_are() -> None:
    known = {metric.name for metric in Metrics().registry.collect()}
    recorded = {
        rule["record"]
        for group in watching.production_rules()["groups"]
        for rule in group["rules"]
        if "record" in rule
    }
    text = " ".join(query.expression for board in BOARDS for query in board.queries)
    ends = re.compile(r"_(total|bucket|count|sum)$")
    ours = {ends.sub("", name) for name in re.findall(r"(?<![:\w])wuye_[a-z_]+", text)}
    # Gauges of the business are made when they are first measured.
    business = ("wuye_orders_", "wuye_inquiries_")
    assert {name for name in ours if not name.startswith(business)} <= known
    assert set(re.findall(r"service:wuye_\w+:\w+", text)) <= recorded
