"""The solver of reconciliations by hand: adjustment, classes, bounds, products, suspects."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.sparse import csr_array

from sivuvirta.errors import ShapeError, SolverError
from sivuvirta.ledger.reconcile.solver import Kind, solve
from sivuvirta.ledger.reconcile.suspects import critical_score, global_test, suspects
from sivuvirta.ledger.reconcile.system import Products, System, system

NAN = math.nan
SPLIT = [[1, -1, -1]]


def kinds(solution):
    return [Kind(kind).name for kind in solution.kind]


def test_a_split_moves_by_the_share_of_each_variance():
    """10 - 6 - 5 = -1 with variances 4, 1, 1: each moves by its variance over 6."""
    found = solve(system(SPLIT, [10, 6, 5], [2, 1, 1]))
    assert found.x == pytest.approx([10 + 4 / 6, 6 - 1 / 6, 5 - 1 / 6])
    assert found.sd**2 == pytest.approx([4 - 16 / 6, 1 - 1 / 6, 1 - 1 / 6])
    assert found.cost == pytest.approx(1 / 6)
    assert found.freedom == 1


def test_what_one_balance_leaves_open_is_computed_with_its_uncertainty():
    found = solve(system(SPLIT, [10, 6, NAN], [2, 1, NAN]))
    assert kinds(found) == ["JUST_DETERMINED", "JUST_DETERMINED", "DETERMINABLE"]
    assert found.x[2] == pytest.approx(4)
    assert found.sd[2] == pytest.approx(math.sqrt(5))
    assert found.freedom == 0


def test_two_unknowns_in_one_balance_stay_unknown():
    found = solve(system(SPLIT, [10, NAN, NAN], [2, NAN, NAN]))
    assert kinds(found) == ["JUST_DETERMINED", "UNDETERMINED", "UNDETERMINED"]
    assert np.isnan(found.x[1:]).all()
    assert np.isnan(found.sd[1:]).all()


def test_unknowns_that_cancel_leave_a_check():
    """a splits into b and c, which meet again in d: b and c are unknown, and a = d is checked."""
    found = solve(system([[1, -1, -1, 0], [0, 1, 1, -1]], [10, NAN, NAN, 12], [1, NAN, NAN, 1]))
    assert kinds(found) == ["REDUNDANT", "UNDETERMINED", "UNDETERMINED", "REDUNDANT"]
    assert found.x[[0, 3]] == pytest.approx([11, 11])


def test_an_equation_twice_counts_once():
    found = solve(system([*SPLIT, [2, -2, -2]], [10, 6, 5], [1, 1, 1]))
    assert found.freedom == 1
    assert found.x == pytest.approx(solve(system(SPLIT, [10, 6, 5], [1, 1, 1])).x)


def test_exact_figures_do_not_move():
    found = solve(system(SPLIT, [10, 6, 5], [0, 1, 1]))
    assert found.x == pytest.approx([10, 5.5, 4.5])
    assert kinds(found) == ["EXACT", "REDUNDANT", "REDUNDANT"]
    assert found.sd[0] == 0


def test_exact_figures_that_contradict_each_other_are_an_error():
    with pytest.raises(SolverError, match="exact contradict"):
        solve(system(SPLIT, [10, 6, 5], [0, 0, 0]))


def test_correlated_errors_pull_together():
    """Var(a - b) = 1 + 1 - 2 * 0.5 = 1 for a - b = 0 and covariance 0.5: both meet in the middle with variance (1 + 0.5)/2."""
    plain = system([[1, -1]], [10, 12], [1, 1])
    found = solve(System(plain.matrix, plain.rhs, plain.value, plain.sd, plain.scale, plain.lower, plain.upper, correlated=((0, 1, 0.5),)))
    assert found.x == pytest.approx([11, 11])
    assert found.sd**2 == pytest.approx([0.75, 0.75])
    assert found.cost == pytest.approx(4.0)  # (10 - 12)^2 / 1


def test_nothing_flows_backwards():
    """10 = 12 + c: c is held at 0, and its two neighbours meet; the bound is a check of its own."""
    found = solve(system(SPLIT, [10, 12, NAN], [0.1, 0.1, NAN]))
    assert found.x == pytest.approx([11, 11, 0])
    assert found.bounded.tolist() == [False, False, True]
    assert found.freedom == 1
    assert found.cost == pytest.approx(200)


def test_a_bound_that_no_longer_pulls_is_released():
    """a = b + c, c + d = e: without bounds b and d are below 0 both. With b at 0, a = c and d is free again:
    4.5 a + 2 d = 23 and a + 1.04 d = 5.4, so d = 0.4851 and a = 4.8955."""
    rows = [[1, -1, -1, 0, 0], [0, 0, 1, 1, -1]]
    stated = ([4, 0, 10, 10, 5], [1, 1, 2, 5, 1])
    free = solve(system(rows, *stated, lower=-math.inf))
    assert free.x[1] < 0
    assert free.x[3] < 0
    found = solve(system(rows, *stated))
    assert found.x == pytest.approx([4.8955, 0, 4.8955, 0.4851, 5.3806], abs=5e-5)
    assert found.bounded.tolist() == [False, True, False, False, False]


def test_a_measured_value_at_its_bound_counts_its_adjustment():
    free = system([[1, -1, -1]], [10, 12, 0.1], [1, 1, 0.5])
    found = solve(free)
    assert found.x[2] == 0
    assert found.x[:2] == pytest.approx([11, 11])
    assert found.cost == pytest.approx(1 + 1 + 0.04)
    assert found.freedom == 2


def bilinear(content, sd):
    """x0 c = x1 with x0 = 100 +- 10, c as given, x1 = 20 +- 1."""
    products = Products(np.array([0]), np.array([0]), np.array([1]), np.array([1.0]))
    return System(
        matrix=csr_array(np.array([[0.0, 0.0, -1.0]])),
        rhs=np.zeros(1),
        value=np.array([100.0, content, 20.0]),
        sd=np.array([10.0, sd, 1.0]),
        scale=np.array([100.0, 0.2, 20.0]),
        lower=np.zeros(3),
        upper=np.full(3, np.inf),
        products=products,
    )


def test_a_content_that_was_not_measured_is_the_quotient():
    found = solve(bilinear(0.5, NAN))  # 0.5 is where the search starts
    assert found.x == pytest.approx([100, 0.2, 20])
    assert found.sd[1] == pytest.approx(0.2 * math.sqrt(0.1**2 + 0.05**2))  # relative variances add up to first order
    assert kinds(found) == ["JUST_DETERMINED", "DETERMINABLE", "JUST_DETERMINED"]


def test_products_are_fulfilled_and_stationary():
    """At the solution the gradient of the adjustment is a multiple of that of the equation: (x - y)/sd^2 + m (c, x0, -1) = 0."""
    case = bilinear(0.25, 0.02)
    found = solve(case)
    assert found.x[0] * found.x[1] == pytest.approx(found.x[2], rel=1e-9)
    slope = (found.x - case.value) / case.sd**2
    multiplier = slope[2]
    assert slope == pytest.approx(multiplier * np.array([-found.x[1], -found.x[0], 1.0]), rel=1e-6)
    assert found.cost == pytest.approx((((found.x - case.value) / case.sd) ** 2).sum())


def test_the_worst_measurement_is_found_and_taken_out():
    """Five parallel meters of one flow, the third 10 sd off."""
    rows = [[1, -1, 0, 0, 0], [0, 1, -1, 0, 0], [0, 0, 1, -1, 0], [0, 0, 0, 1, -1]]
    case = system(rows, [100, 101, 110, 99.5, 100.5], [1] * 5)
    solution = solve(case)
    assert not global_test(solution, 0.05).passed
    (found,) = suspects(case, solution, 0.05, 3)
    assert found.variable == 2
    assert found.without == pytest.approx((100 + 101 + 99.5 + 100.5) / 4)
    assert found.score == pytest.approx((110 - 100.25) / math.sqrt(1 + 1 / 4))  # against the mean of the other four
    assert found.left.freedom == 3
    assert found.left.passed


def test_of_two_that_disagree_neither_can_be_blamed():
    case = system([[1, -1]], [100, 110], [1, 1])
    (found,) = suspects(case, solve(case), 0.05, 1)
    assert {found.variable, *found.alike} == {0, 1}


def test_the_tests_have_the_quantiles_of_tables():
    solution = solve(system(SPLIT, [10, 6, 5], [1, 1, 1]))
    assert global_test(solution, 0.05).critical == pytest.approx(3.841, abs=5e-4)
    assert critical_score(solution, 0.05) == pytest.approx(2.388, abs=5e-4)  # three tests: 1 - 0.95^(1/3) = 0.01695, two-sided


def test_nothing_to_check_passes_and_says_so():
    test = global_test(solve(system(SPLIT, [10, 6, NAN], [2, 1, NAN])), 0.05)
    assert (test.freedom, test.probability, test.passed) == (0, 1.0, True)


def test_lengths_that_do_not_fit_are_an_error():
    case = system(SPLIT, [10, 6, 5], [1, 1, 1])
    with pytest.raises(ShapeError, match="1 rows and 3 variables"):
        System(case.matrix, case.rhs, case.value[:2], case.sd, case.scale, case.lower, case.upper)
