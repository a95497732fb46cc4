"""Somebody looks on while a program is solved, and stops it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.watch import Watch


def facilities(sites: int = 25, customers: int = 50) -> Program:
    """Open sites and serve every customer: large enough that a solver looks up on its way."""
    rng = np.random.default_rng(3)
    cost, fixed, demand = rng.uniform(1, 30, (sites, customers)), rng.uniform(200, 400, sites), rng.uniform(5, 20, customers)
    capacity = rng.uniform(60, 160, sites)
    program = Program("facilities")
    ship = program.block("ship", sites * customers, cost=cost.ravel(), bounds=Bounds(size=np.tile(demand, sites)))
    opened = program.block("open", sites, cost=fixed, bounds=Bounds(upper=1.0, integer=True))
    customer, site = np.tile(np.arange(customers), sites), np.repeat(np.arange(sites), customers)
    program.rows("serve", gather(customers, Term(customer, ship.columns, 1.0)), demand, demand)
    limits = gather(sites, Term(site, ship.columns, 1.0), Term(np.arange(sites), opened.columns, -capacity))
    program.rows("capacity", limits, upper=0.0)
    return program


def test_who_looks_on_sees_better_answers_and_tighter_bounds():
    seen = []
    best = Model(facilities()).solve(SolveOptions(gap=1e-6, watch=Watch(tell=seen.append)))
    found = [progress.found for progress in seen if np.isfinite(progress.found)]
    bounds = [progress.bound for progress in seen if np.isfinite(progress.bound)]
    assert len(found) >= 2
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(found))
    assert found[-1] >= best.objective - 1e-6 * best.objective
    assert max(bounds) <= best.objective * (1 + 1e-6)
    assert all(progress.seconds >= 0 for progress in seen)


def test_a_stop_keeps_the_best_answer_and_its_gap():
    seen = []
    watch = Watch(tell=seen.append, stop=lambda: any(np.isfinite(progress.found) for progress in seen))
    model = Model(facilities())
    stopped = model.solve(SolveOptions(gap=1e-9, watch=watch))
    assert stopped.status == "feasible"
    assert stopped.bound <= stopped.objective
    assert stopped.gap == pytest.approx((stopped.objective - stopped.bound) / stopped.objective)
    best = model.solve(SolveOptions(gap=1e-6))
    assert best.status == "optimal"
    assert stopped.bound <= best.objective * (1 + 1e-6)
    assert best.objective <= stopped.objective * (1 + 1e-9)
