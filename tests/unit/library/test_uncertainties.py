"""Standard deviations by evidence grade follow from the pedigree matrix that their source quotes."""

from __future__ import annotations

import math

import pytest

from sivuvirta.library import tables

BASIC = 1.05  # energy, semi-finished products, materials, waste treatment services
RELIABILITY = (1.0, 1.05, 1.1, 1.2, 1.5)
COMPLETENESS = (1.0, 1.02, 1.05, 1.1, 1.2)
TIME = (1.0, 1.03, 1.1, 1.2, 1.5)
PLACE = (1.0, 1.01, 1.02, 1.02, 1.1)
TECHNOLOGY = (1.0, 1.0, 1.2, 1.5, 2.0)
SCORES = {"A": 1, "B": 2, "C": 4, "D": 5}


def total(score):
    """exp of the root of the sum of squared logarithms."""
    factors = [BASIC, *(indicator[score - 1] for indicator in (RELIABILITY, COMPLETENESS, TIME, PLACE, TECHNOLOGY))]
    return math.exp(math.sqrt(sum(math.log(factor) ** 2 for factor in factors)))


@pytest.mark.parametrize(("grade", "score"), SCORES.items())
def test_the_factor_and_the_variation_of_each_grade(grade, score):
    table = tables()["uncertainties"]
    row = table.index[grade]
    assert table["factor"][row] == pytest.approx(total(score), abs=5e-5)
    assert table["cv"][row] == pytest.approx(100 * math.log(total(score)) / 2, abs=5e-3)


def test_the_source_quotes_the_factors_and_says_when_it_was_opened():
    sources = tables()["sources"]
    row = sources.index["pedigree_factors_v2"]
    assert sources["opened"][row] == "2026-11-22"
    for indicator in (RELIABILITY, COMPLETENESS, TIME, PLACE, TECHNOLOGY):
        quoted = ", ".join("1." if factor == 1 else f"{factor:g}" for factor in indicator)
        assert f"({quoted})" in sources["quote"][row]


def test_worse_grades_are_less_certain():
    table = tables()["uncertainties"]
    assert [table["cv"][table.index[grade]] for grade in "ABCD"] == sorted(table["cv"].tolist())
