"""Axes: round ticks in a fitting unit, and places in proportion."""

from __future__ import annotations

import math

import pytest

from sivuvirta.report.studies.axes import axis


def test_ticks_are_round_and_hold_all_values():
    found = axis([291_000.0, 357_000.0], "EUR/a", 0.0, 100.0)
    assert (found.low, found.high, found.unit) == (280_000, 360_000, "k€/a")
    assert [text for _, text in found.ticks] == ["280", "300", "320", "340", "360"]
    assert [place for place, _ in found.ticks] == [0, 25, 50, 75, 100]


def test_a_value_lies_in_proportion_whichever_way_the_axis_runs():
    up = axis([0.0, 10.0], "t/a", 268.0, 14.0, zero=True)
    assert up.at(0.0) == 268
    assert up.at(10.0) == 14
    assert up.at(2.5) == pytest.approx(268 - 254 / 4, abs=0.1)


def test_zero_is_on_it_where_it_is_asked_for():
    assert axis([23.0e6, 24.0e6], "EUR/a", 0, 1, zero=True).low == 0
    assert axis([-52.7e3], "t CO2e/a", 0, 1, zero=True).high == 0


@pytest.mark.parametrize("values", [[], [math.nan], [5.0], [0.0], [0.0, 0.0]])
def test_one_value_or_none_still_has_an_axis(values):
    for zero in (False, True):
        found = axis(values, "t", 0.0, 100.0, zero=zero)
        assert found.high > found.low
        assert len(found.ticks) >= 2
        assert all(math.isfinite(place) for place, _ in found.ticks)


def test_what_rounding_leaves_of_zero_is_zero():
    assert "0" in [text for _, text in axis([-0.3, 0.3], "t", 0, 1).ticks]
