import re
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.observability import metrics as module
from shared.observability.metrics import Measure, Metrics
from tests.support.prometheus import promtool


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def filled() -> Metrics:
    metrics = Metrics()
    metrics.answered("billing", "pay", "ok", 0.02)
    metrics.appended("billing", 3, 1, 0.004)
    metrics.watch_queue("billing", lambda: 7)
    metrics.watch_pool("billing", lambda: {"idle": 3, "used": 2, "waiting": 1})
    metrics.measured(Measure("wuye_orders_open", "Open.", ("category",), {("plumbing",): 4}))
    metrics.relayed("billing", 5, 0.5)
    metrics.followed("billing", "bills", 4, False, 1.5)
    metrics.parked("billing", {"bills": 2})
    metrics.retried("billing", "bills")
    metrics.policy_refused("billing", "when_a_then_b")
    metrics.hub_lag(0.002)
    return metrics


def test_each_measure_where_it_belongs() -> None:
    metrics = filled()
    rpc = {"service": "billing", "method": "pay"}
    handler = {"service": "billing", "handler": "bills"}
    assert value(metrics, "wuye_rpc_requests_total", **rpc, code="ok") == 1
    assert value(metrics, "wuye_rpc_request_duration_seconds_sum", **rpc) == 0.02
    assert value(metrics, "wuye_append_batch_size_sum", service="billing") == 3
    assert value(metrics, "wuye_append_conflicts_total", service="billing") == 1
    assert value(metrics, "wuye_append_duration_seconds_sum", service="billing") == 0.004
    assert value(metrics, "wuye_append_queue_length", service="billing") == 7
    assert value(metrics, "wuye_store_connections", service="billing", state="used") == 2
    assert value(metrics, "wuye_store_waiting_requests", service="billing") == 1
    assert value(metrics, "wuye_orders_open", category="plumbing") == 4
    assert value(metrics, "wuye_relay_lag_events", service="billing") == 5
    assert value(metrics, "wuye_relay_lag_seconds", service="billing") == 0.5
    assert value(metrics, "wuye_follower_lag_events", **handler) == 4
    assert value(metrics, "wuye_follower_lag_seconds", **handler) == 1.5
    assert value(metrics, "wuye_follower_stopped", **handler) == 0
    assert value(metrics, "wuye_follower_parked_events", **handler) == 2
    assert value(metrics, "wuye_follower_retries_total", **handler) == 1
    assert (
        value(metrics, "wuye_policy_refusals_total", service="billing", handler="when_a_then_b")
        == 1
    )
    assert value(metrics, "wuye_hub_lag_seconds_sum") == 0.002


def test_the_queue_is_asked_at_each_scrape() -> None:
    metrics, queue = Metrics(), [1, 2]
    metrics.watch_queue("billing", lambda: len(queue))
    assert value(metrics, "wuye_append_queue_length", service="billing") == 2
    queue.clear()
    assert value(metrics, "wuye_append_queue_length", service="billing") == 0


def test_a_stopped_follower_is_seen_and_seen_to_go_on() -> None:
    metrics = Metrics()
    for stopped in (True, False):
        metrics.followed("billing", "bills", 0, stopped)
        found = value(metrics, "wuye_follower_stopped", service="billing", handler="bills")
        assert found == stopped


def test_what_is_not_parked_any_more_goes_to_zero() -> None:
    metrics = Metrics()
    metrics.parked("billing", {"bills": 2, "people": 1})
    metrics.parked("security", {"bills": 3})
    metrics.parked("billing", {"people": 4})
    parked = "wuye_follower_parked_events"
    assert value(metrics, parked, service="billing", handler="bills") == 0
    assert value(metrics, parked, service="billing", handler="people") == 4
    assert value(metrics, parked, service="security", handler="bills") == 3


def test_two_processes_worth_of_metrics_do_not_meet() -> None:
    first, second = Metrics(), Metrics()
    first.retried("billing", "bills")
    assert value(second, "wuye_follower_retries_total", service="billing", handler="bills") is None


def test_a_label_cannot_run_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_VALUES", 3)
    metrics = Metrics()
    for number in range(50):
        metrics.answered("billing", f"m{number}", "ok", 0.1)
    requests = "wuye_rpc_requests_total"
    assert value(metrics, requests, service="billing", method="m2", code="ok") == 1
    assert value(metrics, requests, service="billing", method="m3", code="ok") is None
    assert value(metrics, requests, service="billing", method="other", code="ok") == 47


def test_the_text_format_can_be_read_and_keeps_to_the_conventions() -> None:
    """Prometheus: metric and label naming (base units, _total on counters and nowhere else)."""
    families = list(text_string_to_metric_families(filled().render().decode()))
    ours = [family for family in families if family.name.startswith("wuye_")]
    assert len(ours) >= 15
    for family in ours:
        assert re.fullmatch(r"wuye(_[a-z]+)+", family.name)
        assert family.documentation
        assert family.type != "untyped"
        if family.type == "histogram":
            assert family.name.endswith(("_seconds", "_size"))
        if family.type == "counter":
            assert {s.name for s in family.samples} == {f"{family.name}_total"}
        else:
            assert not family.name.endswith("_total")
    names = {family.name for family in families}
    assert {"process_resident_memory_bytes", "python_gc_objects_collected"} <= names


def test_build_info_names_the_version() -> None:
    (line,) = (
        line
        for line in filled().render().decode().splitlines()
        if line.startswith("wuye_build_info")
    )
    assert re.fullmatch(r'wuye_build_info\{python="3\.\d+\.\d+.*",version=".+"\} 1\.0', line)


def test_what_there_is_no_more_of_is_none() -> None:
    metrics = Metrics()
    for values in ({("plumbing",): 4.0, ("noise",): 1.0}, {("noise",): 2.0}):
        metrics.measured(Measure("wuye_orders_open", "Open.", ("category",), values))
    assert value(metrics, "wuye_orders_open", category="plumbing") == 0
    assert value(metrics, "wuye_orders_open", category="noise") == 2


def test_prometheus_finds_nothing_to_complain_of() -> None:
    done = subprocess.run(
        [promtool(), "check", "metrics"], input=filled().render(), capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
