"""How evenly work is spread."""

from __future__ import annotations

from collections.abc import Iterable


def gini(counts: Iterable[int]) -> float | None:
    """The Gini coefficient to 4 decimals: 0 where all have the same; None without any work.

    Of n people, one with everything gives 1 - 1/n.
    """
    ordered = sorted(counts)
    total = sum(ordered)
    if total == 0:
        return None
    n = len(ordered)
    weighted = sum(place * count for place, count in enumerate(ordered, start=1))
    return round((2 * weighted - (n + 1) * total) / (n * total), 4)
