"""Exact figures: percentiles, shares and means of whole numbers, with no rounding on the way."""

from __future__ import annotations

from collections.abc import Sequence

_HUNDREDTHS = 100
_TEN_THOUSANDTHS = 10_000


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The nearest-rank percentile of ascending values: a value that occurred, never one between.

    The smallest value that at least ``percent`` of 100 values do not exceed; the inverse of the
    empirical distribution function, definition 1 of R. J. Hyndman and Y. Fan, "Sample Quantiles in
    Statistical Packages", The American Statistician 50 (1996) 4. ``ordered`` must not be empty.
    """
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]


def ratio(part: int, whole: int, steps: int) -> float | None:
    """``part / whole``, at least 0, rounded half up to ``1 / steps``, exactly; None of nothing."""
    if not whole:
        return None
    return (2 * part * steps + whole) // (2 * whole) / steps


def share(part: int, whole: int) -> float | None:
    """A part of a whole, to 4 decimals."""
    return ratio(part, whole, _TEN_THOUSANDTHS)


def mean(total: int, count: int) -> float | None:
    """The mean of ``count`` values with this sum, to 2 decimals."""
    return ratio(total, count, _HUNDREDTHS)
