"""``docs/performance.md`` and its chart, out of one run's results.

The text around the marks in the page is written by hand; what is between them is made here.
``python -m benchmarks.report [RESULTS [PAGE]]`` draws again without measuring.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import chart
from benchmarks.scale import IN_FLIGHT

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
Results = Mapping[str, Any]
WAYS = {
    "usual": "usual composition",
    "usual_tuned": "the same, tuned",
    "each": "wuye, call by call",
    "batch": "wuye, in batches",
    "floor": "floor",
}
_PROCESSES = ("serve", "work")
_SERVICES = ("security", "workorders", "billing", "notifications", "analytics")


@dataclass(frozen=True)
class Target:
    """``at_least``, or else at most."""

    what: str
    key: str
    bound: float
    at_least: bool = True

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = (
    Target("lifecycles/s in batches, 32 in flight, against the usual", "batch_ratio_32", 12),
    Target("lifecycles/s call by call, 32 in flight, against the usual", "each_ratio_32", 5),
    Target("lifecycles/s call by call, 1 in flight, against the usual", "each_ratio_1", 2),
    Target("p99 of a command, 32 in flight, against the usual", "p99_ratio_32", 0.2, False),
    Target("acknowledged to visible at half load, p99, ms", "visible_p99_ms", 100, False),
    Target("a view catching up, against ProjectionRunner", "catch_up_ratio", 20),
    Target("share of the floor, in batches, 128 in flight", "floor_share_128", 0.4),
    Target("lifecycles/s lost from the smallest to the largest store", "growth_loss", 0.1, False),
    Target("a command on the longest order against the shortest", "order_growth_ratio", 1.2, False),
    Target("errors, 50 people at the pages with time to think", "pages_think_errors", 0, False),
    Target("errors, 50 people at the pages without a pause", "pages_rush_errors", 0, False),
)


def write(results: Path, page: Path) -> None:
    """Put the tables into the page, and the chart beside it."""
    found: Results = json.loads(results.read_text())
    chart_file = page.with_suffix(".svg")
    text = page.read_text() if page.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    blocks = "\n\n".join(_blocks(found, chart_file.name))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{before}{BEGIN}\n\n{blocks}\n\n{END}{after}")
    drawn = _series(found)
    if drawn:
        chart_file.write_text(chart.bars("Lifecycles a second, by orders in flight", drawn))


def _blocks(found: Results, chart_name: str) -> Iterator[str]:
    yield _machine(found)
    yield _targets(found)
    if _series(found):
        yield f"![Lifecycles a second, by orders in flight]({chart_name})"
    for title, block in (
        ("Lifecycles a second", _lifecycles),
        ("A command, p50 / p95 / p99 in ms", _latencies),
        ("From acknowledged to visible, p50 / p95 / p99 in ms", _visible),
        ("Processor time a lifecycle, 32 in flight, in ms", _processor),
        ("A view catching up", _catch_up),
        ("Growth", _growth),
        ("At rest and under load", _resources),
        ("What a lifecycle takes, with all five services at work on it", _footprint),
        ("Two replicas", _replicas),
        ("Embedded", _embedded),
        ("Fifty people at the pages of the stack", _pages),
    ):
        text = block(found)
        if text:
            yield f"### {title}\n\n{text}"


def _machine(found: Results) -> str:
    note = ""
    if found["scale"] != "full":
        note = f" **This was a `{found['scale']}` run: smaller and shorter than what counts.**"
    return (
        f"Measured at {found['measured_at']} on {found['cores']} cores of {found['cpu']}, "
        f"{found['memory_mb']} MB, {found['kernel']}, Python {found['python']}, PostgreSQL "
        f"{found['postgres_version'].split()[0]} (fsync {found['postgres_fsync']}, "
        f"synchronous_commit {found['postgres_synchronous_commit']}), RabbitMQ "
        f"{found['rabbitmq_version']}, nameko {found['nameko_version']}, eventsourcing "
        f"{found['eventsourcing_version']}, psycopg {found['psycopg_version']}; load average "
        f"{found['load_average_before']} before the run; commit {found['commit']}. Medians of "
        f"{found['rounds']} rounds of {found['round_seconds']:g} s.{note}"
    )


def _targets(found: Results) -> str:
    rows = []
    for target in TARGETS:
        value = found.get(target.key)
        wanted = f"{'at least' if target.at_least else 'at most'} {target.bound:g}"
        met = "" if value is None else "yes" if target.met(value) else "no"
        rows.append([target.what, f"`{target.key}`", wanted, _number(value), met])
    return _table(["what", "key", "target", "measured", "met"], rows)


def _by_in_flight(found: Results, cell: Callable[[str, int], str], ways: Sequence[str]) -> str:
    rows = [[WAYS[way], *(cell(way, count) for count in IN_FLIGHT)] for way in ways]
    kept = [row for row in rows if any(row[1:])]
    return _table(["in flight", *map(str, IN_FLIGHT)], kept) if kept else ""


def _lifecycles(found: Results) -> str:
    return _by_in_flight(
        found, lambda way, count: _number(found.get(f"{way}_{count}_lifecycles")), list(WAYS)
    )


def _latencies(found: Results) -> str:
    return _by_in_flight(found, lambda way, count: _percents(found, f"{way}_{count}"), [*WAYS][:-1])


def _visible(found: Results) -> str:
    table = _by_in_flight(
        found, lambda way, count: _percents(found, f"{way}_{count}_visible"), ["each", "batch"]
    )
    half = _percents(found, "visible")
    if half:
        rate = _number(found.get("half_load_lifecycles"))
        settled = _number(found.get("settled_after_s"))
        table += (
            f"\n\nAt half load ({rate} lifecycles/s begun at a fixed rate): {half} ms. It began "
            f"when all handlers had caught up with the full load before, after {settled} s."
        )
    return table


def _processor(found: Results) -> str:
    rows = []
    for way in WAYS:
        stem = f"{way}_32_cpu_ms_"
        used = {name.removeprefix(stem): v for name, v in found.items() if name.startswith(stem)}
        if used:
            parts = ", ".join(
                f"{name} {_number(value)}" for name, value in used.items() if value > 0.005
            )
            rows.append([WAYS[way], _number(sum(used.values())), parts])
    return _table(["", "all", "of which"], rows) if rows else ""


def _catch_up(found: Results) -> str:
    names = {
        "postgres": "wuye, PostgreSQL",
        "sqlite": "wuye, SQLite",
        "projection_runner": "eventsourcing's ProjectionRunner, PostgreSQL",
    }
    rows = [
        [
            text,
            _number(found[f"catch_up_{name}_events"]),
            _number(found[f"catch_up_{name}_events_per_second"]),
        ]
        for name, text in names.items()
        if f"catch_up_{name}_events" in found
    ]
    over_rpc = found.get("rebuild_events_per_second")
    if over_rpc is not None:
        what = "wuye, a rebuild in analytics, over RPC"
        rows.append([what, _number(found["rebuild_events"]), _number(over_rpc)])
    return _table(["", "events", "events/s"], rows) if rows else ""


def _growth(found: Results) -> str:
    sizes = sorted(int(name.split("_")[1]) for name in found if name.endswith("_fill_seconds"))
    rows = [
        [
            f"{size:,}",
            _number(found.get(f"growth_{size}_each_32_lifecycles")),
            _number(found.get(f"growth_{size}_batch_32_lifecycles")),
            _percents(found, f"growth_{size}_each_32"),
        ]
        for size in sizes
    ]
    if not rows:
        return ""
    columns = ["orders in the store", "call by call, 32", "in batches, 32", "a command, ms"]
    lengths = sorted(
        int(n.split("_")[1])
        for n in found
        if n.startswith("order_") and n.endswith("_events_p50_ms")
    )
    of_orders = [
        [
            f"{length:,}",
            _number(found[f"order_{length}_events_p50_ms"]),
            _number(found[f"order_{length}_events_cold_p50_ms"]),
        ]
        for length in lengths
    ]
    heads = ["events of the order", "a command, ms", "the first after a start, ms"]
    return f"{_table(columns, rows)}\n\n{_table(heads, of_orders)}"


def _resources(found: Results) -> str:
    names = [f"{service}_{kind}" for service in _SERVICES for kind in _PROCESSES]
    names += ["gateway_serve", "postgres", "rabbitmq"]
    rows = [
        [
            name.replace("_", " "),
            _number(found.get(f"start_seconds_{name}")),
            _number(found.get(f"rest_memory_mb_{name}")),
            _number(found.get(f"load_memory_mb_{name}")),
            _number(found.get(f"rest_cpu_percent_{name}")),
            _number(found.get(f"load_each_cpu_percent_{name}")),
            _number(found.get(f"load_batch_cpu_percent_{name}")),
        ]
        for name in names
        if f"rest_memory_mb_{name}" in found
    ]
    heads = [
        "process", "start, s", "MB at rest", "MB under load", "% of a core at rest",
        "call by call", "in batches",
    ]  # fmt: skip
    if not rows:
        return ""
    load = " and ".join(
        f"{_number(found.get(f'platform_{way}_32_lifecycles'))} lifecycles/s {text}"
        for way, text in (("each", "call by call"), ("batch", "in batches"))
    )
    return f"{_table(heads, rows)}\n\nThe load, with all five services at work on it: {load}."


def _footprint(found: Results) -> str:
    rows = []
    for way in ("each", "batch"):
        processor = f"platform_{way}_cpu_ms_"
        used = {n: v for n, v in found.items() if n.startswith(processor)}
        if not used:
            continue
        logs, views = (
            sum(
                v for n, v in found.items() if n.startswith(f"bytes_{way}_pg_") and n.endswith(part)
            )
            for part in ("_log", "_views")
        )
        rows.append(
            [
                WAYS[way],
                _number(sum(used.values()) - used.get(f"{processor}client", 0.0)),
                *map(_number, (logs, views)),
                *(_number(found.get(f"bytes_{way}_{name}")) for name in ("wal", "rabbitmq")),
            ]
        )
    heads = [
        "", "processor, ms", "bytes in the logs", "bytes in views and beside",
        "bytes written ahead", "bytes in and out of RabbitMQ",
    ]  # fmt: skip
    return _table(heads, rows) if rows else ""


def _replicas(found: Results) -> str:
    rows = [
        [
            WAYS[way],
            *(
                _number(found.get(f"replicas_{count}_{way}_{what}"))
                for what in ("lifecycles", "p99_ms", "cores")
                for count in (1, 2)
            ),
            _number(found.get(f"replicas_ratio_{way}")),
        ]
        for way in ("each", "batch")
        if f"replicas_ratio_{way}" in found
    ]
    heads = [
        "32 in flight, with one and two `workorders serve`", "lifecycles/s, 1", "2", "p99 ms, 1",
        "2", "cores used, 1", "2", "2 against 1",
    ]  # fmt: skip
    return _table(heads, rows) if rows else ""


def _embedded(found: Results) -> str:
    if "embedded_next_start_seconds" not in found:
        return ""
    rows = [
        [text, *(_number(found.get(f"embedded_{way}_{n}_lifecycles")) for n in IN_FLIGHT)]
        for way, text in (("each", "call by call"), ("batch", "in batches"))
    ]
    return (
        f"{_table(['lifecycles/s, in flight', *map(str, IN_FLIGHT)], rows)}\n\n"
        f"`wuye run` answers after {_number(found['embedded_next_start_seconds'])} s "
        f"({_number(found['embedded_first_start_seconds'])} s the first time, when it registers "
        f"the demo community), takes {_number(found['embedded_rest_cpu_percent'])} % of a core "
        f"and {_number(found['embedded_rest_memory_mb'])} MB at rest."
    )


def _pages(found: Results) -> str:
    """Pages by kind, with time to think and without."""
    if "pages_users" not in found:
        return ""
    rows = []
    for way in ("enter", "think", "rush"):
        stem = f"pages_{way}_of_"
        counted = [name for name in found if name.startswith(stem) and name.endswith("_count")]
        kinds = [name.removeprefix(stem).removesuffix("_count") for name in counted]
        rows += [
            [
                f"{kind.replace('_', ' ')}, {_PACE[way]}",
                f"{found[f'{stem}{kind}_count']:,}",
                *(_number(found[f"{stem}{kind}_p{percent}_ms"]) for percent in (50, 95)),
            ]
            for kind in kinds
        ]
        rows.append(
            [
                f"**all, {_PACE[way]}**",
                f"{_number(found[f'pages_{way}_per_second'])}/s",
                *(_number(found[f"pages_{way}_p{percent}_ms"]) for percent in (50, 95)),
            ]
        )
    errors = "; ".join(
        f"{_PACE[way]} {found[f'pages_{way}_errors']}"
        + (f" ({kinds})" if (kinds := found[f"pages_{way}_error_kinds"]) else "")
        for way in ("enter", "think", "rush")
    )
    return (
        f"{_table(['page', 'how many', 'p50, ms', 'p95, ms'], rows)}\n\n"
        f"{found['pages_users']} people of five roles for {found['pages_seconds']:g} s each way. "
        f"Errors: {errors}."
    )


_PACE = {"enter": "logging in", "think": "1 to 3 s to think", "rush": "without a pause"}


def _series(found: Results) -> dict[str, list[tuple[str, float]]]:
    series = {
        text: [
            (str(count), float(found[f"{way}_{count}_lifecycles"]))
            for count in IN_FLIGHT
            if f"{way}_{count}_lifecycles" in found
        ]
        for way, text in WAYS.items()
    }
    return {text: points for text, points in series.items() if points}


def _percents(found: Results, stem: str) -> str:
    values = [found.get(f"{stem}_p{percent}_ms") for percent in (50, 95, 99)]
    return " / ".join(map(_number, values)) if None not in values else ""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *rows))


if __name__ == "__main__":
    given = [Path(text) for text in sys.argv[1:]]
    results = given[0] if given else Path("benchmarks/results/latest.json")
    write(results, given[1] if len(given) > 1 else Path("docs/performance.md"))
