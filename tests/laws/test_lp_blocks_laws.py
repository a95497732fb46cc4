"""Laws: what interior point by blocks leaves out changes no answer, and its duals prove it in the program as it was."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch, approx  # noqa: PT013
from scipy.sparse import csr_array
from tests.unit.lp.test_lp_large import blends

from sivuvirta.lp import methods
from sivuvirta.lp.bounds import dual_bound
from sivuvirta.lp.model import Model, SolveOptions

STREAMS, NEEDS, LIMITS = st.integers(2, 15), st.integers(2, 12), st.integers(1, 5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), STREAMS, NEEDS, LIMITS)
def test_answers_by_blocks_are_optimal_in_the_whole_program(seed, streams, needs, limits):
    program = blends(seed, streams, needs, limits)
    arrays = program.arrays()
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=program.shape)
    with MonkeyPatch.context() as patch:
        patch.setattr(methods, "_SIMPLEX_BELOW", 0)
        found = Model(program).solve(SolveOptions(method="ipm"))
    best = Model(program).solve(SolveOptions(method="simplex"))
    size = abs(best.objective) * 1e-8 + 1e-6
    assert found.objective == approx(best.objective, abs=size)
    assert (found.x >= 0).all()
    assert (matrix @ found.x <= arrays.row_upper + 1e-6).all()
    assert (matrix @ found.x >= arrays.row_lower - 1e-6).all()
    assert found.reduced == approx(arrays.cost - matrix.T @ found.duals, abs=1e-6)
    assert (found.reduced >= -1e-6).all()
    assert np.abs(found.x * found.reduced).max() <= size  # complementary slackness of columns
    slack = np.where(np.isfinite(arrays.row_upper), arrays.row_upper - matrix @ found.x, 0.0)
    assert np.abs(slack * found.duals).max() <= size  # and of rows
    assert dual_bound(arrays, found.duals + 0.0, np.full(len(arrays.cost), 1e3)).value == approx(best.objective, rel=1e-6, abs=1e-3)
