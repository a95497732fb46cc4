"""A second engine: the same regions planned by linopy have the same optimum."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.engine.linopy_model import POTENTIAL, PROVEN, optimum
from tests.engine.worlds import bundled, planned, random_matches

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links import build
from sivuvirta.match import match

EXACT = PlanOptions(gap=1e-9)


def agree(matches, options=EXACT, budget=None):
    plan = planned(matches, options)
    assert plan.proven.objective == pytest.approx(optimum(matches, PROVEN, budget), rel=1e-6, abs=1e-6)
    assert plan.potential.objective == pytest.approx(optimum(matches, POTENTIAL, budget), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", ["three_sites", "dantzig_1963", "warehouses_opl_1999", "kemi_tornio"])
def test_bundled_regions(name):
    agree(match(build(bundled(name))))


@pytest.mark.parametrize("seed", range(12))
def test_random_regions(seed):
    agree(random_matches(seed))


@pytest.mark.parametrize("seed", range(3))
def test_random_regions_with_a_budget(seed):
    agree(random_matches(seed), evolve(EXACT, budget=50_000.0), budget=50_000.0)
