"""``docs/performance.md`` and its chart, out of one run's results; a module writes a section.

The text around the marks in the page is written by hand; what is between them is made here.
``python -m benchmarks.report [RESULTS [PAGE]]`` draws again without measuring.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks import chart
from benchmarks.report import embedded, following, growth, load, pages, platform, profile, targets
from benchmarks.report.tables import Results

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_SECTIONS = (
    ("Lifecycles a second", load.lifecycles),
    ("A command, p50 / p95 / p99 in ms", load.latencies),
    ("From acknowledged to visible, p50 / p95 / p99 in ms", load.visible),
    ("Processor time a lifecycle, 32 in flight, in ms", load.processor),
    ("A view catching up", following.catching_up),
    ("Growth", growth.growth),
    ("At rest and under load", platform.resources),
    ("What a lifecycle takes, with all five services at work on it", platform.footprint),
    ("What PostgreSQL and RabbitMQ did for a lifecycle", profile.profile),
    ("Two replicas", platform.replicas),
    ("Embedded", embedded.embedded),
    ("Fifty people at the pages of the stack", pages.pages),
)


def write(results: Path, page: Path) -> None:
    """Put the tables into the page, and the chart beside it."""
    found = _read(results)
    chart_file = page.with_suffix(".svg")
    before = page.read_text() if page.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    begin, _, rest = before.partition(BEGIN)
    _, _, after = rest.partition(END)
    drawn = load.series(found)
    blocks = "\n\n".join(_blocks(found, chart_file.name if drawn else ""))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{begin}{BEGIN}\n\n{blocks}\n\n{END}{after}")
    if drawn:
        chart_file.write_text(chart.bars("Lifecycles a second, by orders in flight", drawn))


def text(results: Path) -> str:
    """The tables alone."""
    return "\n\n".join(_blocks(_read(results), ""))


def _read(results: Path) -> Results:
    found: Results = json.loads(results.read_text())
    return found


def _blocks(found: Results, chart_name: str) -> Iterator[str]:
    yield targets.machine(found)
    yield targets.targets(found)
    if chart_name:
        yield f"![Lifecycles a second, by orders in flight]({chart_name})"
    for title, section in _SECTIONS:
        block = section(found)
        if block:
            yield f"### {title}\n\n{block}"
