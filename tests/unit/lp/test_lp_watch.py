"""Somebody looks on while a program is solved, and stops it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.watch import Watch


def facilities(sites: int = 25, customers: int = 50, outside: float | None = None) -> Program:
    """Open sites and serve every customer, if need be from outside: large enough that a solver looks up on its way."""
    rng = np.random.default_rng(3)
    cost, fixed, demand = rng.uniform(1, 30, (sites, customers)), rng.uniform(200, 400, sites), rng.uniform(5, 20, customers)
    capacity = rng.uniform(60, 160, sites)
    program = Program("facilities")
    ship = program.block("ship", sites * customers, cost=cost.ravel(), bounds=Bounds(size=np.tile(demand, sites)))
    opened = program.block("open", sites, cost=fixed, bounds=Bounds(upper=1.0, integer=True))
    customer, site = np.tile(np.arange(customers), sites), np.repeat(np.arange(sites), customers)
    served = [Term(customer, ship.columns, 1.0)]
    if outside is not None:
        served.append(Term(np.arange(customers), program.block("outside", customers, cost=outside).columns, demand))
    program.rows("serve", gather(customers, *served), demand, demand)
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


def test_a_stop_before_anything_was_found_leaves_what_is_known_at_rest():
    """Nothing opened: each of 50 customers is served from outside for 500; the bound is proven and below the optimum."""
    program = facilities(outside=500.0)
    outside = program.blocks[2]
    model = Model(program)
    model.rest = np.arange(outside.start, dtype=np.int32)
    stopped = model.solve(SolveOptions(watch=Watch(stop=lambda: True)))
    assert (stopped.status, stopped.objective) == ("feasible", pytest.approx(500.0 * 50))
    assert stopped.x[: outside.start].max() == 0
    best = model.solve(SolveOptions(gap=1e-9))
    assert best.status == "optimal"
    assert 0 <= stopped.bound <= best.objective <= stopped.objective


def test_a_stop_before_anything_was_found_gives_the_answer_that_was_offered():
    model = Model(facilities(outside=500.0))
    best = model.solve(SolveOptions(gap=1e-9))
    again = Model(facilities(outside=500.0))
    again.recall(best.x)
    stopped = again.solve(SolveOptions(watch=Watch(stop=lambda: True)))
    assert (stopped.status, stopped.objective) == ("feasible", pytest.approx(best.objective))


def test_without_anything_known_a_stop_is_an_error():
    """Nothing opened serves nobody, so that there is no answer without a search."""
    with pytest.raises(SolverError, match="without an answer"):
        Model(facilities()).solve(SolveOptions(watch=Watch(stop=lambda: True)))
