"""The fixed point: equal to a direct solve wherever it says so, and a direct solve wherever it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sivuvirta.errors import SolverError
from sivuvirta.lifecycle.fixed_point import direct, solver


def system(number, size, heavy, negative):
    rng = np.random.default_rng(number)
    inputs = sparse.random(size, size, 0.15, random_state=rng, data_rvs=lambda count: rng.lognormal(0, 1, count)).toarray()
    np.fill_diagonal(inputs, 0.0)
    inputs *= heavy / np.maximum(inputs.sum(axis=0), 1e-9)
    if negative:
        inputs *= np.where(rng.random(inputs.shape) < 0.2, -1, 1)
    units = np.exp(rng.normal(0, 2, size))
    matrix = sparse.csr_matrix((np.eye(size) - inputs) * units[:, None] / units)
    return matrix, rng.lognormal(0, 1, size) / units, rng.lognormal(0, 1, (size, 3)) * units[:, None]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40), st.sampled_from([0.2, 0.6, 0.9, 1.3]), st.booleans())
def test_scores_equal_a_direct_solve(number, size, heavy, negative):
    matrix, weight, demands = system(number, size, heavy, negative)
    exact = demands.T @ np.linalg.solve(matrix.toarray().T, weight)
    found = solver(matrix, weight, demands).scores(matrix, weight)
    gross = np.abs(demands).T @ np.abs(np.linalg.solve(matrix.toarray().T, weight))
    assert (np.abs(found.scores - exact) <= 1e-9 * np.abs(exact) + 1e-12 * gross.max()).all()


def test_a_draw_beyond_the_first_matrix_is_proven_or_solved_directly():
    matrix, weight, demands = system(3, 30, 0.5, negative=False)
    shared = solver(matrix, weight, demands)
    for heavier in (1.0, 1.5, 1.9, 2.5, 6.0):
        diagonal = sparse.diags(matrix.diagonal())
        drawn = (diagonal - heavier * (diagonal - matrix)).tocsr()
        found = shared.scores(drawn, weight)
        assert found.scores == pytest.approx(demands.T @ np.linalg.solve(drawn.toarray().T, weight), rel=1e-9)
        assert found.direct or found.bound <= 1
    assert not shared.scores(matrix, weight).direct
    assert found.direct  # six times heavier is no technosphere that a series can solve


def test_a_process_that_makes_nothing_is_solved_directly_or_told():
    matrix = sparse.csr_matrix(np.array([[0.0, 2.0], [1.0, -1.0]]))
    weight, demands = np.array([1.0, 3.0]), np.eye(2)
    found = solver(matrix, weight, demands).scores(matrix, weight)
    assert found.direct
    assert found.scores == pytest.approx(np.linalg.solve(matrix.toarray().T, weight))
    with pytest.raises(SolverError, match="singular"):
        direct(sparse.csr_matrix(np.ones((2, 2))), weight)


def test_a_loop_that_takes_more_than_it_makes_has_no_series():
    matrix = sparse.csr_matrix(np.array([[1.0, -2.0], [-2.0, 1.0]]))
    weight, demands = np.array([1.0, 3.0]), np.eye(2)
    shared = solver(matrix, weight, demands)
    assert not shared.reach.any()
    found = shared.scores(matrix, weight)
    assert found.direct
    assert found.scores == pytest.approx([-7 / 3, -5 / 3])  # lambda: l1 - 2 l2 = 1, l2 - 2 l1 = 3
