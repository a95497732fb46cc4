"""Laws of draws: a draw is the region with those figures; no spread is the plan; stages stand between what is known and what is not."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.worlds import matched, planned
from tests.ensemble_worlds import EXACT, cost, moved, of, ranged

from sivuvirta.domain.ensembles import EnsembleOptions, Where
from sivuvirta.futures.ensemble.extensive import _drawn, _places
from sivuvirta.futures.ensemble.running import ensemble
from sivuvirta.futures.ensemble.stages import Wanted, two_stage
from sivuvirta.futures.ensemble.task import assembled
from sivuvirta.futures.ensemble.worker import Way, Worker
from sivuvirta.ledger.reference import reference
from sivuvirta.lp.model import Model, SolveOptions

SEEDS = st.integers(0, 10_000)
SLACK = 1e-6
KINDS = {
    "amount": ("quantities", lambda key: {"subject": key, "table": "streams"}, "value"),
    "demand": ("quantities", lambda key: {"subject": key, "table": "needs"}, "value"),
    "purchase": ("prices", lambda key: {"subject": key}, "value"),
    "fee": ("fates", lambda key: {"fate": key}, "fee"),
    "capex": ("technologies", lambda key: {"technology": key}, "capex"),
}


def close(a, b, scale=0.0):
    return a == pytest.approx(b, rel=SLACK, abs=SLACK * max(1.0, abs(scale)))


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from(sorted(KINDS)), st.floats(-1.0, 1.0))
def test_a_draw_is_the_region_with_that_figure(seed, kind, step):
    """The draw's program is made from effects; the region's tables are changed and planned anew beside it."""
    tables = ranged(seed)
    _, at = of(tables, limits="bounds")
    chosen = [number for number, one in enumerate(at.found.inputs) if one.kind == kind]
    if not chosen:
        return
    number = chosen[seed % len(chosen)]
    one = at.found.inputs[number]
    delta = np.zeros(len(at.found.inputs))
    delta[number] = step
    worker = Worker(at.task)
    worker.open(Way("potential"))
    found = worker.solve(delta)
    table, key, column = KINDS[kind]
    stated = next(float(row[column]) for row in tables[table] if all(row.get(k) == v for k, v in key(one.key).items()))
    change = step * one.unit * (1.0 if kind in {"amount", "demand"} else stated)
    expected = cost(moved(tables, table, key(one.key), column, change))
    assert close(found.objective, expected, float(np.abs(at.task.objective.base) @ found.x))


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_no_spread_gives_the_plan_itself(seed):
    matches = matched(ranged(seed))
    today = reference(matches.links)
    plan = planned(matches, EXACT)
    for builds in ("fixed", "free"):
        asked = EnsembleOptions(draws=2, spread=0.0, limits="bounds", builds=builds)
        found = ensemble(matches, today, EXACT, asked, Where(processes=1))
        for evidence, one in found.networks.items():
            network = getattr(plan, evidence)
            assert one.draws["objective"].tolist() == pytest.approx([network.objective] * 2, rel=1e-9, abs=1e-3)
            assert one.draws["benefit"].tolist() == pytest.approx([network.benefit] * 2, rel=1e-6, abs=1e-2)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_draw_after_draw_is_each_draw_alone(seed):
    """A worker goes from draw to draw; beside it each draw's arrays go into a new solver with its own settings."""
    _, at = of(ranged(seed))
    worker = Worker(at.task)
    piece = worker.piece((Way("potential", flows=True), Way("potential", 0)), at.values)
    place = _places(at.task.arrays, at.task.entry)
    for number, delta in enumerate(at.values):
        alone = Model(assembled(_drawn(at.task, "potential", delta, place))).solve(SolveOptions(gap=1e-9))
        x = piece.flows[0][[number]].toarray()[0]
        assert close(piece.objective[number, 0], alone.objective, float(np.abs(at.task.objective.at(delta)) @ x))


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_free_builds_are_never_worse_than_fixed_ones(seed):
    _, at = of(ranged(seed))
    worker = Worker(at.task)
    piece = worker.piece((Way("potential"), *(Way("potential", n) for n in range(len(at.task.structures["potential"])))), at.values)
    best, held = piece.objective[:, 0], piece.objective[:, 1:]
    assert (best <= held.min(axis=1) + SLACK * np.maximum(1.0, np.abs(best))).all()


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_stages_stand_between_what_is_known_and_what_is_not(seed):
    matches = matched(ranged(seed))
    found = two_stage(matches, reference(matches.links), EXACT, EnsembleOptions(draws=4, seed=seed))
    scale = SLACK * max(1.0, abs(found.wait), float(np.abs(found.benefits).max()), abs(found.bound))
    assert found.wait >= found.expected - scale
    assert np.isnan(found.middle) or found.expected >= found.middle - scale
    assert found.bound <= found.objective


@settings(max_examples=5, deadline=None)
@given(SEEDS)
def test_the_best_for_an_aim_is_best_in_it(seed):
    matches = matched(ranged(seed))
    today, asked = reference(matches.links), EnsembleOptions(draws=4, seed=seed, tail=0.5)
    by = {aim: two_stage(matches, today, EXACT, asked, Wanted(aim=aim)) for aim in ("expected", "tail", "regret")}
    scale = SLACK * max(1.0, abs(by["expected"].wait), float(np.abs(by["expected"].benefits).max()))
    assert by["expected"].expected >= max(one.expected for one in by.values()) - scale
    assert by["tail"].tail >= max(one.tail for one in by.values()) - scale
    assert by["regret"].regret <= min(one.regret for one in by.values()) + scale


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_one_scenario_in_the_middle_is_the_plan(seed):
    matches = matched(ranged(seed))
    asked = evolve(EnsembleOptions(limits="bounds"), draws=1, spread=0.0)
    found = two_stage(matches, reference(matches.links), EXACT, asked)
    plan = planned(matches, EXACT)
    assert found.expected == pytest.approx(plan.potential.benefit, rel=1e-6, abs=1e-2)
    assert found.perfect == pytest.approx(0.0, abs=1e-6 * max(1.0, abs(plan.potential.objective)))
