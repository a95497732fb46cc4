"""Bounds from duals: by hand, and never above the optimum."""

from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve
from pytest import approx  # noqa: PT013

from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.near import improved
from sivuvirta.lp.program import Bounds, Program


def hauls():
    """A stream of 10 t may go to a need of 6 t, saving 8 EUR/t at 3 EUR/t, or to a landfill for 5 EUR/t; what the need lacks costs 8."""
    program = Program("hauls")
    column = program.block("flow", 3, [3.0, 5.0, 8.0]).columns
    program.rows("supply", gather(1, Term(np.zeros(2, int), column[:2], 1.0)), 10.0, 10.0)
    program.rows("need", gather(1, Term(np.zeros(2, int), column[[0, 2]], 1.0)), 6.0, 6.0)
    return program.arrays()


def test_the_best_duals_prove_the_optimum():
    """Optimum 6 * 3 + 4 * 5 = 38. Duals 5 and -2: 10 * 5 - 6 * 2 = 38, reduced costs 0, 0 and 10."""
    found = dual_bound(hauls(), np.array([5.0, -2.0]), implied_upper(hauls()))
    assert found.value == approx(38.0, rel=1e-12)
    assert found.value <= 38.0
    assert found.reduced == approx([0.0, 0.0, 10.0])


def test_duals_that_overcharge_prove_less_by_what_the_columns_could_gain():
    """Duals 6 and 0: 60, less 3 * 6 of the haul (at most 6 t by the need's row) and 1 * 10 of the landfill (at most 10 t): 32."""
    found = dual_bound(hauls(), np.array([6.0, 0.0]), implied_upper(hauls()))
    assert found.value == approx(32.0, rel=1e-9)


def test_an_endless_column_with_a_negative_reduced_cost_proves_nothing():
    assert dual_bound(hauls(), np.array([6.0, 0.0])).value == -np.inf


def test_rows_bound_columns_through_other_columns():
    """x <= 4 by its row; y <= 2 x <= 8 by the next, and z has no bound."""
    program = Program("chain")
    column = program.block("x", 3, [-1.0, 1.0, 1.0]).columns
    program.rows("most", gather(1, Term(np.zeros(1, int), column[:1], 1.0)), upper=4.0)
    program.rows("yield", gather(1, Term(np.zeros(2, int), column[:2], np.array([-2.0, 1.0]))), 0.0, 0.0)
    program.rows("free", gather(1, Term(np.zeros(1, int), column[2:], 1.0)), lower=1.0)
    assert implied_upper(program.arrays()) == approx([4.0, 8.0, np.inf])


def test_duals_of_the_wrong_sign_and_no_numbers_count_as_nothing():
    """A row that is only at most 4 has no positive dual: the bound is then that of the column's own range, -1 * 4."""
    program = Program("one")
    column = program.block("x", 1, [-1.0], Bounds(upper=4.0)).columns
    program.rows("most", gather(1, Term(np.zeros(1, int), column, 1.0)), upper=3.0)
    for dual in (7.0, np.nan):
        assert dual_bound(program.arrays(), np.array([dual])).value == approx(-4.0)


@pytest.mark.parametrize("start", [[0.0, 0.0], [9.0, -3.0], [1.0, 4.0]])
def test_moving_duals_one_by_one_never_proves_less_and_here_finds_the_best(start):
    """Given the need's dual, the best of the supply's is min(3 - need's, 5), and the other way round: 38 is reached from anywhere."""
    arrays = hauls()
    upper = implied_upper(arrays)
    first = dual_bound(arrays, np.array(start), upper)
    better = improved(arrays, first, upper, np.arange(2), sweeps=20)
    assert first.value <= better.value <= 38.0
    assert better.value == approx(38.0, rel=1e-6)


def exact(arrays, y):
    """The bound of some duals in fractions, for columns between 0 and their upper bounds and rows that are equal to their sides."""
    columns, rows = arrays.column.tolist(), np.repeat(np.arange(len(y)), np.diff(arrays.start)).tolist()
    reduced = [Fraction(cost) for cost in arrays.cost.tolist()]
    for column, row, value in zip(columns, rows, arrays.value.tolist(), strict=True):
        reduced[column] -= Fraction(value) * Fraction(y[row])
    least = sum((min(rate, Fraction(0)) * Fraction(most) for rate, most in zip(reduced, arrays.upper.tolist(), strict=True)), Fraction(0))
    return least + sum((Fraction(dual) * Fraction(side) for dual, side in zip(y, arrays.row_lower.tolist(), strict=True)), Fraction(0))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tall", [True, False], ids=["one column in many rows", "many columns in one row"])
def test_long_sums_prove_no_more_than_fractions_do(seed, tall):
    """Coefficients of a tenth or so, whose products and sums are all rounded."""
    rng, count = np.random.default_rng(seed), 20_001
    program = Program("long")
    columns = program.block("x", 1 if tall else count, 0.1, Bounds(upper=rng.uniform(0, 1, 1 if tall else count))).columns
    rows = np.arange(count) if tall else np.zeros(count, int)
    program.rows("row", gather(count if tall else 1, Term(rows, np.broadcast_to(columns, count), rng.uniform(0.1, 0.3, count))), 0.1, 0.1)
    arrays = program.arrays()
    for y in (np.full(len(arrays.row_lower), 0.1), np.full(len(arrays.row_lower), 0.7), rng.uniform(0, 1, len(arrays.row_lower))):
        told = dual_bound(arrays, y).value
        assert Fraction(told) <= exact(arrays, y.tolist())
        assert told == approx(float(exact(arrays, y.tolist())), rel=1e-6, abs=1e-6)


def test_a_reduced_cost_that_only_rounding_makes_positive_proves_nothing_of_it():
    """200 001 rows, each with a tenth of one column; its cost is the sum of all of them but for rounding, which may go either way."""
    program, count = Program("tall"), 200_001
    column = program.block("x", 1, 0.0, Bounds(upper=1.0)).columns
    program.rows("row", gather(count, Term(np.arange(count), np.broadcast_to(column, count), 0.1)), 0.0, 0.0)
    arrays, y = program.arrays(), np.full(count, 0.1)
    exactly = count * Fraction(0.1) ** 2
    arrays.cost[0] = float(np.cumsum(np.full(count, 0.1 * 0.1))[-1])
    assert arrays.cost[0] != float(exactly)
    for sign in (1.0, -1.0):
        flipped = evolve(arrays, cost=sign * arrays.cost)
        assert Fraction(dual_bound(flipped, sign * y).value) <= min(sign * (Fraction(float(arrays.cost[0])) - exactly), Fraction(0))
