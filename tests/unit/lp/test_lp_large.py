"""The ways for large programs, on small ones: near answers with a proven gap, and guided choices against all of them tried."""

import itertools

import numpy as np
import pytest
from attrs import evolve
from pytest import approx  # noqa: PT013

from sivuvirta.errors import SolverError
from sivuvirta.lp.approach import approach
from sivuvirta.lp.bounds import DualBound, dual_bound, implied_upper
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.whole.core import Core
from sivuvirta.lp.whole.guided import _fixed, holds
from sivuvirta.lp.whole.tree import Search, search


def blends(seed, streams=40, needs=30, limits=3):
    """Streams to needs with blending limits that about half of the hauls break alone; the rest is bought and disposed of."""
    rng = np.random.default_rng(seed)
    start, end = (part.ravel() for part in np.meshgrid(np.arange(streams), np.arange(needs), indexing="ij"))
    supply, demand = rng.uniform(5, 50, streams), rng.uniform(5, 50, needs)
    program = Program("blends")
    flow = program.block("flow", len(start), rng.uniform(0, 30, len(start)), Bounds(size=np.minimum(supply[start], demand[end])))
    left = program.block("left", streams, 60.0, Bounds(size=supply))
    bought = program.block("bought", needs, 20.0, Bounds(size=demand))
    program.rows("supply", gather(streams, Term(start, flow.columns, 1.0), Term(np.arange(streams), left.columns, 1.0)), supply, supply)
    program.rows("need", gather(needs, Term(end, flow.columns, 1.0), Term(np.arange(needs), bought.columns, 1.0)), demand, demand)
    dirt = rng.lognormal(0, 0.6, (streams, limits))
    terms = [Term(end * limits + k, flow.columns, dirt[start, k] - 1.1) for k in range(limits)]
    program.rows("blend", gather(needs * limits, *terms), upper=0.0)
    return program


def facilities(seed, plants=5, customers=12):
    """Capacitated plants with fixed costs; what none serves costs 40 a unit."""
    rng = np.random.default_rng(seed)
    plant, customer = (part.ravel() for part in np.meshgrid(np.arange(plants), np.arange(customers), indexing="ij"))
    demand, room = rng.uniform(5, 20, customers), rng.uniform(30, 70, plants)
    program = Program("facilities")
    flow = program.block("flow", len(plant), rng.uniform(1, 20, len(plant)), Bounds(size=demand[customer]))
    short = program.block("short", customers, 40.0, Bounds(size=demand))
    built = program.block("built", plants, rng.uniform(100, 500, plants), Bounds(upper=1.0, integer=True))
    program.rows(
        "need", gather(customers, Term(customer, flow.columns, 1.0), Term(np.arange(customers), short.columns, 1.0)), demand, demand
    )
    program.rows("room", gather(plants, Term(plant, flow.columns, 1.0), Term(np.arange(plants), built.columns, -room)), upper=0.0)
    return program


def test_some_thousand_steps_come_near_the_optimal_pair():
    program = blends(1)
    best = Model(program).solve(SolveOptions(method="simplex"))
    found = approach(program.arrays(), 4000)
    assert program.arrays().cost @ found.x == approx(best.objective, rel=1e-3)
    bound = dual_bound(program.arrays(), found.duals, implied_upper(program.arrays()))
    assert best.objective * 0.995 <= bound.value <= best.objective


def test_steps_are_the_same_from_run_to_run():
    first, again = (approach(blends(2).arrays(), 50) for _ in range(2))
    assert first.x.tolist() == again.x.tolist()
    assert first.duals.tolist() == again.duals.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_a_near_answer_keeps_all_rows_and_its_bound_lies_below_the_optimum(seed):
    program = blends(seed)
    best = Model(program).solve(SolveOptions(method="simplex"))
    model = Model(program)
    found = model.solve(SolveOptions(method="near", gap=0.02))
    assert (found.status, found.method) == ("feasible", "near")
    assert model.closure(found.x).max() <= 1e-10
    assert found.bound <= best.objective <= found.objective * (1 + 1e-12)
    assert found.gap <= 0.02
    assert np.isnan(found.duals).all()  # the exact prices are not known


def test_after_a_near_answer_the_model_is_as_it_was():
    model = Model(blends(3))
    model.solve(SolveOptions(method="near", gap=0.5))
    again = model.solve(SolveOptions(method="simplex"))
    assert again.objective == approx(Model(blends(3)).solve(SolveOptions(method="simplex")).objective, rel=1e-12)


