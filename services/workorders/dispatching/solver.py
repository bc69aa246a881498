"""The assignment problem, by scipy (modified Jonker-Volgenant): exact and repeatable."""

from __future__ import annotations

from collections.abc import Sequence


def solve(costs: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The (row, column) pairs, one a row or one a column, that together cost least."""
    # takes a second to import, and most processes never dispatch by themselves
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))
