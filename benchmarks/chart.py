"""Grouped bars as SVG, on a logarithmic axis: what differs by a hundred fits into one picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 80, 50
_COLOURS = ("#9a9a9a", "#c98a3d", "#4c9bd4", "#1f5f99", "#cfcfcf")
# readable on a light page and on a dark one
_INK = "#7a7a7a"

Series = Mapping[str, Sequence[tuple[str, float]]]


def bars(title: str, series: Series) -> str:
    """``series``: name to (group, value), the same groups in each."""
    groups = [group for group, _ in next(iter(series.values()))]
    values = [value for points in series.values() for _, value in points]
    low = 10 ** math.floor(math.log10(min(values)))
    high = 10 ** math.ceil(math.log10(max(values)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="{_INK}">',
        f"<title>{escape(title)}</title>",
        f'<text x="{LEFT}" y="24" font-size="16">{escape(title)}</text>',
        *_legend(series),
        *_axis(low, high),
    ]
    wide = (WIDTH - LEFT - RIGHT) / len(groups)
    bar = wide * 0.84 / len(series)
    for place, group in enumerate(groups):
        start = LEFT + place * wide + wide * 0.08
        for number, points in enumerate(series.values()):
            top = _height(points[place][1], low, high)
            parts += _bar(start + number * bar, top, bar * 0.92, points[place][1], number)
        middle = LEFT + (place + 0.5) * wide
        parts.append(
            f'<text x="{middle:.0f}" y="{HEIGHT - 24}" text-anchor="middle">{escape(group)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _legend(series: Series) -> list[str]:
    found, left = [], float(LEFT)
    for number, name in enumerate(series):
        colour = _COLOURS[number % len(_COLOURS)]
        found.append(f'<rect x="{left:.0f}" y="40" width="12" height="12" fill="{colour}"/>')
        found.append(f'<text x="{left + 17:.0f}" y="51">{escape(name)}</text>')
        left += 34 + 7 * len(name)
    return found


def _axis(low: float, high: float) -> list[str]:
    found, value = [], low
    while value <= high:
        top = _height(value, low, high)
        found.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{top:.1f}" y2="{top:.1f}" '
            f'stroke="{_INK}" stroke-opacity="0.3"/>'
        )
        found.append(f'<text x="{LEFT - 8}" y="{top + 4:.1f}" text-anchor="end">{value:g}</text>')
        value *= 10
    return found


def _bar(left: float, top: float, width: float, value: float, number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    height = HEIGHT - BOTTOM - top
    return [
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{colour}"/>',
        f'<text x="{left + width / 2:.1f}" y="{top - 4:.1f}" text-anchor="middle" '
        f'font-size="10">{value:,.0f}</text>',
    ]


def _height(value: float, low: float, high: float) -> float:
    share = math.log10(value / low) / math.log10(high / low)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