def test_near_refuses_whole_numbers():
    with pytest.raises(SolverError, match="whole numbers"):
        Model(facilities(1)).solve(SolveOptions(method="near"))


@pytest.mark.parametrize("seed", range(6))
def test_a_guided_answer_is_the_best_of_all_choices(seed):
    """All 32 sets of plants, each solved as a linear program."""
    program = facilities(seed)
    model = Model(program)
    columns, values = model.integers, []
    model.relax_integers()
    for chosen in itertools.product((0.0, 1.0), repeat=len(columns)):
        model.bound(columns, chosen, chosen)
        values.append(model.solve(SolveOptions(method="simplex")).objective)
    found = Model(program).solve(SolveOptions(method="guided", gap=0.0))
    assert found.method == "guided"
    assert found.objective == approx(min(values), rel=1e-9)
    assert found.bound <= min(values) * (1 + 1e-9)
    assert found.gap <= 1e-6


def searched(seed, plants=7, gap=0.0):
    """All choices searched from no answer; the tree alone, without the solver's own branching."""
    program = facilities(seed, plants)
    model = Model(program)
    arrays, integers = program.arrays(), model.integers
    asked = Search(
        core=Core(arrays, integers),
        arrays=evolve(arrays, upper=implied_upper(arrays)),
        integers=integers,
        enough=lambda value, bound: np.isfinite(value) and value - bound <= max(gap, 1e-9) * abs(value),
        go_on=lambda value, bound: True,
        holds=lambda x: holds(arrays, x),
    )
    return asked, program


@pytest.mark.parametrize("seed", range(8))
def test_the_tree_finds_the_best_of_all_choices_and_its_bound_is_below(seed):
    """All 128 sets of plants, each solved as a linear program; then with a gap of a twentieth: never a bound above the optimum."""
    asked, program = searched(seed)
    model, values, count = Model(program), [], len(asked.integers)
    model.relax_integers()
    for chosen in itertools.product((0.0, 1.0), repeat=count):
        model.bound(model.integers, chosen, chosen)
        values.append(model.solve(SolveOptions(method="simplex")).objective)
    found = search(asked, None, np.inf, (np.zeros(count), np.ones(count)))
    assert found.value == approx(min(values), rel=1e-9)
    assert found.bound <= min(values) * (1 + 1e-12)
    assert found.bound == approx(min(values), rel=2e-9)
    rough = search(searched(seed, gap=0.05)[0], None, np.inf, (np.zeros(count), np.ones(count)))
    assert rough.bound <= min(values) * (1 + 1e-12)
    assert min(values) * (1 - 1e-12) <= rough.value <= rough.bound / 0.95 * (1 + 1e-9)


def test_a_tree_that_is_stopped_still_proves_its_bound():
    """Stopped before the first branching, the bound is that of the relaxation, which is below the optimum."""
    asked, program = searched(3)
    best = Model(program).solve(SolveOptions(method="simplex", gap=0.0))
    count = len(asked.integers)
    found = search(evolve(asked, go_on=lambda value, bound: False), None, np.inf, (np.zeros(count), np.ones(count)))
    assert found.x is None
    assert 0 < found.bound < best.objective


