"""What must hold of the phases of the guided way, on random programs small enough to try every choice."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.whole import method
from sivuvirta.lp.whole.core import Core, Job, first_rows
from sivuvirta.lp.whole.districts import Relaxed, districts
from sivuvirta.lp.whole.guided import holds
from sivuvirta.lp.whole.local import Around, improved
from sivuvirta.lp.whole.parts import parts
from sivuvirta.lp.whole.summed import Asked, summed

SEEDS = st.integers(0, 10_000)
some = settings(max_examples=25, deadline=None, derandomize=True)
PLANTS = 6


def region(seed: int, plants: int = PLANTS, customers: int = 10) -> Program:
    """Plants with fixed costs and strong rows, which each serve some customers; what none serves costs 40 a unit."""
    rng = np.random.default_rng(seed)
    plant, customer = (part.ravel() for part in np.meshgrid(np.arange(plants), np.arange(customers), indexing="ij"))
    near = rng.random(len(plant)) < 0.6
    plant, customer = plant[near], customer[near]
    demand, room = rng.uniform(5, 20, customers), rng.uniform(20, 60, plants)
    lp = Program("region")
    flow = lp.block("flow", len(plant), rng.uniform(1, 20, len(plant)), Bounds(size=demand[customer]))
    short = lp.block("short", customers, 40.0, Bounds(size=demand))
    built = lp.block("built", plants, rng.uniform(100, 500, plants), Bounds(upper=1.0, integer=True))
    each = np.arange(len(plant))
    lp.rows("need", gather(customers, Term(customer, flow.columns, 1.0), Term(np.arange(customers), short.columns, 1.0)), demand, demand)
    lp.rows("room", gather(plants, Term(plant, flow.columns, 1.0), Term(np.arange(plants), built.columns, -room)), upper=0.0)
    strong = gather(len(each), Term(each, flow.columns, 1.0), Term(each, built.columns[plant], -demand[customer]))
    lp.rows("strong", strong, upper=0.0)
    return lp


def values(lp: Program) -> dict[tuple[float, ...], float]:
    """Objective of every set of plants, each solved as a linear program."""
    model, found = Model(lp), {}
    model.relax_integers()
    for chosen in itertools.product((0.0, 1.0), repeat=len(model.integers)):
        model.bound(model.integers, np.array(chosen), np.array(chosen))
        found[chosen] = model.solve(SolveOptions(method="simplex")).objective
    return found


@some
@given(SEEDS, st.floats(0.0, 1.0))
def test_a_core_of_any_rows_ends_at_the_relaxation_and_proves_no_more(seed: int, share: float) -> None:
    """Rows left out at random; the optimum keeps all rows, and the duals prove the value of the whole relaxation."""
    lp = region(seed)
    model, arrays = Model(lp), lp.arrays()
    integers = model.integers
    model.relax_integers()
    best = model.solve(SolveOptions(method="simplex")).objective
    rows = np.random.default_rng(seed).random(lp.shape[0]) < share
    core = Core(arrays, integers, rows | (arrays.row_lower == arrays.row_upper))
    told, again = core.solve(*[Job(np.zeros(PLANTS), np.ones(PLANTS))] * 2)
    core.close()
    bound = dual_bound(arrays, told.duals, implied_upper(arrays)).value
    assert told.status == again.status == "optimal"
    assert holds(arrays, told.x)
    assert arrays.cost @ told.x == pytest.approx(best, rel=1e-9)
    assert best * (1 - 1e-7) <= bound <= best * (1 + 1e-12)


@some
@given(SEEDS)
def test_a_core_started_from_the_whole_relaxation_proves_each_node(seed: int) -> None:
    """Both sides of every choice, side by side: bounds are below the best answer with that choice."""
    lp = region(seed)
    tried, model, arrays = values(lp), Model(lp), lp.arrays()
    model.relax_integers()
    model.solve(SolveOptions(method="simplex"))
    plain = Core(arrays, model.integers)
    root = plain.solve(Job(np.zeros(PLANTS), np.ones(PLANTS)))[0]
    rows, basis = first_rows(arrays, root.basis)
    core = Core(arrays, model.integers, rows)
    core.solve(Job(np.zeros(PLANTS), np.ones(PLANTS), basis))
    for choice in range(PLANTS):
        lower, upper = np.zeros((2, PLANTS)), np.ones((2, PLANTS))
        lower[1, choice], upper[0, choice] = 1.0, 0.0
        for side, told in enumerate(core.solve(*(Job(lower[side], upper[side], basis) for side in (0, 1)))):
            best = min(value for chosen, value in tried.items() if chosen[choice] == side)
            assert told.status == "optimal"
            assert dual_bound(arrays, told.duals, implied_upper(arrays)).value <= best * (1 + 1e-12)
            assert arrays.cost @ told.x <= best * (1 + 1e-9)
    plain.close()
    core.close()


@some
@given(SEEDS)
def test_a_column_hangs_on_the_choice_whose_rows_it_has_and_what_is_common_on_none(seed: int) -> None:
    lp = region(seed)
    arrays, integers = lp.arrays(), np.flatnonzero(lp.arrays().integer).astype(np.int32)
    found = parts(arrays, integers)
    flow, short = lp.blocks[0], lp.blocks[1]
    strong = lp.family("strong").entries.column.reshape(-1, 2)
    assert found.owner[strong[:, 0]].tolist() == (strong[:, 1] - lp.blocks[2].start).tolist()
    reached = found.owner[flow.columns]
    lone = {int(need) for need in range(10) if len(set(reached[_served(lp, need)].tolist())) <= 1}
    assert all(found.owner[short.columns[need]] == -1 for need in range(10) if need not in lone)
    assert sum(len(own) for own in found.columns) == int((found.owner >= 0).sum())


def _served(lp: Program, need: int) -> np.ndarray:
    """Flows to a customer."""
    entries = lp.family("need").entries
    columns = entries.column[entries.start[need] : entries.start[need + 1]]
    return columns[columns < lp.blocks[0].count]


@some
@given(SEEDS, st.integers(0, 2**PLANTS - 1))
def test_pieces_never_make_an_answer_worse_nor_break_a_row_and_end_at_the_same(seed: int, start: int) -> None:
    """From any set of plants. What comes out is the optimum of its own choices or above, and never below the best of all."""
    lp = region(seed)
    arrays, integers, tried = lp.arrays(), np.flatnonzero(lp.arrays().integer).astype(np.int32), values(lp)
    chosen = np.array([float(start >> k & 1) for k in range(PLANTS)])
    model = Model(lp)
    model.relax_integers()
    model.bound(integers, chosen, chosen)
    x = model.solve(SolveOptions(method="simplex")).x
    asked = Around(
        arrays=arrays,
        integers=integers,
        relaxed=np.full(PLANTS, 0.5),
        least=lambda value: 1e-9 * abs(value),
        go_on=lambda value: True,
        holds=lambda answer: holds(arrays, answer),
        ready=lambda highs: None,
    )
    first, again = (improved(asked, parts(arrays, integers), x) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert holds(arrays, first)
    value = float(arrays.cost @ first)
    assert min(tried.values()) * (1 - 1e-9) <= value <= float(arrays.cost @ x) + 1e-9
    assert value >= tried[tuple(np.round(first[integers]).tolist())] * (1 - 1e-9)


def relaxed(lp: Program, known: np.ndarray, noise: np.ndarray | float = 0.0) -> Relaxed:
    """The relaxation's optimum beside a known answer; its duals may be poor ones."""
    model, arrays = Model(lp), lp.arrays()
    model.relax_integers()
    told = model.solve(SolveOptions(method="simplex"))
    proven = dual_bound(arrays, told.duals + noise, implied_upper(arrays))
    return Relaxed(told.x, proven, implied_upper(arrays), model.integers, known, float(arrays.cost @ known) - proven.value)


