"""What must hold of every exploration of a plan, whatever the region."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine import enumerate as tried
from tests.engine.linopy_world import POTENTIAL, PROVEN
from tests.engine.worlds import planned, random_matches, random_siting_matches

from sivuvirta.domain.controls import Control
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.explore.alternatives import alternatives
from sivuvirta.explore.asking import Asked
from sivuvirta.explore.best import structures
from sivuvirta.explore.pareto import front
from sivuvirta.explore.why import why
from sivuvirta.ledger.reference import reference
from sivuvirta.lp.conflicts import conflicts
from sivuvirta.lp.model import Model
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import amount
from sivuvirta.prospects.networks import optimum

EXACT = PlanOptions(gap=1e-9)
SEEDS = st.integers(0, 10_000)
few = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def asked(matches, evidence="potential"):
    return Asked(matches, reference(matches.links), EXACT, evidence)


def close(value, scale=0.0):
    return pytest.approx(value, rel=1e-6, abs=1e-6 * max(scale, 1.0))


def objective(matches, name, evidence="potential", **changes):
    plan = planned(matches, PlanOptions(objective=name, gap=1e-9, **changes))
    return (plan.proven if evidence == "proven" else plan.potential).objective


@few
@given(SEEDS, st.sampled_from([("value", "co2"), ("value", "diversion"), ("co2", "traffic")]), st.sampled_from(["proven", "potential"]))
def test_the_ends_of_a_front_are_the_optima_and_nothing_on_it_is_beaten(seed, names, evidence):
    matches = random_siting_matches(seed)
    found = front(asked(matches, evidence), names, 6)
    gains = np.array([point.gains for point in found.points])
    for k, name in enumerate(names):
        best = objective(matches, name, evidence)
        assert max(gains[:, k]) == close(_today(matches, name) - best, abs(best))
    assert (np.diff(gains[:, 0]) < 0).all()
    assert (np.diff(gains[:, 1]) > 0).all()


def _today(matches, name):
    return amount(reference(matches.links), EXACT, name)


@few
@given(SEEDS)
def test_each_point_is_the_best_within_what_it_has_of_the_other(seed):
    """Against every structure tried one by one, from rows written a second time, with the point's own emissions as the limit."""
    matches = random_siting_matches(seed)
    found = front(asked(matches), ("value", "co2"), 5)
    for point in found.points:
        most, mine = (_today(matches, name) - gain for name, gain in zip(("co2", "value"), reversed(point.gains), strict=True))
        around = [tried.structures(matches, most={"co2": most + side * 1e-6 * max(abs(most), 1.0)}) for side in (1, -1)]
        rounding = 1e-6 * abs(mine) + 1e-3
        assert mine >= around[0][0].value - rounding
        assert not around[1] or mine <= around[1][0].value + rounding


@few
@given(SEEDS)
def test_no_point_of_three_objectives_beats_another(seed):
    found = front(asked(random_siting_matches(seed)), ("value", "co2", "diversion"), 9)
    gains = np.array([point.gains for point in found.points])
    for one in gains:
        assert not ((gains >= one).all(axis=1) & (gains > one + 1e-6 * (np.ptp(gains, axis=0) + 1e-9)).any(axis=1)).any()


@few
@given(SEEDS, st.sampled_from([("proven", PROVEN), ("potential", POTENTIAL)]))
def test_the_best_structures_are_those_of_trying_every_one(seed, evidence):
    matches = random_siting_matches(seed)
    name, worst = evidence
    every = tried.structures(matches, worst)
    found = structures(asked(matches, name), len(every) + 1)
    assert found.complete
    assert len(found) == len(every)
    scale = max(abs(structure.value) for structure in every)
    assert [one.network.objective for one in found.found] == [close(structure.value, scale) for structure in every]
    worth = {structure.built: structure.value for structure in every}
    assert {frozenset(one.built) for one in found.found} == set(worth)
    for one in found.found:
        assert one.network.objective == close(worth[frozenset(one.built)], scale)
        assert one.bound <= one.network.objective


