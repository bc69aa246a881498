"""Numbers out of rounds, and the one flat object they end up in."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

PERCENTS = (50, 95, 99)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of ascending values."""
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(int(rank), 1) - 1]


def in_milliseconds(seconds: Iterable[float]) -> dict[str, float]:
    """``{"p50", "p95", "p99"}``; nothing of nothing."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    return {f"p{percent}": 1000 * percentile(ordered, percent) for percent in PERCENTS}


def percent_a_tenfold(points: Mapping[int, float]) -> float:
    """By how much a value changes with ten times the size: of the least-squares line through the
    logarithms of sizes and values.
    """
    fitted = statistics.linear_regression(
        [math.log10(size) for size in points], [math.log10(value) for value in points.values()]
    )
    return float(100 * (10**fitted.slope - 1))


class Figures:
    """Name to value, flat. ``path`` is written after every addition, so a run that fails late has
    not measured for nothing.
    """

    def __init__(self, path: Path, known: Mapping[str, Any]) -> None:
        self._path = path
        self.values: dict[str, Any] = dict(known)

    def put(self, **values: Any) -> None:
        for name, value in values.items():
            self.values[name] = _rounded(value) if isinstance(value, float) else value
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self.values, indent=2, ensure_ascii=False) + "\n")
        beside.replace(self._path)

    def rounds(self, name: str, values: Sequence[float]) -> float:
        """Put the median of some rounds, and their least and most beside it."""
        median = statistics.median(values)
        self.put(**{name: median, f"{name}_least": min(values), f"{name}_most": max(values)})
        return median

    def medians(self, rounds: Sequence[Mapping[str, float]]) -> None:
        """Put the median of each figure that every one of some rounds has."""
        self.put(**{name: statistics.median(one[name] for one in rounds) for name in rounds[0]})

    def ratio(self, name: str, part: str, whole: str) -> None:
        """Put ``part / whole`` of two figures, where both are there."""
        if self.values.get(part) is not None and self.values.get(whole):
            self.put(**{name: self.values[part] / self.values[whole]})


def _rounded(value: float) -> float:
    """To 4 significant digits."""
    return float(f"{value:.4g}")
