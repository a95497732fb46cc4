"""What must hold of every program."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sivuvirta.errors import MissingExtraError
from sivuvirta.lp.conflicts import conflicts
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program

SEEDS = st.integers(0, 100_000)
some = settings(max_examples=60, deadline=None, derandomize=True)


def transport(seed: int, unit: float = 1.0, order=None) -> Program:
    """A random transport problem with purchases at a price; amounts over six orders of magnitude, in any unit."""
    rng = np.random.default_rng(seed)
    sources, sinks = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    supply, demand = 10 ** rng.uniform(0, 6, sources), 10 ** rng.uniform(0, 6, sinks)
    cost, price = rng.uniform(0, 30, (sources, sinks)), rng.uniform(10, 40, sinks)
    start, end = (part.ravel() for part in np.meshgrid(np.arange(sources), np.arange(sinks), indexing="ij"))
    given_order = np.arange(len(start)) if order is None else np.argsort(order(seed, len(start)))
    start, end = start[given_order], end[given_order]
    program = Program("transport")
    flow = program.block("flow", len(start), cost[start, end] / unit, Bounds(size=np.minimum(supply[start], demand[end]) * unit))
    left = program.block("left", sources, 5.0 / unit, Bounds(size=supply * unit))
    bought = program.block("bought", sinks, price / unit, Bounds(size=demand * unit))
    stays, buys = Term(np.arange(sources), left.columns, 1.0), Term(np.arange(sinks), bought.columns, 1.0)
    program.rows("supply", gather(sources, Term(start, flow.columns, 1.0), stays), supply * unit, supply * unit)
    program.rows("need", gather(sinks, Term(end, flow.columns, 1.0), buys), demand * unit, demand * unit)
    return program


@some
@given(SEEDS, st.sampled_from(["simplex", "ipm"]))
def test_primal_is_dual_and_every_row_closes(seed, method):
    model = Model(transport(seed))
    result = model.solve(SolveOptions(method=method))
    assert result.duals @ model.arrays.row_lower == pytest.approx(result.objective, rel=1e-9)
    assert model.closure(result.x).max() <= 1e-9
    assert result.x.min() >= 0


@some
@given(SEEDS)
def test_a_dual_holds_from_the_low_to_the_high_end_of_its_range(seed):
    """Solved anew with the right-hand side at an end, the objective is where the dual says; beyond, it is no better than that."""
    model = Model(transport(seed))
    result = model.solve()
    low, high = model.ranges()
    row = seed % model.program.shape[0]
    now = float(model.arrays.row_lower[row])
    assert low[row] <= now * (1 + 1e-9) <= high[row] * (1 + 1e-9) ** 2
    for end in (low[row], high[row]):
        side = end if np.isfinite(end) else 2 * now
        moved = Model(transport(seed))
        moved.limit(np.array([row]), side, side)
        expected = result.objective + result.duals[row] * (side - now)
        assert moved.solve().objective == pytest.approx(expected, rel=1e-7, abs=1e-7 * result.objective)
        if np.isfinite(end):
            beyond = max(0.0, end + 0.5 * (end - now))
            moved.limit(np.array([row]), beyond, beyond)
            assert moved.solve().objective >= result.objective + result.duals[row] * (beyond - now) - 1e-7 * result.objective


@some
@given(SEEDS, st.sampled_from([1e-6, 1e3, 1e9]))
def test_units_do_not_matter(seed, unit):
    one, other = Model(transport(seed)).solve(), Model(transport(seed, unit)).solve()
    assert other.objective == pytest.approx(one.objective, rel=1e-9)
    assert other.x / unit == pytest.approx(one.x, rel=1e-9, abs=1e-9 * one.x.max())


@some
@given(SEEDS)
def test_the_order_of_columns_does_not_matter(seed):
    mixed = transport(seed, order=lambda key, count: np.random.default_rng(key + 1).random(count))
    assert Model(mixed).solve().objective == pytest.approx(Model(transport(seed)).solve().objective, rel=1e-9)


@some
@given(SEEDS)
def test_both_methods_agree(seed):
    simplex, interior = (Model(transport(seed)).solve(SolveOptions(method=method)) for method in ("simplex", "ipm"))
    assert simplex.objective == pytest.approx(interior.objective, rel=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(SEEDS)
def test_conflicts_are_a_smallest_set(seed):
    """Sinks that must get more than all sources give, with nothing to buy: dropping any row of the set makes the rest hold."""
    rng = np.random.default_rng(seed)
    sources, sinks = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    reach = np.argwhere(rng.random((sources, sinks)) < 0.7)
    program = Program("short")
    flow = program.block("flow", len(reach), 1.0, Bounds(size=10.0))
    start, end = (reach[:, 0], reach[:, 1]) if len(reach) else (np.zeros(0, int), np.zeros(0, int))
    program.rows("supply", gather(sources, Term(start, flow.columns, 1.0)), upper=rng.uniform(1, 10, sources))
    program.rows("minimum", gather(sinks, Term(end, flow.columns, 1.0)), rng.uniform(5, 15, sinks))
    found = conflicts(program)
    assert bool(found) != Model(program).solve().found
    for conflict in found:
        others = [row for row in range(program.shape[0]) if row not in {other.row for other in found} or row == conflict.row]
        model = Model(program)
        model.limit(np.array(others), -np.inf, np.inf)
        assert model.solve().found


def test_a_method_without_its_package_says_how_to_get_it():

    model = Model(transport(1))
    if find_spec("highspy_extras") is None:
        with pytest.raises(MissingExtraError, match="highspy-extras"):
            model.solve(SolveOptions(method="hipo"))
    else:
        assert model.solve(SolveOptions(method="hipo")).found
