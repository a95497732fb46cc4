"""A second engine: random regions planned over two years of two seasons, with stocks, have the same optimum.

Seasons reach into both halves of the year: the register of a half in which a stream does not arise would have no ways out of its stock.
"""

from __future__ import annotations

import pytest
from tests.engine.horizon_model import pathway_optimum
from tests.engine.horizon_worlds import HALVES, LONG, random_seasons
from tests.engine.linopy_world import POTENTIAL, PROVEN
from tests.engine.worlds import region

import sivuvirta as sv
from sivuvirta import Period

YEARS = (2024, 2025)


def periods(**said):
    return [Period(year=year, period=name, months=months, **said) for year in YEARS for name, months, _ in HALVES]


@pytest.mark.parametrize("seed", range(8))
def test_random_horizons(seed):
    tables = random_seasons(seed, LONG)
    course = sv.pathway(region(tables), periods(), gap=1e-9, leads="none")
    found = [course.proven.objective, course.potential.objective]
    assert found == pytest.approx([pathway_optimum(tables, YEARS, worst) for worst in (PROVEN, POTENTIAL)], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_random_horizons_with_a_budget_a_year(seed):
    tables = random_seasons(seed, LONG)
    course = sv.pathway(region(tables), periods(budget=20_000.0), gap=1e-9, leads="none")
    assert course.potential.objective == pytest.approx(pathway_optimum(tables, YEARS, POTENTIAL, 20_000.0), rel=1e-6, abs=1e-6)
