"""Programs handed to HiGHS: answers, duals, whole numbers, changes between solves."""

import highspy
import numpy as np
import pytest
from pytest import approx  # noqa: PT013

from sivuvirta.errors import ShapeError, SolverError
from sivuvirta.lp.conflicts import conflicts
from sivuvirta.lp.entries import Entries, Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.text import family_text, lp_text


def diet():
    """Two foods, protein at least 4 and energy at most 12."""
    program = Program("diet")
    food = program.block("food", 2, [3.0, 2.0], label=["oat", "pea"].__getitem__)
    program.rows("protein", gather(1, Term(np.zeros(2, int), food.columns, np.array([2.0, 1.0]))), lower=4.0)
    program.rows("energy", gather(1, Term(np.zeros(2, int), food.columns, np.array([5.0, 1.0]))), upper=9.0)
    return program


def facility(fixed=100.0):
    """One plant of at most 50 units for 3 a unit, or purchases for 10 a unit, to meet 20."""
    program = Program("facility")
    flow = program.block("flow", 2, [3.0, 10.0], Bounds(size=20.0))
    built = program.block("built", 1, fixed, Bounds(upper=1.0, integer=True))
    program.rows("need", gather(1, Term(np.zeros(2, int), flow.columns, 1.0)), 20.0, 20.0)
    program.rows("build", gather(1, Term(np.zeros(1, int), flow.columns[:1], 1.0), Term(np.zeros(1, int), built.columns, -50.0)), upper=0.0)
    return program


def test_gather_puts_triples_in_row_order_and_drops_zeros():
    entries = gather(3, Term(np.array([2, 0, 2]), np.array([0, 1, 2]), np.array([5.0, 0.0, 7.0])), Term(np.array([0]), np.array([3]), 1.0))
    assert entries.start.tolist() == [0, 1, 1, 3]
    assert entries.column.tolist() == [3, 0, 2]
    assert entries.value.tolist() == [1.0, 5.0, 7.0]
    assert entries.row().tolist() == [0, 2, 2]
    assert isinstance(entries, Entries)


def test_terms_and_bounds_of_wrong_length_are_refused():
    with pytest.raises(ShapeError):
        Term(np.zeros(2, int), np.zeros(3, int), 1.0)
    with pytest.raises(ShapeError):
        Program().block("x", 2, [1.0, 2.0, 3.0])


@pytest.mark.parametrize("method", ["simplex", "ipm"])
def test_optimum_duals_and_reduced_costs(method):
    model = Model(diet())
    result = model.solve(SolveOptions(method=method))
    # protein 2 oat + pea = 4 and energy 5 oat + pea = 9 cross at oat = 5/3; the cost 3 oat + 2 pea falls towards oat
    assert result.status == "optimal"
    assert result.x == approx([5 / 3, 2 / 3])
    assert result.objective == approx(19 / 3)
    assert result.duals == approx([7 / 3, -1 / 3])  # solve 2a + 5b = 3, a + b = 2
    assert result.duals @ [4.0, 9.0] == approx(result.objective)
    assert result.reduced == approx([0.0, 0.0], abs=1e-9)
    assert result.activity == approx([4.0, 9.0])


def test_scaling_is_exact_and_leaves_the_answer_alone():
    small, large = Program("small"), Program("large")
    for program, unit in ((small, 1.0), (large, 1e9)):
        x = program.block("x", 2, [1.0 / unit, 2.0 / unit], Bounds(size=30.0 * unit))
        program.rows("need", gather(1, Term(np.zeros(2, int), x.columns, 1.0)), 30.0 * unit, 30.0 * unit)
        program.rows("cap", gather(1, Term(np.zeros(1, int), x.columns[:1], 1.0)), upper=10.0 * unit)
    one, other = Model(small).solve(), Model(large).solve()
    assert one.objective == approx(50.0, rel=1e-15)
    assert other.objective == approx(50.0, rel=1e-15)
    assert other.x / 1e9 == approx(one.x, rel=1e-15)
    assert other.duals * 1e9 == approx(one.duals, rel=1e-12)


def test_whole_numbers_then_duals_with_them_fixed():
    model = Model(facility())
    result = model.solve()
    assert result.x == approx([20.0, 0.0, 1.0])
    assert result.objective == approx(160.0)
    assert result.bound <= result.objective
    assert np.isnan(result.duals).all()
    model.fix_integers(result.x)
    fixed = model.solve()
    assert fixed.objective == approx(160.0)
    assert fixed.duals[0] == approx(3.0)
    model.free_integers(0.0, 1.0)
    model.limit(np.array([0]), 10.0, 10.0)
    assert model.solve().objective == approx(100.0)  # 10 bought cost less than 100 + 30