@few
@given(SEEDS, st.floats(0.0, 0.3))
def test_a_role_is_what_planning_again_without_or_with_it_says(seed, slack):
    matches = random_siting_matches(seed, 2)
    found = alternatives(asked(matches), slack, networks=2)
    best, rounding = found.best.objective, 1e-6 * abs(found.best.objective) + 1e-3
    assert found.allowed == close(slack * abs(_today(matches, "value") - best), abs(best))
    for choice in found.choices:
        assert 0 <= choice.without_bound <= choice.without
        assert 0 <= choice.forced_bound <= choice.forced
        assert choice.least_bound - 1e-6 <= choice.least <= choice.amount <= choice.most <= choice.most_bound + 1e-6 * choice.reach
        without = again(matches, choice, most=0.0) - best
        forced = again(matches, choice, least=choice.asked) - best if choice.asked > 0 else np.inf
        assert choice.without == pytest.approx(without, rel=1e-5, abs=rounding)
        if abs(without - found.allowed) > rounding:
            assert (choice.role == "must-have") == (without > found.allowed)
        if choice.role != "must-have" and abs(forced - found.allowed) > rounding:
            assert (choice.role == "never") == (forced > found.allowed)


def again(matches, choice, **held):
    """Objective of the potential network with a link or plant held, from a program of its own; infinite where there is none."""
    ends = {"plant": choice.origin} if choice.kind == "plant" else {"origin": choice.origin, "destination": choice.destination}
    options = PlanOptions(gap=1e-9, controls=[Control(**ends, **held)])
    try:
        return optimum(matches, Verdict.UNKNOWN, reference(matches.links), options).objective
    except InfeasibleError:
        return np.inf


@few
@given(SEEDS)
def test_networks_that_differ_are_within_the_slack(seed):
    found = alternatives(asked(random_siting_matches(seed)), 0.1, networks=3)
    assert all(0 <= other.cost <= found.allowed * (1 + 1e-6) + 1e-6 * abs(found.best.objective) for other in found.others)
    assert all(0 < other.different <= 1 for other in found.others)
    assert all(refusal.cost >= refusal.cost_bound >= 0 for refusal in found.refusals)


@few
@given(SEEDS, st.sampled_from(["value", "co2", "traffic"]))
def test_the_terms_of_why_sum_to_the_difference(seed, name):
    matches = random_matches(seed)
    given_options = PlanOptions(objective=name, gap=1e-9, carbon_price=30.0)
    question = Asked(matches, reference(matches.links), given_options)
    routes, ids = matches.routes, matches.links.nodes.id
    for route in range(min(len(routes), 4)):
        found = why(question, str(ids[routes.stream[route]]), str(ids[routes.need[route]]))
        assert (found.state == "inadmissible") <= bool(found.obstacles)
        if routes.verdict[route] < Verdict.FAIL:
            assert found.state in ("used", "unused")
        for trial in found.trials:
            if np.isfinite(trial.worse):
                total = float(np.abs([term.change for term in trial.terms]).sum())
                assert sum(term.change for term in trial.terms) == pytest.approx(trial.worse, abs=1e-7 * total + 1e-4)
                assert trial.worse >= -1e-6 * total - 1e-3


@few
@given(SEEDS, st.floats(1.01, 3.0))
def test_what_conflicts_with_controls_is_a_smallest_set(seed, times):
    """A need gets more than all streams have, and other controls that have no part in it: without any one row the others hold."""
    matches = random_siting_matches(seed)
    need, stream = (str(matches.links.nodes.id[rows[0]]) for rows in (matches.routes.need, matches.routes.stream))
    most = times * float(np.nansum(matches.links.supply.value))
    at = program(matches, PlanOptions(controls=[Control(destination=need, least=most), Control(origin=stream, most=most)]))
    found = conflicts(at.lp)
    assert "control" in {conflict.family for conflict in found}
    assert not any(conflict.family == "control" and conflict.position == 1 for conflict in found)
    for conflict in found:
        model = Model(at.lp)
        model.relax_integers()
        model.limit(np.setdiff1d(np.arange(at.lp.shape[0]), [other.row for other in found if other is not conflict]), -np.inf, np.inf)
        model.minimise(np.zeros(at.lp.shape[1]))
        assert model.solve().found