@pytest.mark.parametrize("gap", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("seed", range(4))
def test_a_guided_bound_never_claims_more_than_the_optimum(seed, gap):
    best = Model(facilities(seed, 7)).solve(SolveOptions(method="simplex", gap=0.0))
    found = Model(facilities(seed, 7)).solve(SolveOptions(method="guided", gap=gap))
    assert found.bound <= best.objective * (1 + 1e-9) <= found.objective * (1 + 2e-9)
    assert found.gap <= gap + 1e-6
    assert found.gap == approx((found.objective - found.bound) / found.objective, abs=1e-9)


def test_a_guided_model_may_be_changed_and_solved_again():
    """With the first plant forbidden the answer is that of a model in which it never could be."""
    model, other = Model(facilities(2)), Model(facilities(2))
    model.solve(SolveOptions(method="guided"))
    for each in (model, other):
        each.bound(each.integers[:1], 0.0, 0.0)
    again, plain = model.solve(SolveOptions(method="guided", gap=0.0)), other.solve(SolveOptions(method="simplex", gap=0.0))
    assert again.objective == approx(plain.objective, rel=1e-9)
    assert again.x[model.integers[0]] == 0


def test_a_guided_program_without_an_answer_is_infeasible():
    program = facilities(1)
    program.rows("never", gather(1, Term(np.zeros(1, int), program.blocks[2].columns[:1], 1.0)), lower=2.0)
    assert Model(program).solve(SolveOptions(method="guided")).status == "infeasible"


@pytest.mark.parametrize("seed", range(6))
def test_guided_answers_keep_rows_that_were_added(seed):
    """The best structure, then the next best, cut off one by one: all 16 in the order of those solved one by one."""
    program = facilities(seed, 4)
    each, values = Model(program), []
    each.relax_integers()
    for chosen in itertools.product((0.0, 1.0), repeat=4):
        each.bound(each.integers, chosen, chosen)
        values.append(each.solve(SolveOptions(method="simplex")).objective)
    model, found = Model(program), []
    for _ in values:
        found.append(model.solve(SolveOptions(method="guided", gap=0.0)))
        stands, row = found[-1].x[model.integers] > 0.5, np.zeros(program.shape[1])
        row[model.integers] = np.where(stands, -1.0, 1.0)
        model.cut(row, lower=1.0 - stands.sum())
    assert [one.objective for one in found] == approx(sorted(values), rel=1e-9)
    assert all(one.bound <= value * (1 + 1e-9) for one, value in zip(found, sorted(values), strict=True))
    assert model.solve(SolveOptions(method="guided", gap=0.0)).status == "infeasible"


def test_a_known_solution_that_is_cut_off_or_not_whole_is_no_answer():
    """The relaxation's own solution costs less than any answer; with the best cut off, that is none any more either."""
    program = facilities(4)
    relaxed, model, plain = Model(program), Model(program), Model(program)
    relaxed.relax_integers()
    model.recall(relaxed.solve(SolveOptions(method="simplex")).x)
    best = plain.solve(SolveOptions(method="simplex", gap=0.0))
    assert model.solve(SolveOptions(method="guided", gap=0.0)).objective == approx(best.objective, rel=1e-9)
    model.recall(best.x)
    for each in (model, plain):
        each.cut(program.arrays().cost, lower=best.objective + 1.0)
    second = plain.solve(SolveOptions(method="simplex", gap=0.0))
    assert model.solve(SolveOptions(method="guided", gap=0.0)).objective == approx(second.objective, rel=1e-6)


class Failing(Model):
    """Its solver gives up after the choices are held."""

    def _told(self, *rest):
        raise SolverError("The solver stopped.")


@pytest.mark.parametrize("seed", range(3))
def test_choices_are_free_again_after_the_solver_gave_up(seed):
    model = Failing(facilities(seed))
    with pytest.raises(SolverError):
        model.solve(SolveOptions(method="guided", gap=0.0))
    held = model.highs.getLp()
    lower, upper = np.array(held.col_lower_), np.array(held.col_upper_)
    assert lower[model.integers].tolist() == [0.0] * 5
    assert upper[model.integers].tolist() == [1.0] * 5


def test_a_choice_is_left_out_only_where_it_costs_the_answer_or_more():
    """Proven 90 and an answer of 100: a choice that costs 9.95 more may be in a better one, of 99.95; one that costs 10.05 may not.

    Likewise for choices that save as much where they are made.
    """
    reduced = np.array([9.95, 10.05, -9.95, -10.05])
    lower, upper = _fixed(DualBound(90.0, np.zeros(0), reduced), np.arange(4), 100.0, (np.zeros(4), np.ones(4)))
    assert lower.tolist() == [0.0, 0.0, 0.0, 1.0]
    assert upper.tolist() == [1.0, 0.0, 1.0, 1.0]


class Late(Model):
    """Its answer does not close well, its basis is lost, and no time is left to solve it again."""

    def _closes_badly(self):
        self.highs.clearSolver()
        return True

    def _again(self):
        self._go(0.0)


@pytest.mark.parametrize("method", ["simplex", "ipm"])
def test_an_answer_that_time_did_not_let_solve_again_is_not_called_optimal(method):
    with pytest.raises(SolverError, match="without an answer: Time limit reached"):
        Late(blends(1)).solve(SolveOptions(method=method))
