"""What the law lets through when: lead times of legal paths over the years of a horizon."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.domain.pathways import Horizon, HorizonYear
from sivuvirta.ledger.reference import reference
from sivuvirta.match.leads import leads
from sivuvirta.plan.horizon.solve import solve_horizon
from sivuvirta.plan.horizon.stages import waiting
from sivuvirta.verbs.pathways import horizons


def over(months: float):
    """Three years of the teaching region, in which the only route to the road waits."""
    matches = sv.match("two_seasons")
    given = [HorizonYear(year, matches, reference(matches.links), np.full(len(matches.routes), months)) for year in (2024, 2025, 2026)]
    return solve_horizon(given, Horizon("years", [Period(year=year) for year in (2024, 2025, 2026)]))


@pytest.mark.parametrize(("months", "carried"), [(0, [900, 900, 900]), (1, [0, 900, 900]), (12, [0, 900, 900]), (13, [0, 0, 900])])
def test_a_route_carries_in_the_first_period_that_begins_after_its_answer(months, carried):
    course = over(months).proven
    sent = [float(book.amount[book.verdict >= 0].sum()) for book in course.years]
    assert sent == pytest.approx(carried)


def test_how_many_wait_is_told():
    assert "1 routes wait for an answer of the law when the horizon begins." in over(6).notes
    assert over(0).notes == ()


def test_a_lead_time_that_is_not_known_does_not_wait_but_is_told():
    course = over(float("nan"))
    assert course.proven.benefit == pytest.approx(over(0).proven.benefit)
    assert "Of 1 routes it is not known how long the law takes: they may carry at once." in course.notes


def test_waiting_routes_fail_for_the_period_alone():
    matches = sv.match("two_seasons")
    late = waiting(matches, np.array([7.0]), 6.0)
    assert late.routes.verdict.tolist() == [4]
    assert waiting(matches, np.array([6.0]), 6.0) is matches


def test_lead_times_are_those_of_the_legal_paths():
    matches = sv.match("kemi_tornio")
    low, high = leads(matches)
    fails = matches.routes.verdict == 4
    known = ~np.isnan(low) & ~np.isnan(high)
    assert (low[fails] == 0).all()
    assert (low[known] <= high[known]).all()
    assert high[known].max() > 0
    paths = matches.links.region.table("legal_paths")
    assert high[known].max() <= 4 * np.nanmax(paths["lead_high"])


def test_a_horizon_of_a_region_is_read_from_its_table():
    found = horizons(sv.load("two_seasons"))
    assert list(found) == ["one_year", "three_years"]
    assert [(each.year, each.period, each.months) for each in found["one_year"].periods] == [
        (2024, "winter", "11-4"),
        (2024, "summer", "5-10"),
    ]
    assert evolve(found["one_year"].periods[0], period="").name == "2024"
