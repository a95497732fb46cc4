"""Pipes in the budgets of years, by hand: 500 000 EUR whatever flows and 50 EUR per MWh a year, as in `test_plan_pipes`.

A MWh brings 30 EUR less 1 for running and 4.512 for its part of the pipe: 24.488 EUR; the rest of the pipe costs 45 121 EUR a year.
"""

from __future__ import annotations

import pytest
from tests.engine.worlds import region
from tests.heat_worlds import heated

import sivuvirta as sv
from sivuvirta import Period

RATE = 0.05 / (1 - 1.05**-20) + 0.01
MWH, ONCE = 30 - 1 - RATE * 50, RATE * 500_000
BUDGET = {"budget": 650_000.0}


def course(*periods: Period, **asked: object):
    return sv.pathway(region(heated()), periods, gap=1e-9, **asked).proven


def test_a_pipe_is_laid_in_the_year_in_which_it_is_first_used():
    found = course(Period(year=2024), Period(year=2025))
    assert found.money["invested"].tolist() == pytest.approx([900_000, 0])
    assert found.money["benefit"].tolist() == pytest.approx([8_000 * MWH - ONCE] * 2)


def test_what_the_budget_of_a_year_leaves_is_laid_in_the_next():
    """650 000 EUR are the pipe for 3 000 MWh; the other 5 000 are 250 000 EUR of the next year."""
    found = course(Period(year=2024, **BUDGET), Period(year=2025, **BUDGET))
    assert found.money["invested"].tolist() == pytest.approx([650_000, 250_000])
    assert found.money["benefit"].tolist() == pytest.approx([3_000 * MWH - ONCE, 8_000 * MWH - ONCE])


def test_a_budget_of_the_horizon_counts_a_pipe_once():
    """800 000 EUR are the pipe for 6 000 MWh, in every year."""
    found = course(Period(year=2024), Period(year=2025), budget=800_000.0)
    assert found.money["invested"].tolist() == pytest.approx([800_000, 0])
    assert found.money["benefit"].tolist() == pytest.approx([6_000 * MWH - ONCE] * 2)


def test_the_halves_of_a_year_share_its_pipe():
    """In each half flow 4 000 of 8 000 MWh; 800 000 EUR are 6 000 of them, and the pipe is laid once."""
    halves = [Period(year=2024, period=name, months=months, budget=800_000.0) for name, months in (("winter", "11-4"), ("summer", "5-10"))]
    found = course(*halves)
    assert found.money["invested"].tolist() == pytest.approx([800_000])
    assert found.money["benefit"].tolist() == pytest.approx([6_000 * MWH - ONCE])
