"""Dashboards as pictures, from what a real Prometheus answers to their queries.

They show what Grafana would be given, not what it makes of it: panels in the same order, a line for
each series. ``docs/dashboards.md`` holds them.
"""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from deploy.checks.kubectl import ROOT
from deploy.grafana.panels import Board, Panel

IMAGES = ROOT / "docs" / "images"
_STEP_SECONDS = 5
_WIDTH, _HEIGHT, _COLUMNS, _GAP = 560, 250, 2, 20
_PLOT_LEFT, _PLOT_TOP, _PLOT_HEIGHT = 70, 46, 110
_MOST_LEGENDS = 8
# of Okabe and Ito: told apart by everybody
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b5b00", "#555555")


@dataclass(frozen=True)
class _Line:
    legend: str
    points: Sequence[tuple[float, float]]

    @property
    def last(self) -> float:
        return self.points[-1][1]


def draw(prometheus: str, boards: Sequence[Board], seconds: float) -> None:
    """The last so many seconds of every board, as SVG."""
    for board in boards:
        panels = [panel for _, panels in board.rows for panel in panels]
        answers = [_lines(prometheus, panel, seconds) for panel in panels]
        (IMAGES / f"board-{board.uid}.svg").write_text(_svg(board, panels, answers))


def _lines(prometheus: str, panel: Panel, seconds: float) -> list[_Line]:
    end = time.time()
    found = []
    for query in panel.queries:
        words = {
            "query": query.expression,
            "start": end - seconds,
            "end": end,
            "step": _STEP_SECONDS,
        }
        url = f"{prometheus}/api/v1/query_range?{urllib.parse.urlencode(words)}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            for one in json.load(answer)["data"]["result"]:
                points = [(at, float(value)) for at, value in one["values"]]
                points = [point for point in points if point[1] == point[1]]
                if points:
                    found.append(_Line(_legend(query.legend, one["metric"]), points))
    return found


def _legend(text: str, labels: dict[str, str]) -> str:
    for name, value in labels.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def _svg(board: Board, panels: Sequence[Panel], answers: Sequence[list[_Line]]) -> str:
    rows = (len(panels) + _COLUMNS - 1) // _COLUMNS
    width = _COLUMNS * (_WIDTH + _GAP) + _GAP
    height = rows * (_HEIGHT + _GAP) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(board.title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#f4f5f5"/>',
        f'<text x="{_GAP}" y="36" font-size="20" fill="#222">{escape(board.title)}</text>',
    ]
    for number, (panel, lines) in enumerate(zip(panels, answers, strict=True)):
        x = _GAP + number % _COLUMNS * (_WIDTH + _GAP)
        y = 50 + number // _COLUMNS * (_HEIGHT + _GAP)
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel, lines), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, lines: list[_Line]) -> Iterator[str]:
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff" stroke="#ccc"/>'
    yield f'<text x="12" y="22" font-size="14" fill="#222">{escape(panel.title)}</text>'
    yield f'<text x="12" y="38" fill="#666">{escape(panel.says)}</text>'
    if panel.single:
        value = _shown(lines[0].last, panel.unit) if lines else "nothing"
        yield f'<text x="12" y="130" font-size="56" fill="#222">{escape(value)}</text>'
        return
    if not lines:
        yield '<text x="12" y="130" fill="#222">nothing</text>'
        return
    yield from _plot(panel, lines)


def _plot(panel: Panel, lines: list[_Line]) -> Iterator[str]:
    most = max(value for line in lines for _, value in line.points) or 1.0
    first = min(line.points[0][0] for line in lines)
    last = max(line.points[-1][0] for line in lines)
    across = (_WIDTH - _PLOT_LEFT - 16) / max(1.0, last - first)
    for share in (0.0, 0.5, 1.0):
        y = _PLOT_TOP + _PLOT_HEIGHT * (1 - share)
        yield (
            f'<line x1="{_PLOT_LEFT}" x2="{_WIDTH - 16}" y1="{y}" y2="{y}" stroke="#e5e5e5"/>'
            f'<text x="{_PLOT_LEFT - 6}" y="{y + 4}" text-anchor="end" fill="#444">'
            f"{escape(_shown(most * share, panel.unit))}</text>"
        )
    lines = sorted(lines, key=lambda line: -line.last)
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(
            f"{_PLOT_LEFT + (at - first) * across:.1f},"
            f"{_PLOT_TOP + _PLOT_HEIGHT * (1 - value / most):.1f}"
            for at, value in line.points
        )
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    for number, line in enumerate(lines[:_MOST_LEGENDS]):
        x, y = 12 + number % 2 * (_WIDTH // 2), 184 + number // 2 * 17
        colour = _COLOURS[number % len(_COLOURS)]
        text = f"{line.legend}  {_shown(line.last, panel.unit)}"
        yield f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{x + 16}" y="{y}" fill="#222">{escape(text)}</text>'
    if len(lines) > _MOST_LEGENDS:
        more = f"and {len(lines) - _MOST_LEGENDS} more"
        yield f'<text x="{_WIDTH - 90}" y="22" fill="#666">{more}</text>'


def _shown(value: float, unit: str) -> str:
    """In a unit as Grafana names it."""
    match unit:
        case "percentunit":
            return f"{value:.1%}"
        case "s":
            return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
        case "bytes":
            return f"{value / 2**30:.3g} GiB" if value >= 2**30 else f"{value / 2**20:.3g} MiB"
        case "reqps" | "ops":
            return f"{value:.3g}/s"
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
