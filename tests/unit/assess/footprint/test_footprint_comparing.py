"""How many times another producer's footprint this one is, with its range by hand."""

from __future__ import annotations

import math

import pytest

from sivuvirta.assess.footprint.comparing import times
from sivuvirta.domain.burdens import MASS, TODAY, Result
from sivuvirta.domain.indicators import Input

OTHER = Input("other", 1000.0, 800.0, 1500.0, "kgCO2e/t", "B", "s", "")


def own(value, low, high):
    return Result(TODAY, MASS, value, low, high, value, "", 1.0, "B")


def test_two_ranges_meet_in_squares():
    """5 times; up by the root of 0.5^2 + (200/100 - 1)^2, down by the root of 0.2^2 + (1 - 200/400)^2."""
    found = times(OTHER, own(200.0, 100.0, 400.0))
    assert found.value == 5.0
    assert found.high == pytest.approx(5 * (1 + 1.25**0.5))
    assert found.low == pytest.approx(5 * (1 - 0.29**0.5))


def test_a_footprint_that_may_be_nothing_leaves_no_upper_end():
    assert math.isinf(times(OTHER, own(200.0, -10.0, 400.0)).high)


def test_beside_a_footprint_below_zero_there_is_no_ratio():
    assert not times(OTHER, own(-5.0, -10.0, 1.0)).known


def test_another_of_nothing_is_no_times_up_to_what_it_may_be():
    """0 to 50 beside 200: 0 times, up to 50 / 200."""
    found = times(Input("other", 0.0, 0.0, 50.0, "kgCO2e/t", "B", "s", ""), own(200.0, 100.0, 400.0))
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.25)


def test_a_footprint_without_an_upper_end_may_be_any_times_as_large():
    """5 times, down by 5 and 1 in squares, so not above 0; up by the root of 2.5^2 + 5^2."""
    found = times(OTHER, own(200.0, 100.0, math.nan))
    assert (found.low, found.high) == (0.0, pytest.approx(5 + 31.25**0.5))
