"""Somebody looks on while a program is solved, and stops it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.lp.watch import Watch, patient, stopped


def facilities(sites: int = 25, customers: int = 50, outside: float | None = None) -> Program:
    """Open sites and serve every customer, if need be from outside: large enough that a solver looks up on its way."""
    rng = np.random.default_rng(3)
    cost, fixed, demand = rng.uniform(1, 30, (sites, customers)), rng.uniform(200, 400, sites), rng.uniform(5, 20, customers)
    capacity = rng.uniform(60, 160, sites)
    program = Program("facilities")
    ship = program.block("ship", sites * customers, cost=cost.ravel(), bounds=Bounds(size=np.tile(demand, sites)))
    opened = program.block("open", sites, cost=fixed, bounds=Bounds(upper=1.0, integer=True))
    customer, site = np.tile(np.arange(customers), sites), np.repeat(np.arange(sites), customers)
    served = [Term(customer, ship.columns, 1.0)]
    if outside is not None:
        served.append(Term(np.arange(customers), program.block("outside", customers, cost=outside).columns, demand))
    program.rows("serve", gather(customers, *served), demand, demand)
    limits = gather(sites, Term(site, ship.columns, 1.0), Term(np.arange(sites), opened.columns, -capacity))
    program.rows("capacity", limits, upper=0.0)
    return program


def test_who_looks_on_sees_better_answers_and_tighter_bounds():
    seen = []
    best = Model(facilities()).solve(SolveOptions(gap=1e-6, watch=Watch(tell=seen.append)))
    found = [progress.found for progress in seen if np.isfinite(progress.found)]
    bounds = [progress.bound for progress in seen if np.isfinite(progress.bound)]
    assert len(found) >= 2
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(found))
    assert found[-1] >= best.objective - 1e-6 * best.objective
    assert max(bounds) <= best.objective * (1 + 1e-6)
    assert all(progress.seconds >= 0 for progress in seen)


def test_a_stop_keeps_the_best_answer_and_its_gap():
    seen = []
    watch = Watch(tell=seen.append, stop=lambda: any(np.isfinite(progress.found) for progress in seen))
    model = Model(facilities())
    stopped = model.solve(SolveOptions(gap=1e-9, watch=watch))
    assert stopped.status == "feasible"
    assert stopped.bound <= stopped.objective
    assert stopped.gap == pytest.approx((stopped.objective - stopped.bound) / stopped.objective)
    best = model.solve(SolveOptions(gap=1e-6))
    assert best.status == "optimal"
    assert stopped.bound <= best.objective * (1 + 1e-6)
    assert best.objective <= stopped.objective * (1 + 1e-9)


def test_a_stop_before_anything_was_found_leaves_what_is_known_at_rest():
    """Nothing opened: each of 50 customers is served from outside for 500; the bound is proven and below the optimum."""
    program = facilities(outside=500.0)
    outside = program.blocks[2]
    model = Model(program)
    model.rest = np.arange(outside.start, dtype=np.int32)
    stopped = model.solve(SolveOptions(watch=Watch(stop=lambda: True)))
    assert (stopped.status, stopped.objective) == ("feasible", pytest.approx(500.0 * 50))
    assert stopped.x[: outside.start].max() == 0
    best = model.solve(SolveOptions(gap=1e-9))
    assert best.status == "optimal"
    assert 0 <= stopped.bound <= best.objective <= stopped.objective


def test_a_stop_before_anything_was_found_gives_the_answer_that_was_offered():
    model = Model(facilities(outside=500.0))
    best = model.solve(SolveOptions(gap=1e-9))
    again = Model(facilities(outside=500.0))
    again.recall(best.x)
    stopped = again.solve(SolveOptions(watch=Watch(stop=lambda: True)))
    assert (stopped.status, stopped.objective) == ("feasible", pytest.approx(best.objective))


def test_without_anything_known_a_stop_is_an_error():
    """Nothing opened serves nobody, and three sites at most may be opened, so that there is no answer without a search."""
    program = facilities()
    opened = program.blocks[1]
    program.rows("few", gather(1, Term(np.zeros(opened.count, dtype=np.int64), opened.columns, 1.0)), upper=3.0)
    with pytest.raises(SolverError, match="without an answer: Stopped"):
        Model(program).solve(SolveOptions(watch=Watch(stop=lambda: True)))


def asked_for_the_nth_time(last: int) -> tuple[Watch, list[int]]:
    """A watch that asks to stop from its n-th question on, and the questions so far."""
    questions: list[int] = []

    def stop() -> bool:
        questions.append(len(questions) + 1)
        return len(questions) >= last

    return Watch(stop=stop), questions


def near_facilities() -> Program:
    """Every customer may be served from outside, so that there is an answer without any search."""
    return facilities(outside=500.0)


def open_market(sites: int = 25, customers: int = 50) -> Program:
    """The same without anything to open: sites send what they have, and the rest comes from outside for 500 a customer."""
    rng = np.random.default_rng(4)
    cost, demand, capacity = rng.uniform(1, 30, (sites, customers)), rng.uniform(5, 20, customers), rng.uniform(20, 50, sites)
    program = Program("market")
    ship = program.block("ship", sites * customers, cost=cost.ravel(), bounds=Bounds(size=np.tile(demand, sites)))
    outside = program.block("outside", customers, cost=500.0 / demand, bounds=Bounds(size=demand))
    customer, site = np.tile(np.arange(customers), sites), np.repeat(np.arange(sites), customers)
    served = gather(customers, Term(customer, ship.columns, 1.0), Term(np.arange(customers), outside.columns, 1.0))
    program.rows("serve", served, demand, demand)
    program.rows("capacity", gather(sites, Term(site, ship.columns, 1.0)), upper=capacity)
    return program


@pytest.fixture(scope="module")
def exact() -> float:
    return Model(near_facilities()).solve(SolveOptions(gap=1e-9)).objective


@pytest.mark.parametrize("method", ["simplex", "ipm", "guided"])
@pytest.mark.parametrize("last", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
def test_every_phase_asks_and_keeps_what_is_proven(method: str, last: int, exact: float):
    """Whenever it is stopped, the answer is no better than the optimum and the bound no higher, and hardly a question is asked after."""
    model, program = Model(near_facilities()), near_facilities()
    model.rest = np.arange(program.blocks[2].start, dtype=np.int32)
    watch, questions = asked_for_the_nth_time(last)
    found = model.solve(SolveOptions(method=method, gap=1e-9, watch=watch))
    assert found.found
    assert found.bound <= exact * (1 + 1e-9)
    assert found.objective >= exact * (1 - 1e-9)
    assert found.status == ("feasible" if len(questions) >= last else "optimal")
    assert len(questions) <= last + 8


def test_each_phase_of_the_guided_way_is_stopped_in():
    """In the relaxation nothing is opened yet, and its duals prove little; after the dive, and after some branching, both are better."""
    found = []
    for last in (34, 400, 3200):
        model = Model(near_facilities())
        model.rest = np.arange(model.program.blocks[2].start, dtype=np.int32)
        watch, _ = asked_for_the_nth_time(last)
        found.append(model.solve(SolveOptions(method="guided", gap=1e-9, watch=watch)))
    assert found[0].objective == pytest.approx(500.0 * 50)
    assert found[0].objective > found[1].objective > found[2].objective
    assert found[0].bound < found[1].bound < found[2].bound


@pytest.mark.parametrize("last", [1, 2, 30, 150])
def test_steps_towards_a_large_program_are_stopped_between_looks(last: int):
    """All customers of a program without sites to open: what is at rest is an answer, and the steps so far prove its bound."""
    program = open_market()
    exact = Model(program).solve(SolveOptions(method="simplex")).objective
    model = Model(program)
    model.rest = np.arange(program.blocks[1].start, dtype=np.int32)
    watch, questions = asked_for_the_nth_time(last)
    found = model.solve(SolveOptions(method="near", gap=1e-12, watch=watch))
    assert found.status == "feasible"
    assert len(questions) <= last + 2
    assert found.bound <= exact * (1 + 1e-9)
    assert found.objective >= exact * (1 - 1e-9)


def test_a_patient_watch_stops_after_its_time():
    asked = Watch(stop=lambda: True)
    assert stopped(asked)
    assert stopped(patient(asked, 0.0))
    assert not stopped(patient(asked, 3600.0))
    assert not stopped(patient(Watch(stop=lambda: False), 0.0))
    assert patient(None, 1.0) is None
    assert not stopped(None)


def test_a_limit_that_is_rounding_is_kept_by_nothing_at_all():
    """A row that must carry 5e-17 where nothing can flow closes: what was offered is an answer when the search is stopped."""
    program = Program("rounding")
    column = program.block("x", 2, cost=1.0, bounds=Bounds(upper=np.array([0.0, 4.0]), size=np.ones(2)))
    program.rows("rows", gather(2, Term(np.arange(2), column.columns, 1.0)), np.array([5e-17, 2.0]), np.inf)
    model = Model(program)
    model.recall(np.array([0.0, 3.0]))
    stopped_at_once = model.solve(SolveOptions(watch=Watch(stop=lambda: True)))
    assert (stopped_at_once.status, stopped_at_once.objective) == ("feasible", 3.0)