def test_a_suggestion_is_taken_as_start():
    model = Model(facility())
    model.suggest(np.array([20.0, 0.0, 1.0]))
    assert model.solve(SolveOptions(time_limit=5.0)).objective == approx(160.0)


def test_bounds_costs_and_limits_change_between_solves():
    model = Model(diet())
    model.bound(np.array([0]), 0.0, 0.0)
    assert model.solve().x == approx([0.0, 4.0])
    model.minimise(np.array([1.0, 0.0]))
    model.bound(np.array([0]), 1.0, np.inf)
    assert model.solve().objective == approx(1.0)
    model.limit(np.array([1]), -np.inf, 4.0)
    assert model.solve().status == "infeasible"


def test_an_objective_without_end_is_an_error_that_says_so():
    program = Program("endless")
    program.block("x", 1, -1.0)
    with pytest.raises(SolverError, match=r"[Uu]nbounded"):
        Model(program).solve()


def test_a_bound_that_is_not_a_number_is_refused():
    program = Program("broken")
    x = program.block("x", 1, 1.0)
    program.rows("row", gather(1, Term(np.zeros(1, int), x.columns, np.array([np.nan]))), lower=1.0)
    with pytest.raises(SolverError, match="NaN"):
        Model(program).solve()


@pytest.mark.parametrize("program", [diet(), facility()], ids=["diet", "facility"])
def test_the_text_read_back_by_highs_has_the_same_optimum(program, tmp_path):
    path = tmp_path / "program.lp"
    path.write_text(lp_text(program))
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getInfo().objective_function_value == approx(Model(program).solve().objective)


def test_the_text_of_one_family():
    assert family_text(diet(), "energy") == " energy(0): 5 food(oat) + 1 food(pea) <= 9\n"
    with pytest.raises(KeyError):
        family_text(diet(), "none")


def test_a_row_of_ten_thousand_streams_is_found_by_its_number():
    program = diet()
    family, position = program.find(1)
    assert (family.name, position, family.text(0)) == ("energy", 0, "energy(0)")
    with pytest.raises(IndexError):
        program.find(2)


def test_a_program_without_columns_holds_or_does_not():
    program = Program("empty")
    program.rows("supply", gather(1), 0.0, 0.0)
    assert Model(program).solve().status == "optimal"
    program.rows("minimum", gather(1), 5.0)
    assert Model(program).solve().status == "infeasible"
    assert [found.family for found in conflicts(program)] == ["minimum"]


def knapsack() -> Program:
    """Six things of which those worth most are taken, beside a cost of a million that nobody can change."""
    lp = Program("knapsack")
    taken = lp.block("taken", 6, cost=-np.array([10.0, 13, 7, 8, 12, 4]), bounds=Bounds(upper=1.0, integer=True))
    lp.block("fixed", 1, cost=[1e6], bounds=Bounds(lower=1.0, upper=1.0))
    lp.rows("weight", gather(1, Term(np.zeros(6, int), taken.columns, np.array([4.0, 6, 3, 4, 5, 2]))), upper=11.0)
    return lp


def test_a_gap_is_a_part_of_what_can_change():
    """A gap of 1e-4 of a million would be 100, more than all that there is to win; the offset takes the million out."""
    model = Model(knapsack())
    model.minimise(model.arrays.cost.copy(), offset=-1e6)
    result = model.solve(SolveOptions(gap=1e-4))
    assert result.objective == pytest.approx(1e6 - 26, abs=1e-6)
    assert result.bound == pytest.approx(result.objective, abs=26 * 1e-4)
    assert result.gap <= 1e-4


def test_the_gap_of_an_answer():
    model = Model(knapsack())
    model.minimise(model.arrays.cost.copy(), offset=-1e6)
    assert model.gap(1e6 - 20, 1e6 - 25) == pytest.approx(5 / 20)
    assert model.gap(1e6, 1e6 - 25) == 1.0
    assert model.gap(1e6, 1e6 - 1e-4) == 0.0
    assert model.gap(1e6, -np.inf) == np.inf
    model.minimise(model.arrays.cost.copy())
    assert model.gap(1e6 - 20, 1e6 - 25) == pytest.approx(5e-6, rel=1e-3)
