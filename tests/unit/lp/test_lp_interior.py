"""Interior point by blocks: the factorisation against dense algebra, the answer against the simplex, and when it stands back."""

import highspy
import numpy as np
import pytest
from attrs import evolve
from pytest import approx  # noqa: PT013
from scipy.sparse import csr_array
from tests.unit.lp.test_lp_large import blends

from sivuvirta.lp import methods
from sivuvirta.lp.blocks import cut, factorise, solved
from sivuvirta.lp.interior import interior
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.reduce import reduced


def supply(program):
    linking = np.zeros(program.shape[0], dtype=bool)
    linking[program.family("supply").positions] = True
    return linking


def matrix_of(arrays):
    return csr_array((arrays.value, arrays.column, arrays.start), shape=(len(arrays.row_lower), len(arrays.cost)))


def test_blocks_solve_what_dense_algebra_solves():
    program, rng = blends(3, 8, 6), np.random.default_rng(3)
    matrix = matrix_of(program.arrays())
    weight, added, right = rng.uniform(0.1, 10, matrix.shape[1]), rng.uniform(0.1, 1, matrix.shape[0]), rng.normal(size=matrix.shape[0])
    dense = matrix.toarray() * weight @ matrix.toarray().T + np.diag(added)
    found = solved(factorise(cut(matrix, supply(program)), weight, added), right)
    assert found == approx(np.linalg.solve(dense, right), rel=1e-9, abs=1e-12)


def test_each_need_with_its_limits_is_a_block():
    program = blends(3, 8, 6)
    blocks = cut(matrix_of(program.arrays()), supply(program))
    assert blocks.dense.shape == (6, 4, 9)  # 6 needs; a balance and 3 limits; 8 streams and what is bought
    assert len(blocks.linking) == 8


def test_what_does_not_fall_apart_is_not_cut():
    program = blends(3, 8, 70)
    matrix, linking = matrix_of(program.arrays()), np.zeros(program.shape[0], dtype=bool)
    assert cut(matrix, linking) is None  # nothing left out
    linking[program.family("blend").positions] = True
    assert cut(matrix, linking) is None  # three limits a haul
    linking[:] = False
    linking[0] = True
    assert cut(matrix, linking) is None  # the other 7 streams hold 287 rows together


def test_an_interior_answer_tells_the_optimal_columns_and_rows():
    program = blends(1)
    arrays, best = program.arrays(), Model(program).solve(SolveOptions(method="simplex"))
    found = interior(arrays, [supply(program)], lambda: True)
    used = np.flatnonzero(best.x > 1e-6)
    assert found.columns[used].all()
    assert not found.columns[best.reduced > 1e-6].any()
    assert found.rows[np.abs(best.duals) > 1e-6].all()


def test_a_basis_of_what_is_kept_is_optimal_in_the_whole():
    program = blends(1)
    arrays, best = program.arrays(), Model(program).solve(SolveOptions(method="simplex"))
    kept = reduced(arrays, interior(arrays, [supply(program)], lambda: True))
    assert len(kept.columns) < len(arrays.cost) / 2
    part = _highs(kept.arrays)
    part.run()
    assert part.getInfo().objective_function_value == approx(best.objective, rel=1e-6)
    whole = _highs(arrays)
    assert whole.setBasis(kept.basis(part.getBasis())) == highspy.HighsStatus.kOk
    whole.run()
    assert whole.getInfo().objective_function_value == approx(best.objective, rel=1e-9)
    assert whole.getInfo().simplex_iteration_count < program.shape[0] / 5


def _highs(arrays):
    matrix, highs = matrix_of(arrays).tocsc(), highspy.Highs()
    highs.setOptionValue("output_flag", False)
    rows, columns = matrix.shape
    bounds, sides = (arrays.cost, arrays.lower, arrays.upper), (arrays.row_lower, arrays.row_upper)
    highs.passModel(columns, rows, matrix.nnz, 1, 1, 0.0, *bounds, *sides, matrix.indptr, matrix.indices, matrix.data, arrays.integer)
    return highs


def test_lower_sides_of_rows_count_as_upper_ones_turned_round():
    program = blends(4)
    arrays = program.arrays()
    sign = np.where(arrays.row_lower == -np.inf, -1.0, 1.0)
    turned = evolve(
        arrays,
        value=arrays.value * np.repeat(sign, np.diff(arrays.start)),
        row_lower=np.where(sign < 0, -arrays.row_upper, arrays.row_lower),
        row_upper=np.where(sign < 0, np.inf, arrays.row_upper),
    )
    one, other = (interior(each, [supply(program)], lambda: True) for each in (arrays, turned))
    assert (one.columns == other.columns).all()
    assert (one.rows == other.rows).all()


def test_other_shapes_infeasible_programs_and_a_stop_come_to_nothing():
    program = blends(1)
    arrays, linking = program.arrays(), supply(program)
    bounded = evolve(arrays, upper=np.full(len(arrays.cost), 9.0))
    ranged = evolve(arrays, row_lower=np.where(arrays.row_upper == 0, -1.0, arrays.row_lower))
    broken = evolve(arrays, row_lower=np.where(linking, -5.0, arrays.row_lower), row_upper=np.where(linking, -5.0, arrays.row_upper))
    assert interior(bounded, [linking], lambda: True) is None
    assert interior(ranged, [linking], lambda: True) is None
    assert interior(broken, [linking], lambda: True) is None
    assert interior(arrays, [linking], lambda: False) is None
    assert interior(arrays, [~linking], lambda: True) is None


@pytest.mark.parametrize("seed", [1, 2])
def test_large_programs_go_by_blocks_and_tell_the_same_answer(monkeypatch, seed):
    program, used = blends(seed), []
    monkeypatch.setattr(methods, "_SIMPLEX_BELOW", 0)
    whole = methods.Methods._by_blocks

    def spied(self, *given):
        used.append(whole(self, *given))
        return used[-1]

    monkeypatch.setattr(methods.Methods, "_by_blocks", spied)
    found, best = (Model(program).solve(SolveOptions(method=name)) for name in ("ipm", "simplex"))
    assert used[0] is not None
    assert found.status == "optimal"
    assert found.objective == approx(best.objective, rel=1e-9)
    arrays = program.arrays()
    balances = arrays.row_lower == arrays.row_upper
    assert found.duals[balances] @ arrays.row_upper[balances] == approx(best.objective, rel=1e-9)  # other rows' limits are 0
