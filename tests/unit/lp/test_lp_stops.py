"""A solve that ends early: the best that was told is kept, the time is one for all phases, and every phase ends."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from tests.unit.lp.test_lp_conflicts import crowded, whole
from tests.unit.lp.test_lp_watch import asked_for_the_nth_time, facilities, open_market

from sivuvirta.errors import SolverError
from sivuvirta.lp import near
from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.conflicts import _by_elastic_filter, conflicts
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.results import nothing
from sivuvirta.lp.watch import Progress, Watch, heard

SITES, CUSTOMERS = 12, 25


@pytest.fixture(scope="module")
def exact() -> float:
    return Model(facilities(SITES, CUSTOMERS)).solve(SolveOptions(method="simplex", gap=1e-9)).objective


def least(told: list[Progress]) -> float:
    return min((each.found for each in told), default=np.inf)


@pytest.mark.parametrize("later", [1, 2, 3, 5, 8, 13])
def test_a_stop_of_the_last_branching_keeps_the_answer_it_was_to_start_from(later: int, exact: float):
    """The solver is interrupted before it has looked at what our own branching found, which was told already."""
    model, told, asked = Model(facilities(SITES, CUSTOMERS)), [], count(1)
    watch = Watch(stop=lambda: model._start is not None and next(asked) > later, tell=told.append)
    found = model.solve(SolveOptions(method="guided", gap=1e-9, watch=watch))
    assert np.isfinite(least(told))
    assert found.objective <= least(told) * (1 + 1e-8)
    assert found.bound <= exact * (1 + 1e-9)
    assert exact * (1 - 1e-9) <= found.objective


def test_the_answer_offered_is_told_where_the_solver_found_a_worse_one_or_none(exact: float):
    """With all sites opened everybody is served at a cost; the best was known before. What the solver proved stays as it was."""
    model = Model(facilities(SITES, CUSTOMERS))
    best = model.solve(SolveOptions(method="simplex", gap=1e-9))
    worse = Model(facilities(SITES, CUSTOMERS)).solve(SolveOptions(watch=Watch(stop=lambda: True)))
    assert worse.objective > best.objective * 1.05
    assert model._better(worse) is worse
    model.recall(best.x)
    found, alone = model._better(worse), model._better(nothing(1.0, "guided"))
    assert (found.status, found.objective, found.bound) == ("feasible", pytest.approx(exact), worse.bound)
    assert found.gap == pytest.approx((exact - worse.bound) / exact)
    assert (alone.status, alone.objective, alone.bound, alone.gap) == ("feasible", pytest.approx(exact), -np.inf, np.inf)
    assert model._better(best) is best
    model.limit(np.arange(CUSTOMERS), 1e6, 1e6)
    assert model._better(worse) is worse  # what was offered keeps the rows no more


@pytest.mark.parametrize("method", ["guided", "simplex"])
@pytest.mark.parametrize("last", [1, 3, 10, 30, 60, 100, 200, 400, 700, 1000, 2000, 4000])
def test_no_stop_in_any_phase_loses_what_was_told(method: str, last: int, exact: float):
    """There is an answer from the first question on: with all sites opened, everybody is served."""
    told: list[Progress] = []
    watch, _ = asked_for_the_nth_time(last)
    looking = Watch(stop=watch.stop, tell=told.append)
    found = Model(facilities(SITES, CUSTOMERS)).solve(SolveOptions(method=method, gap=1e-9, watch=looking))
    assert found.found
    assert exact * (1 - 1e-9) <= found.objective <= least(told) * (1 + 1e-8)
    assert found.bound <= exact * (1 + 1e-9)
    assert found.gap == pytest.approx((found.objective - found.bound) / found.objective, abs=1e-9)


class Ticking:
    """A clock that is a second later whenever it is looked at."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return float(self.looks)


@pytest.mark.parametrize("limit", [1, 2, 4, 8, 16, 32, 64, 128])
def test_the_time_is_one_for_all_phases(limit: int, exact: float):
    """Whatever phase it is in, the search ends when the wall's clock says so; what follows is a handful of looks, and no search."""
    model, told = Model(facilities(SITES, CUSTOMERS)), []
    model.clock = clock = Ticking()
    found = model.solve(SolveOptions(method="guided", gap=1e-9, time_limit=limit, watch=Watch(tell=told.append)))
    assert clock.looks <= limit + 20
    assert exact * (1 - 1e-9) <= found.objective <= least(told) * (1 + 1e-8)
    assert found.bound <= exact * (1 + 1e-9)


def test_the_solver_is_given_what_is_left_of_the_time():
    """Of 10 s, 7 were gone when the solver is called; its own clock has run for as long as it says."""
    model, now = Model(facilities(SITES, CUSTOMERS)), [100.0]
    model.clock = lambda: now[0]
    model._until, now[0] = 110.0, 107.0
    model._go()
    given = model.highs.getOptionValue("time_limit")[1]
    assert 3.0 <= given <= 3.0 + model.highs.getRunTime()
    now[0] = 200.0
    assert model._rest() == 0.0


def test_all_tries_at_an_answer_without_a_search_share_one_time():
    """Each look is 10 s later: of 30 s, nothing is left after three, and what is tried then has no time."""
    model, given = Model(facilities(SITES, CUSTOMERS)), []
    model.clock = lambda: 10.0 * len(given)
    model._go = lambda seconds=None: given.append(seconds)  # type: ignore[method-assign]
    held = np.arange(SITES * CUSTOMERS, dtype=np.int32)
    assert model._first([(held, np.zeros(len(held)))] * 5) is None
    assert given == [15.0, 10.0, 5.0, 0.0, 0.0]


def test_a_stop_once_heard_is_asked_no_more():
    answers = iter([False, True])
    stop = heard(Watch(stop=lambda: next(answers)))
    assert [stop() for _ in range(4)] == [False, True, True, True]
    assert not heard(None)()


@pytest.mark.parametrize("last", [1, 2, 3])
def test_the_search_for_conflicts_is_stopped(last: int):
    """In the linear program or, where that one is feasible, in the elastic filter."""
    for program in (crowded(), whole()):
        watch, questions = asked_for_the_nth_time(last)
        with pytest.raises(SolverError, match="was stopped"):
            conflicts(program, watch=watch)
        assert len(questions) == last


def test_the_elastic_filter_asks_between_its_solves():
    watch, questions = asked_for_the_nth_time(1)
    with pytest.raises(SolverError, match="was stopped"):
        _by_elastic_filter(Model(crowded()), 10.0, watch)
    assert len(questions) == 1


def test_duals_that_were_not_moved_yet_prove_a_bound_too(monkeypatch: pytest.MonkeyPatch):
    """Sweeps in parts of 10 rows move the duals as one sweep does; stopped after three parts, the bound is between."""
    arrays = open_market().arrays()
    rows, upper = np.arange(len(arrays.row_lower), dtype=np.int32), implied_upper(arrays)
    first = dual_bound(arrays, np.zeros(len(rows)), upper)
    best = near.improved(arrays, first, upper, rows, 2)
    monkeypatch.setattr(near, "_BETWEEN", 10)
    watch, questions = asked_for_the_nth_time(4)
    some = near.improved(arrays, first, upper, rows, 2, heard(watch))
    assert len(questions) == 4
    assert near.improved(arrays, first, upper, rows, 2).duals.tolist() == best.duals.tolist()
    assert first.value < some.value < best.value
