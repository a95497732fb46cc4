"""What one more unit is worth over a horizon, by hand and against the same horizon with a little more."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import random_tables, region

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.domain.controls import control
from sivuvirta.plan.horizon.marginals import Prices, marginals
from sivuvirta.plan.program.objective import emissions_of

YEARS = 1 + 1 / 1.05 + 1 / 1.05**2


def values(course, family: str) -> dict[str, float]:
    return {one.label: one.value for one in course.marginals if one.constraint == family}


def test_room_in_a_stock_is_worth_what_a_stored_tonne_is():
    course = sv.pathway("two_seasons", "three_years").proven
    assert values(course, "level") == pytest.approx({"level(ash_store)": 54.70 * YEARS})  # the README has the 54.70
    texts = [one.text for one in course.marginals if one.constraint == "level"]
    assert texts == ["One more tonne of room in stock 'ash_store' is worth 156 EUR over the whole horizon, discounted to 2024."]


def test_one_more_tonne_of_ash_a_year_arises_half_in_winter():
    course = sv.pathway("two_seasons", "three_years").proven
    a_year = 0.5 * -50 + 0.5 * (20 - 5)  # landfill in winter, rock less haul in summer; in money of its own year
    assert values(course, "supply") == pytest.approx({f"supply({year},ash)": a_year for year in (2024, 2025, 2026)})


def test_what_the_user_holds_costs_the_tonne_that_the_store_could_give():
    course = sv.pathway("two_seasons", "three_years", controls=[control("2026: ash > road", most=700)]).proven
    (value,) = values(course, "year_control").values()
    assert value == pytest.approx(54.70 / 0.9)  # 1/0.9 t put in for each that is taken out
    text = next(one.text for one in course.marginals if one.constraint == "year_control")
    assert text == "One more unit allowed or asked for on 'ash > road' in 2026, which you hold, is worth 60.8 EUR a year."


@pytest.mark.parametrize("seed", [1, 3])
def test_a_budget_is_worth_what_ten_euros_more_bring_in_money_of_its_year(seed):
    given = region(random_tables(seed))

    def planned(budget: float):
        periods = [Period(year=2024, budget=0.0), Period(year=2026, budget=budget, years=3)]
        return sv.pathway(given, periods, gap=1e-9, leads="none").potential

    budget = 0.7 * planned(1e12).money["invested"][1]
    tight, more = planned(budget), planned(budget + 10)
    assert tight.builds["plant"].tolist() == more.builds["plant"].tolist()
    brought = (more.benefit - tight.benefit) / 10 * 1.05**2  # from money of 2024 to that of 2026
    assert values(tight, "year_budget")["year_budget(2026)"] == pytest.approx(brought, rel=1e-4)


def test_a_carbon_limit_is_worth_what_a_looser_one_brings_each_year():
    given = region(random_tables(11))

    def planned(limit: float | None):
        periods = [Period(year=2024), Period(year=2026, co2_limit=limit, years=3)]
        return sv.pathway(given, periods, gap=1e-9, leads="none").potential

    limit = emissions_of(planned(None).years[1]) / 1000 - 1
    tight, more = planned(limit), planned(limit + 0.1)
    counted = sum(1.05**-power for power in (2, 3, 4))
    assert tight.benefit < more.benefit
    assert values(tight, "year_carbon")["year_carbon(2026)"] == pytest.approx((more.benefit - tight.benefit) / 0.1 / counted, rel=1e-4)


def test_other_measures_are_not_discounted_and_told_in_their_unit():
    course = sv.pathway("two_seasons", "three_years", objective="diversion").proven
    (room,) = values(course, "level").values()
    assert room == pytest.approx(3 * 0.9, rel=1e-6)  # of a tonne stored 0.9 t is spared the landfill, each year
    assert [one.unit for one in course.marginals if one.constraint == "level"] == ["t/t"]


def test_without_duals_nothing_is_said():
    assert marginals(None, Prices(np.array([np.nan]), np.zeros(1))) == ()
