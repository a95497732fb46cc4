"""Programs as files: what another reader of the file finds is what the program says."""

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.worlds import random_matches

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.files import column_names, row_names, write_lp, write_mps
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.plan.program.families import program

WRITERS = {"mps": write_mps, "lp": write_lp}


def diet(label="oat flakes", cost=(3.0, 2.0)):
    """Least cost of 4 g protein: oats at 3 for 2 g, peas at 2 for 1 g; whole bags of oats."""
    made = Program("diet")
    oats = made.block("bags", 1, cost[:1], Bounds(upper=10, integer=True), lambda _: label)
    peas = made.block("weight", 1, cost[1:], Bounds(upper=[np.inf]), lambda _: "pea: dried")
    columns = np.concatenate([oats.columns, peas.columns])
    made.rows("protein", gather(1, Term(np.zeros(2, int), columns, np.array([2.0, 1.0]))), lower=4.0)
    return made


def read(path):
    """What HiGHS finds in a file."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    return highs


def optimum(path):
    highs = read(path)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    return highs.getInfo().objective_function_value


@pytest.mark.parametrize("kind", WRITERS)
def test_the_optimum_is_found_again(kind, tmp_path):
    path = WRITERS[kind](diet(), tmp_path / f"diet.{kind}")
    assert path == tmp_path / f"diet.{kind}"
    assert optimum(path) == pytest.approx(6.0)  # two bags of oats


@pytest.mark.parametrize("kind", WRITERS)
def test_names_are_those_of_families_and_blocks_with_plain_signs(kind, tmp_path):
    lp = read(WRITERS[kind](diet(), tmp_path / f"diet.{kind}")).getLp()
    assert lp.col_names_ == ["bags(oat_flakes)", "weight(pea__dried)"]
    assert lp.row_names_ == ["protein(0)"]


@pytest.mark.parametrize(("kind", "sign"), [("mps", "*"), ("lp", "\\")])
def test_the_head_has_the_notes_each_on_a_line(kind, sign, tmp_path):
    path = WRITERS[kind](diet(), tmp_path / "any name", ["cost: EUR", "weight: 100\ng"])
    assert path.read_text().splitlines()[:3] == [f"{sign} diet; minimise; rows 1, columns 2", f"{sign} cost: EUR", f"{sign} weight: 100 g"]


def test_names_that_would_be_alike_get_numbers():
    made = Program()
    made.block("flow", 4, label=["a b", "a:b", "a_b", "a/b"].__getitem__)
    assert column_names(made) == ["flow(a_b)", "flow(a_b)_1", "flow(a_b)_2", "flow(a_b)_3"]


def test_long_names_are_cut_and_stay_apart():
    made = Program()
    made.rows("row", gather(2), label=lambda position: "x" * 300 + str(position))
    first, second = row_names(made)
    assert first == f"row({'x' * 195})"
    assert second == f"{first}_1"


@pytest.mark.parametrize("kind", WRITERS)
def test_a_state_is_written_as_it_stands_in_the_solver(kind, tmp_path):
    made = diet()
    model = Model(made)
    model.minimise(np.array([5.0, 2.0]), offset=100.0)
    model.bound(np.array([1]), 1.0, 3.0)
    model.limit(np.array([0]), 5.0, 6.0)
    path = WRITERS[kind](made, tmp_path / f"diet.{kind}", state=model)
    assert optimum(path) == pytest.approx(100 + 5 + 2 * 3)  # one bag for 2 g, 3 g of peas
    assert optimum(WRITERS[kind](made, path)) == pytest.approx(6.0)  # without a state: as made


@pytest.mark.parametrize("kind", WRITERS)
def test_rows_added_in_the_solver_are_written(kind, tmp_path):
    made = diet()
    model = Model(made)
    model.cut(np.array([1.0, 0.0]), upper=1.0)  # one bag at most
    path = WRITERS[kind](made, tmp_path / f"diet.{kind}", state=model)
    assert read(path).getLp().row_names_ == ["protein(0)", "added(0)"]
    assert optimum(path) == pytest.approx(3 + 2 * 2)  # one bag, 2 g of peas
    model.uncut()
    assert optimum(WRITERS[kind](made, path, state=model)) == pytest.approx(6.0)


@pytest.mark.parametrize("kind", WRITERS)
def test_whole_numbers_let_go_in_the_solver_are_written_so(kind, tmp_path):
    made = diet(cost=(3.0, 2.0))
    model = Model(made)
    model.limit(np.array([0]), 3.0, np.inf)
    path = tmp_path / f"diet.{kind}"
    assert optimum(WRITERS[kind](made, path, state=model)) == pytest.approx(5.0)  # one bag and 1 g of peas
    model.relax_integers()
    assert optimum(WRITERS[kind](made, path, state=model)) == pytest.approx(4.5)  # a bag and a half


def test_a_program_of_nothing_can_be_written(tmp_path):
    assert optimum(write_mps(Program("empty"), tmp_path / "empty.mps")) == 0.0


def test_nan_is_refused(tmp_path):
    with pytest.raises(SolverError, match="'diet' has a NaN in it and cannot be written to"):
        write_mps(diet(cost=(np.nan, 2.0)), tmp_path / "diet.mps")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_mps(diet(), tmp_path / "nowhere" / "diet.mps")


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_random_regions_program_is_the_same_after_writing_and_reading(seed, tmp_path_factory):
    made = program(random_matches(seed)).lp
    path = tmp_path_factory.mktemp("lp") / "world.mps"
    lp, arrays = read(write_mps(made, path)).getLp(), made.arrays()
    assert lp.col_names_ == column_names(made)
    assert lp.row_names_ == row_names(made)
    for written, meant in ((lp.col_cost_, arrays.cost), (lp.col_upper_, arrays.upper), (lp.row_lower_, arrays.row_lower)):
        assert np.asarray(written) == pytest.approx(meant, rel=1e-14)
    assert optimum(path) == pytest.approx(Model(made).solve(SolveOptions(gap=0.0)).objective, rel=1e-9, abs=1e-9)
