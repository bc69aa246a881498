"""What a run's figures become: one flat object, tables between marks, and a chart."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from benchmarks import chart, report
from benchmarks.__main__ import counts, default_results
from benchmarks.figures import Figures, in_milliseconds, percent_a_tenfold, percentile
from benchmarks.profile import statements
from benchmarks.report.targets import Target, decided
from benchmarks.rounds import in_turn

RESULTS: dict[str, Any] = {
    "scale": "quick",
    "measured_at": "2026-03-01T00:00:00+00:00",
    "commit": "abc",
    "cpu": "some cpu",
    "cores": 2,
    "memory_mb": 1000,
    "kernel": "Linux 6",
    "python": "3.11",
    "postgres_version": "15.1 (Debian)",
    "postgres_fsync": "on",
    "postgres_synchronous_commit": "on",
    "rabbitmq_version": "3.10",
    "nameko_version": "2.14.1",
    "eventsourcing_version": "9.5.6",
    "psycopg_version": "3.3",
    "load_average_before": 0.1,
    "rounds": 2,
    "round_seconds": 1.0,
    "batch_ratio_32": 12.5,
    "p99_ratio_32": 0.3,
    "batch_32_lifecycles": 500.0,
    "usual_32_lifecycles": 40.0,
}


def _written(tmp_path: Path, page: str | None = None) -> str:
    results, out = tmp_path / "latest.json", tmp_path / "performance.md"
    results.write_text(json.dumps(RESULTS))
    if page is not None:
        out.write_text(page)
    report.write(results, out)
    return out.read_text()


def test_the_text_around_the_marks_stays(tmp_path: Path) -> None:
    page = _written(tmp_path, f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page


def test_drawing_again_changes_nothing(tmp_path: Path) -> None:
    once = _written(tmp_path)
    assert _written(tmp_path, once) == once


def test_targets_say_whether_they_are_met(tmp_path: Path) -> None:
    rows = {
        line.split("`")[1]: line
        for line in _written(tmp_path).splitlines()
        if "`|" in line.replace(" ", "")
    }
    assert rows["batch_ratio_32"].endswith("| 12.5 | yes |")
    assert rows["p99_ratio_32"].endswith("| 0.300 | no |")
    assert rows["catch_up_ratio"].endswith("|  |  |")


def test_a_target_just_missed_is_not_written_as_its_bound() -> None:
    loss = Target("lost", "growth_loss", 0.1, at_least=False)
    assert [decided(loss, value) for value in (0.1, 0.1049, 0.10002)] == [
        "0.100",
        "0.105",
        "0.10002",
    ]
    assert decided(Target("times", "ratio", 12), 11.996) == "11.996"
    assert decided(Target("errors", "errors", 0, at_least=False), 0) == "0.00"


def test_a_run_that_was_not_full_says_so(tmp_path: Path) -> None:
    assert "This was a `quick` run" in _written(tmp_path)


def test_bars_are_as_high_as_their_logarithm() -> None:
    drawn = ET.fromstring(
        chart.bars("t", {"a": [("1", 1.0)], "b": [("1", 10.0)], "c": [("1", 100.0)]})
    )
    bars = [one for one in drawn.iter() if one.tag.endswith("rect") and one.get("height") != "12"]
    low, middle, high = (float(one.get("height", "")) for one in bars)
    assert (low, middle) == (0, high / 2)


def test_percentiles_are_values_that_occurred() -> None:
    assert [percentile([1, 2, 3, 4], percent) for percent in (1, 50, 51, 100)] == [1, 2, 3, 4]
    assert in_milliseconds([]) == {}


def test_a_slope_is_what_ten_times_the_size_changes() -> None:
    assert percent_a_tenfold({10: 7.0, 100: 7.0, 1_000: 7.0}) == pytest.approx(0)
    assert percent_a_tenfold({1: 100.0, 10: 90.0, 100: 81.0}) == pytest.approx(-10)
    # the ends alone would say nothing of what is between them
    assert percent_a_tenfold({1: 100.0, 10: 50.0, 100: 100.0}) == pytest.approx(0)
    assert percent_a_tenfold({1: 100.0, 10: 100.0, 100: 50.0}) == pytest.approx(-29.3, abs=0.1)


def test_another_contestant_begins_in_every_round() -> None:
    orders = [in_turn("abc", number) for number in range(-1, 3)]
    assert orders == [list(order) for order in ("cab", "abc", "bca", "cab")]


def test_statements_are_counted_for_a_lifecycle() -> None:
    rows = [("UPDATE\n  a", 10.0, 4.0, 100.0), ("SELECT " + "column, " * 40, 30.0, 2.0, 0.0)]
    found = statements("pg", rows, 10)
    assert (found["pg_statements"], found["pg_ms"], found["pg_wal_bytes"]) == (4.0, 0.6, 10.0)
    assert found["pg_top_1"] == "UPDATE a"
    assert (found["pg_top_1_calls"], found["pg_top_1_us"]) == (1.0, 400.0)
    assert len(str(found["pg_top_2"])) <= 100
    assert str(found["pg_top_2"]).endswith(" column, …"), "ends with a whole word"


def test_growth_tells_the_slope_under_its_columns(tmp_path: Path) -> None:
    told: dict[str, Any] = {"growth_slope_each_percent": -1.91, "few_rounds": 3}
    for size, rate in ((1_000, 250.0), (10_000, 245.0)):
        told |= {f"growth_{size}_fill_seconds": 1.0, f"growth_{size}_each_32_lifecycles": rate}
    results, page = tmp_path / "latest.json", tmp_path / "performance.md"
    results.write_text(json.dumps({**RESULTS, **told}))
    report.write(results, page)
    assert "| with ten times as many | -1.9 % |" in page.read_text()


def test_only_a_whole_full_run_replaces_what_is_shown() -> None:
    assert default_results("full", ()) == Path("benchmarks/results/latest.json")
    others = [default_results("quick", ()), default_results("full", ("growth",))]
    assert [path.name for path in others] == ["quick.json", "partial.json"]
    assert not counts("quick", ())
    assert not counts("full", ("growth",))


def test_figures_are_one_flat_object_in_a_file(tmp_path: Path) -> None:
    figures = Figures(tmp_path / "results" / "latest.json", {"scale": "smoke"})
    figures.rounds("rate", [3.0, 1.0, 2.0])
    figures.put(other=123456.0)
    figures.ratio("share", "rate", "other")
    figures.ratio("of_nothing", "rate", "unknown")
    found = json.loads((tmp_path / "results" / "latest.json").read_text())
    assert found == {
        "scale": "smoke",
        "rate": 2.0,
        "rate_least": 1.0,
        "rate_most": 3.0,
        "other": 123500.0,
        "share": 1.619e-05,
    }


def test_pages_are_told_by_kind_with_their_errors(tmp_path: Path) -> None:
    told: dict[str, Any] = {"pages_users": 50, "pages_seconds": 60.0}
    for way in ("enter", "think", "rush"):
        told |= {f"pages_{way}_per_second": 12.5, f"pages_{way}_errors": 0}
        told |= {f"pages_{way}_p{percent}_ms": 10.0 * percent for percent in (50, 95, 99)}
        told[f"pages_{way}_error_kinds"] = ""
    told |= {"pages_rush_errors": 2, "pages_rush_error_kinds": "2 × board: status 503"}
    told |= {"pages_think_of_my_work_count": 7, "pages_think_of_my_work_p50_ms": 21.0}
    told |= {"pages_think_of_my_work_p95_ms": 42.0, "pages_think_of_my_work_p99_ms": 43.0}
    results, page = tmp_path / "latest.json", tmp_path / "performance.md"
    results.write_text(json.dumps({**RESULTS, **told}))
    report.write(results, page)
    text = page.read_text()
    assert "| my work, 1 to 3 s to think | 7 | 21.0 | 42.0 |" in text
    assert "without a pause 2 (2 × board: status 503)" in text
    assert "50 people of five roles for 60 s each way" in text
