"""Years of a horizon, what they count, what cannot be planned."""

from __future__ import annotations

import pytest

from sivuvirta.domain.pathways import Horizon, Period
from sivuvirta.errors import OptionError
from sivuvirta.plan.horizon.times import begins, discount, years_of


def years(*periods: Period):
    return years_of(Horizon("h", periods))


def halves(year: int, **said: object) -> list[Period]:
    return [Period(year=year, period="winter", months="11-4", **said), Period(year=year, period="summer", months="5-10")]


def test_a_year_reaches_to_the_next_one_and_the_last_is_one():
    found = years(Period(year=2025), Period(year=2030), Period(year=2031))
    assert [(each.year, each.years, each.first) for each in found] == [(2025, 5, 0), (2030, 1, 1), (2031, 1, 2)]


def test_what_one_period_says_of_its_year_holds_for_it():
    found = years(*halves(2025, budget=5.0, scenario="boom"), *halves(2026))
    assert [(each.budget, each.scenario) for each in found] == [(5.0, "boom"), (None, None)]


def test_discount_adds_up_the_years_that_a_year_stands_for():
    found = years(Period(year=2025, years=2.5), Period(year=2030, years=1))
    first, second = discount(found, lambda _: 0.1)
    assert first == pytest.approx(1 + 1 / 1.1 + 0.5 / 1.1**2)
    assert second == pytest.approx(1 / 1.1**5)


def test_periods_begin_one_after_another():
    assert begins(years(*halves(2025), *halves(2027))).tolist() == [0, 6, 24, 30]


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        ([], "it has no period"),
        ([Period(year=2026), Period(year=2025)], "2025 comes after 2026; put the years in order"),
        ([Period(year=2025, years=3), Period(year=2027)], "2025 stands for 3 years, and 2027 comes before they are over"),
        ([Period(year=2025, months="5-9")], "in 2025 no period has month 1, 2, 3, 4, 10, 11, 12"),
        ([Period(year=2025), Period(year=2025, period="may", months="5")], "in 2025 several periods have month 5"),
        ([Period(year=2025, months="5-9"), Period(year=2025, months="10-4")], "2025 has two periods of one name"),
        ([Period(year=2025, months="summer")], "'summer' in 2025 names no months"),
        ([*halves(2025, budget=1.0)[:1], Period(year=2025, period="s", months="5-10", budget=2.0)], "say 1.0 and 2.0 of 'budget'"),
        ([Period(year=2025, years=0.5)], "2025 stands for less than one year"),
    ],
)
def test_what_cannot_be_planned_is_told(periods, told):
    with pytest.raises(OptionError) as caught:
        years(*periods)
    assert str(caught.value).startswith("Horizon 'h' cannot be planned: ")
    assert told in str(caught.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(OptionError) as caught:
        years(Period(year=2026, months="5"), Period(year=2025, months="summer"))
    assert "2025 comes after 2026" in str(caught.value)
    assert "no period has month" in str(caught.value)
    assert "'summer'" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"budget": -5.0}, "Option 'budget' is -5.0. It can be a number of at least 0, in EUR"),
        ({"disposal_limit": -1.0}, "Option 'disposal_limit' is -1.0"),
        ({"co2_limit": float("nan")}, "Option 'co2_limit' is nan"),
        ({"carbon_price": "high"}, "Option 'carbon_price' is 'high'"),
    ],
)
def test_what_a_year_cannot_have_is_told_at_once(said, told):
    with pytest.raises(OptionError) as caught:
        Period(year=2025, **said)
    assert told in str(caught.value)
