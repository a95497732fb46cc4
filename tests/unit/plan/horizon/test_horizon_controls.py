"""What the user holds over a horizon: in every year, or in one."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta import InfeasibleError, Period
from sivuvirta.domain.controls import control
from sivuvirta.errors import OptionError

HALVES = (("winter", "11-4"), ("summer", "5-10"))


def halves(*years: int) -> list[Period]:
    return [Period(year=year, period=name, months=months) for year in years for name, months in HALVES]


def laid(course) -> list[float]:
    """Ash into the road by year, t."""
    flows = course.flows("proven")
    into = flows[(flows["origin"] == "stream:ash") & flows["destination"].str.startswith("need:")]
    return [float(into.loc[into["year"] == year, "amount"].sum()) for year in course.years]


NEED = sv.load("two_seasons").table("needs")["need"][0]
ROAD = f"ash > {NEED}"


def test_a_bound_holds_for_all_periods_of_each_year_together():
    # Without it 600 t of the summer and 225 t of the store (250 t less 10 %) go into the road each year.
    course = sv.pathway("two_seasons", halves(2024, 2025), controls=[control(ROAD, most=700)])
    assert laid(course) == pytest.approx([700, 700])


def test_a_year_before_it_holds_it_in_that_year_alone():
    free = laid(sv.pathway("two_seasons", halves(2024, 2025)))
    course = sv.pathway("two_seasons", halves(2024, 2025), controls=[control(f"2025: {ROAD}", 100, 100)])
    assert laid(course)[0] == pytest.approx(free[0], abs=1)
    assert laid(course)[1] == pytest.approx(100)


def test_what_cannot_be_held_is_told_with_its_year():
    with pytest.raises(InfeasibleError) as caught:
        sv.pathway("two_seasons", halves(2024), controls=[control(ROAD, least=5000)])
    assert f"in 2024, '{ROAD}' must carry at least 5,000 a year, as you asked" in str(caught.value)


def test_a_plant_is_built_in_the_year_that_is_said():
    years = [Period(year=year) for year in (2024, 2025, 2026)]
    free = sv.pathway("three_sites", years).potential.builds
    plant, decided = free["plant"][0], int(free["decided"][0])
    later = sv.pathway("three_sites", years, controls=[control(f"2025: {plant}", built=True)]).potential.builds
    assert decided == 2024
    assert later.loc[later["plant"] == plant, "decided"].tolist() == [2025]


def test_a_plant_that_is_not_to_be_built_is_not():
    years = [Period(year=year) for year in (2024, 2025)]
    plant = sv.pathway("three_sites", years).potential.builds["plant"][0]
    course = sv.pathway("three_sites", years, controls=[control(plant, built=False)])
    assert plant not in set(course.potential.builds["plant"])


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (control(f"2031: {ROAD}", most=5), "names 2031. The horizon has: 2024."),
        (control("coal > *", most=5), "There is no stream or plant 'coal'"),
    ],
)
def test_what_the_horizon_does_not_have_is_refused(held, told):
    with pytest.raises(OptionError) as caught:
        sv.pathway("two_seasons", halves(2024), controls=[held])
    assert told in str(caught.value)


def test_a_plan_of_one_year_refuses_a_year():
    with pytest.raises(OptionError) as caught:
        sv.plan("two_seasons", controls=[control(f"2024: {ROAD}", most=5)])
    assert "names the year 2024, but this plan has one year alone" in str(caught.value)


def test_with_potential_evidence_alone_the_proven_course_is_today():
    both = sv.pathway("two_seasons", halves(2024))
    alone = sv.pathway("two_seasons", halves(2024), evidence="potential")
    assert alone.potential.benefit == pytest.approx(both.potential.benefit)
    assert (alone.proven.status, alone.proven.benefit) == ("not planned", 0)
    today = alone.flows("proven")
    assert today.loc[today["origin"] == "stream:ash", "amount"].tolist() == pytest.approx([600, 600])  # of 1 200 t
