"""Where the parts of a chart stand: pure numbers, in units of the picture, for the templates.

Colours and type come from the stylesheet, so that pictures follow the reader's light or dark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from services.gateway.figures.charts import Chart, Unit, Value

WIDTH = 360
_HEIGHT = 190
_TOP, _FOOT, _LEFT, _RIGHT = 18, 24, 46, 10
_SPARK = (96, 28)
_MOST_DOTS = 31
# names along the side that are drawn; the table has all
MOST_ROWS = 8


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    series: int
    text: str
    text_x: float
    text_y: float


class Label(NamedTuple):
    x: float
    y: float
    anchor: str
    text: str


class Picture(NamedTuple):
    """``lines``: points of each unbroken piece, with its series; ``grid``: (y, text)."""

    width: int
    height: float
    bars: list[Bar]
    labels: list[Label]
    lines: list[tuple[int, str]]
    dots: list[tuple[int, float, float]]
    grid: list[tuple[float, str]]
    left: float


def drawn(chart: Chart) -> Picture:
    return {"columns": _columns, "bars": _bars, "lines": _lines}[chart.kind](chart)


def spark(values: Sequence[Value]) -> dict[str, Any] | None:
    """A line without axes, for a tile; None where there are not two points."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    width, height = _SPARK
    low, high = min(known), max(known)
    step = (width - 6) / (len(values) - 1)
    points = [
        None
        if value is None
        else (3 + at * step, height - 4 - (height - 8) * _part(value, low, high, flat=0.5))
        for at, value in enumerate(values)
    ]
    pieces = _pieces(points)
    last = next(point for point in reversed(points) if point is not None)
    return {"width": width, "height": height, "lines": pieces, "last": last}


def _columns(chart: Chart) -> Picture:
    top = _ceiling(_values(chart), chart.unit)
    room = (WIDTH - 2 * _RIGHT) / max(len(chart.rows), 1)
    floor = _HEIGHT - _FOOT
    bars, labels = [], []
    for at, (label, values) in enumerate(chart.rows):
        value = values[0] or 0
        height = (floor - _TOP) * _part(value, 0, top)
        left, middle = _RIGHT + at * room + room * 0.14, _RIGHT + (at + 0.5) * room
        text = chart.unit.told(values[0])
        bars.append(
            Bar(left, floor - height, room * 0.72, height, 1, text, middle, floor - height - 5)
        )
        labels.append(Label(middle, _HEIGHT - 7, "middle", label))
    return Picture(WIDTH, _HEIGHT, bars, labels, [], [], [(floor, "")], _RIGHT)


def _bars(chart: Chart) -> Picture:
    """Lying ones, with their label above: names may be long."""
    top = _ceiling(_values(chart), chart.unit)
    thick, gap, head = 13, 9, 17
    bars, labels = [], []
    y = 2.0
    for label, values in chart.rows[:MOST_ROWS]:
        labels.append(Label(2, y + 12, "start", label))
        y += head
        for number, value in enumerate(values, start=1):
            width = (WIDTH - 82) * _part(value or 0, 0, top)
            text = chart.unit.told(value)
            bars.append(Bar(2, y, width, thick - 3, number, text, width + 8, y + 9))
            y += thick
        y += gap
    return Picture(WIDTH, y, bars, labels, [], [], [], 0)


def _lines(chart: Chart) -> Picture:
    low = chart.unit.least
    top = _ceiling(_values(chart), chart.unit)
    floor = _HEIGHT - _FOOT
    step = (WIDTH - _LEFT - _RIGHT) / max(len(chart.rows) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return _LEFT + at * step, floor - (floor - _TOP) * _part(value, low, top)

    lines, dots = [], []
    for number in range(len(chart.series)):
        points = [
            None if (value := values[number]) is None else place(at, value)
            for at, (_, values) in enumerate(chart.rows)
        ]
        lines += [(number + 1, piece) for piece in _pieces(points)]
        alone = len(chart.rows) <= _MOST_DOTS
        dots += [
            (number + 1, *point)
            for at, point in enumerate(points)
            if point is not None and (alone or not _has_neighbour(points, at))
        ]
    marks = sorted({0, (len(chart.rows) - 1) // 2, len(chart.rows) - 1}) if chart.rows else []
    labels = [
        Label(
            _LEFT + at * step,
            _HEIGHT - 7,
            "start" if at == 0 else "end" if at == len(chart.rows) - 1 else "middle",
            chart.rows[at][0],
        )
        for at in marks
    ]
    scale = chart.unit.scale
    told = scale(max(_values(chart), default=0)) if scale is not None else chart.unit.told
    grid = [(place(0, value)[1], told(value)) for value in (low, (low + top) / 2, top)]
    return Picture(WIDTH, _HEIGHT, [], labels, lines, dots, grid, _LEFT)


def _values(chart: Chart) -> list[float]:
    return [value for _, values in chart.rows for value in values if value is not None]


def _ceiling(values: Sequence[float], unit: Unit) -> float:
    """The end of the scale: a round number that nothing goes beyond."""
    if unit.most is not None:
        return unit.most
    highest = max(values, default=0)
    if highest <= 0:
        return 1.0
    base = unit.base(highest)
    power = 10 ** math.floor(math.log10(highest / base))
    ends = (step * power * base for step in (1, 2, 4, 5, 10))
    return float(next(end for end in ends if end >= highest))


def _part(value: float, low: float, high: float, *, flat: float = 0.0) -> float:
    return flat if high <= low else min(max((value - low) / (high - low), 0.0), 1.0)


def _pieces(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """The unbroken pieces of a line with gaps, each as SVG's points."""
    pieces: list[list[str]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def _has_neighbour(points: Sequence[Any], at: int) -> bool:
    before = at > 0 and points[at - 1] is not None
    return before or (at + 1 < len(points) and points[at + 1] is not None)
