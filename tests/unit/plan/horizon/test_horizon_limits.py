"""What is asked of each year of a horizon, worked out by hand; that one year is as its plan is in tests/laws.

Slag (1 000 t, at a heap for 5) and ash (300 t, at a landfill for 40) may go to a road of 500 t at 20 EUR/t; hauls cost 3. A tonne of slag
replaces 0.9 t of rock: 5 - 3 + 18 = 20 EUR; a tonne of ash 0.5 t: 40 - 3 + 10 = 47 EUR.
"""

from __future__ import annotations

import pytest
from tests.engine.worlds import region
from tests.golden.test_golden_families import two_streams, with_roads

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.errors import InfeasibleError
from sivuvirta.plan.program.measures import MEASURES

YEARS = [Period(year=year) for year in (2024, 2025)]
HALVES = [Period(year=2024, period=name, months=months) for name, months in (("winter", "11-4"), ("summer", "5-10"))]
BOTH = 300 * 47 + (500 - 150) / 0.9 * 20
ONE_EUR = 1 + 1 / 1.05


def test_all_that_pays_is_done_in_both_years():
    course = sv.pathway(region(two_streams()), YEARS).proven
    assert course.benefit == pytest.approx(BOTH * ONE_EUR)


def test_a_change_counts_once_however_long_it_is_used():
    """Of one link the better is ash's in both years, 14 100 EUR, or slag's, 10 000: 500 t are enough for 300 of ash, 250 of rock bought."""
    course = sv.pathway(region(two_streams()), YEARS, changes=1).proven
    assert course.benefit == pytest.approx(300 * 47 * ONE_EUR)
    assert sv.pathway(region(two_streams()), YEARS, changes=2).proven.benefit == pytest.approx(BOTH * ONE_EUR)
    assert sv.pathway(region(two_streams()), YEARS, changes=0).proven.benefit == pytest.approx(0, abs=1e-6)


def test_a_year_has_a_limit_of_its_own_or_the_one_asked_for():
    """Rock bought at most 100 t in 2024 alone: that is kept anyway; at most 0 asked for 2025 too. 500 t are 150 of ash and 350 of slag."""
    periods = [Period(year=2024, virgin_limit=100), Period(year=2025)]
    course = sv.pathway(region(two_streams()), periods, virgin_limit=0).proven
    assert [MEASURES["virgin"].of(book) for book in course.years] == pytest.approx([0, 0])
    with pytest.raises(InfeasibleError, match="loaded vehicles may drive at most 10 km in 2024"):
        sv.pathway(region(two_streams()), [Period(year=2024, traffic_limit=10), Period(year=2025)], virgin_limit=0)


def test_second_objectives_are_looked_at_in_order():
    """Most diverted first: ash to the road, 300 t off the landfill, and as much slag off its heap as 350 / 0.9 t; then the least road."""
    course = sv.pathway(region(two_streams()), YEARS, objective="diversion", then=("traffic",)).proven
    assert [MEASURES["diversion"].of(book) for book in course.years] == pytest.approx([1300 - 300 - 350 / 0.9] * 2)


def test_a_weight_is_in_the_objective_and_not_in_the_money():
    """8 EUR a tonne of rock bought: nothing else changes, for all that pays is done."""
    plain = sv.pathway(region(two_streams()), YEARS).proven
    weighed = sv.pathway(region(two_streams()), YEARS, weights={"diversion": 3.0}).proven
    left = 1300 - 300 - 350 / 0.9
    assert weighed.benefit == pytest.approx(plain.benefit)
    assert weighed.objective == pytest.approx(plain.objective + 3.0 * left * ONE_EUR)


def test_roads_are_kept_in_each_part_of_the_year():
    """What a road lets through in a year it lets through in two halves that are alike."""
    tables = with_roads()
    tables["roads"][0] |= {"threshold": 95.02}  # a fiftieth of a vehicle a day
    whole = sv.plan(region(tables), road_limit=True).proven.benefit
    assert whole < sv.plan(region(tables)).proven.benefit
    assert sv.pathway(region(tables), HALVES, road_limit=True).proven.benefit == pytest.approx(whole)
