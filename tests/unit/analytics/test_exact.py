"""Percentiles, shares and means against slow ways of finding the same."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics.exact import mean, percentile, share


@given(values=st.lists(st.integers(0, 1000), min_size=1), percent=st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(
    values: list[int], percent: int
) -> None:
    enough = [
        value
        for value in values
        if 100 * sum(other <= value for other in values) >= percent * len(values)
    ]
    assert percentile(sorted(values), percent) == min(enough)


@pytest.mark.parametrize(("percent", "value"), [(5, 15), (30, 20), (40, 20), (50, 35), (100, 50)])
def test_the_textbook_example_of_nearest_rank(percent: int, value: int) -> None:
    assert percentile([15, 20, 35, 40, 50], percent) == value


def rounded(exact: Fraction, places: str) -> float:
    # enough digits that the quotient is exact, or far from a half
    quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
    return float(quotient.quantize(Decimal(places), ROUND_HALF_UP))


@given(whole=st.integers(1, 5000), data=st.data())
def test_shares_and_means_round_half_up(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    assert share(part, whole) == rounded(Fraction(part, whole), "0.0001")
    total = data.draw(st.integers(0, 5 * whole))
    assert mean(total, whole) == rounded(Fraction(total, whole), "0.01")


def test_halves_go_up_and_nothing_has_no_figure() -> None:
    assert mean(9, 8) == 1.13
    assert mean(361, 200) == 1.81
    assert share(1, 32) == 0.0313
    assert share(0, 0) is None and mean(0, 0) is None