def every(lp: Program) -> np.ndarray:
    """What all plants together do best, all of them built."""
    model = Model(lp)
    model.relax_integers()
    model.bound(model.integers, np.ones(PLANTS), np.ones(PLANTS))
    return model.solve(SolveOptions(method="simplex")).x


def asked(*, going: bool = True) -> Asked:
    return Asked(least=0.0, go_on=lambda: going, ready=lambda highs: None, left=lambda: np.inf)


@some
@given(SEEDS, st.lists(st.integers(-1, 2), min_size=PLANTS, max_size=PLANTS), st.floats(0.0, 2.0))
def test_a_sum_over_any_districts_never_claims_more_than_the_best(seed: int, chosen: list[int], noise: float) -> None:
    """Choices are put into districts, or left out, at random; duals may be off. Stopped at once, the sum is what the duals prove."""
    lp = region(seed)
    arrays, best = lp.arrays(), min(values(lp).values())
    at = relaxed(lp, every(lp), noise * np.random.default_rng(seed).standard_normal(lp.shape[0]))
    found, district = parts(arrays, at.integers), np.unique([-1, *chosen], return_inverse=True)[1][1:] - 1
    at_once, searched = (summed(arrays, found, at, district, asked(going=going)) for going in (False, True))
    assert searched <= best * (1 + 1e-12)
    assert at_once <= searched + 1e-9 * abs(best)
    assert at_once == pytest.approx(at.proven.value, rel=1e-9, abs=1e-6)


@some
@given(SEEDS)
def test_one_district_of_all_choices_proves_the_best(seed: int) -> None:
    lp = region(seed)
    at = relaxed(lp, every(lp))
    proven = summed(lp.arrays(), parts(lp.arrays(), at.integers), at, np.zeros(PLANTS, int), asked())
    assert proven == pytest.approx(min(values(lp).values()), rel=1e-7)


@some
@given(SEEDS, st.floats(1.0, 6.0))
def test_districts_hold_each_choice_once_and_are_no_larger_than_asked(seed: int, most: float) -> None:
    """An open choice counts as one, another as a tenth; those in no district are in none with an open choice."""
    lp = region(seed)
    at = relaxed(lp, every(lp))
    district = districts(parts(lp.arrays(), at.integers), at, most)
    size = np.bincount(district + 1, weights=np.where(at.open, 1.0, 0.1), minlength=1)[1:]
    assert district.shape == (PLANTS,)
    assert (size <= most + 1e-9).all()
    assert (district[at.open] >= 0).all()
    assert all(at.open[district == number].any() for number in range(int(district.max()) + 1))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("gap", [0.0, 0.02])
def test_the_way_of_many_choices_is_right_too(seed: int, gap: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """One rounding and pieces instead of the dive, as with many open choices: bound, optimum and answer in this order."""
    monkeypatch.setattr(method, "MANY", -1)
    monkeypatch.setattr("sivuvirta.lp.whole.guided.MANY", -1)
    lp = region(seed)
    best = min(values(lp).values())
    found = Model(lp).solve(SolveOptions(method="guided", gap=gap))
    assert found.bound <= best * (1 + 1e-9)
    assert best * (1 - 1e-9) <= found.objective <= found.bound / (1 - gap) * (1 + 1e-6)
    assert found.gap <= gap + 1e-6
