"""What must hold of every bound and of every way for large programs, on random regions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.worlds import random_matches

from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.plan.program.families import program

SEEDS = st.integers(0, 5_000)
some = settings(max_examples=30, deadline=None, derandomize=True)
EXACT = {"gap": 0.0, "time_limit": 60.0}


@some
@given(SEEDS, SEEDS)
def test_no_duals_prove_more_than_the_optimum(seed, noise):
    """Random duals, and those of the relaxed program with noise on them."""
    lp = program(random_matches(seed)).lp
    best = Model(lp).solve(SolveOptions(method="simplex", **EXACT))
    relaxed = Model(lp)
    relaxed.relax_integers()
    duals = relaxed.solve(SolveOptions(method="simplex")).duals
    rng = np.random.default_rng(noise)
    arrays = lp.arrays()
    upper = implied_upper(arrays)
    room = 1e-9 * float(np.abs(arrays.cost) @ np.abs(best.x))  # the solver's own rounding
    for y in (duals, duals * rng.uniform(0.5, 1.5, len(duals)), rng.normal(0, 50, len(duals))):
        assert dual_bound(arrays, y, upper).value <= best.objective + room


@some
@given(SEEDS)
def test_every_answer_keeps_the_bounds_that_rows_prove(seed):
    lp = program(random_matches(seed)).lp
    best = Model(lp).solve(SolveOptions(method="simplex", **EXACT))
    assert (best.x <= implied_upper(lp.arrays()) * (1 + 1e-9) + 1e-9).all()


@some
@given(SEEDS)
def test_guided_choices_have_the_objective_of_plain_branching(seed):
    """What is proven out beforehand holds no better answer."""
    lp = program(random_matches(seed)).lp
    plain, guided = (Model(lp).solve(SolveOptions(method=method, **EXACT)) for method in ("simplex", "guided"))
    turnover = float(np.abs(lp.arrays().cost) @ np.abs(plain.x))
    assert guided.objective == pytest.approx(plain.objective, rel=1e-9, abs=1e-9 * turnover)
    assert guided.bound <= plain.objective + 1e-9 * turnover
