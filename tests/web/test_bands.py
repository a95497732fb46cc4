"""Bands: one grid for all figures, and answers that rest on few of its borders."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sivuvirta import library
from sivuvirta.web.registry.seen.bands import LEVELS, Band, band, below, borders, coarse, levels
from sivuvirta.web.registry.seen.showing import between

figures = st.floats(min_value=0, max_value=1e13, allow_nan=False)
asked = sorted(set(zip(*(library.tables()["limits"][name].tolist() for name in ("component", "kind")), strict=True)))


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(130.0, 100, 200), (100.0, 50, 100), (100.001, 100, 200), (0.0, 0, 1e-6), (3e12, 1e12, math.inf), (-130.0, -200, -100)],
)
def test_bands_by_hand(value, low, high):
    assert band(value) == Band(low, high)


def test_borders_are_the_decimals_one_two_and_five():
    assert [border for border in borders() if 1 <= border <= 100] == [1, 2, 5, 10, 20, 50, 100]
    assert {0.1, 0.2, 0.5} <= set(borders())  # the nearest numbers to these decimals, so that a limit of 0.2 stands on its border


@given(figures)
def test_a_figure_lies_in_its_band(value):
    found = band(value)
    assert found.low < value <= found.high or (value == 0 == found.low)


@given(figures, figures)
def test_larger_figures_have_no_lower_band(one, other):
    low, high = sorted((one, other))
    assert band(low).low <= band(high).low
    assert band(low).high <= band(high).high


@given(figures, st.floats(min_value=0, max_value=1, exclude_min=True))
def test_every_figure_of_a_band_has_that_band(value, share):
    found = band(value)
    if math.isfinite(found.high):
        other = found.low + share * (found.high - found.low)
        if found.low < other <= found.high:
            assert band(other) == found


@given(st.sampled_from(asked), figures)
def test_a_coarse_band_is_made_of_whole_bands(pair, value):
    rough = coarse(value, *pair)
    assert rough is None or (rough.low <= band(value).low and band(value).high <= rough.high)


@given(st.floats(min_value=1e-6, max_value=1e11, exclude_min=True))
def test_the_border_below_is_the_largest_that_is_not_above(value):
    assert below(value) == max(border for border in borders() if border <= value)


@pytest.mark.parametrize("pair", asked)
def test_answers_rest_on_at_most_eight_borders_of_the_grid(pair):
    assert len(levels(*pair)) <= LEVELS
    assert set(levels(*pair)) <= set(borders())
    assert list(levels(*pair)) == sorted(levels(*pair))


def test_what_is_not_known_has_no_band():
    with pytest.raises(ValueError, match="not known"):
        band(math.nan)


def test_bands_in_words(db):
    assert [between(band(value)) for value in (130.0, 0.0, 3e12, 1500.0)] == [
        "100 to 200",
        "0.000001 at most",
        "more than 1,000,000,000,000",
        "1,000 to 2,000",
    ]
