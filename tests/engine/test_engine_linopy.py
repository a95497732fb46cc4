"""A second engine: the same regions planned by linopy have the same optimum."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.engine.linopy_model import optimum
from tests.engine.linopy_world import POTENTIAL, PROVEN
from tests.engine.worlds import bundled, costs, matched, planned, random_chains, random_matches, random_tables

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.match.chains import with_chains

EXACT = PlanOptions(gap=1e-9)


def ours(matches, options=EXACT):
    """Least cost on proven and on potential evidence."""
    plan = planned(matches, options)
    return [plan.proven.objective, plan.potential.objective]


def linopys(matches, budget=None):
    """The same from the second engine."""
    return pytest.approx([optimum(matches, worst, budget) for worst in (PROVEN, POTENTIAL)], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", ["three_sites", "dantzig_1963", "warehouses_opl_1999", "multmip1_2003", "kemi_tornio"])
def test_bundled_regions(name):
    matches = match(build(bundled(name)))
    assert ours(matches) == linopys(matches)


@pytest.mark.parametrize("seed", range(12))
def test_random_regions(seed):
    matches = random_matches(seed)
    assert ours(matches) == linopys(matches)


@pytest.mark.parametrize("seed", range(3))
def test_random_regions_with_a_budget(seed):
    matches = random_matches(seed)
    assert ours(matches, evolve(EXACT, budget=50_000.0)) == linopys(matches, budget=50_000.0)


@pytest.mark.parametrize("seed", range(10))
def test_random_regions_with_routes_of_several_steps(seed):
    matches = random_chains(seed)
    assert len(matches.chains) > 0
    assert ours(matches) == linopys(matches)


def test_the_reference_region_with_routes_of_several_steps():
    matches = with_chains(match(build(bundled("kemi_tornio"))), 3)
    assert ours(matches) == linopys(matches)


@pytest.mark.parametrize("seed", range(4))
def test_random_regions_with_ways_that_cost_something_if_used(seed):
    tables = random_tables(seed)
    tables["links"] = [{**row, "fixed_cost": 400 + 100 * seed} for row in costs()]
    matches = matched(tables)
    assert ours(matches) == linopys(matches)
