"""A second solver: SCIP finds the plan's optimum, from rows written twice, and lies between the plan's bound and what it found."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine import scip_model
from tests.engine.linopy_model import hold, tables
from tests.engine.linopy_world import POTENTIAL, PROVEN
from tests.engine.worlds import bundled, planned, random_siting_matches

from sivuvirta.domain.links import NodeKind
from sivuvirta.domain.plans import Control, PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.lp.files import write_lp, write_mps
from sivuvirta.match import match
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.families import program

EXACT = PlanOptions(gap=0.0)


def close(value):
    return pytest.approx(value, rel=1e-6, abs=1e-5)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), plants=st.integers(1, 4))
def test_scip_finds_the_optimum_of_random_regions(seed, plants):
    matches = random_siting_matches(seed, plants)
    plan = planned(matches, EXACT)
    assert plan.proven.objective == close(scip_model.optimum(matches, PROVEN))
    assert plan.potential.objective == close(scip_model.optimum(matches, POTENTIAL))


@pytest.mark.parametrize("budget", [10_000.0, 100_000.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_scip_keeps_to_the_same_budget(seed, budget):
    matches = random_siting_matches(seed)
    plan = planned(matches, evolve(EXACT, budget=budget))
    assert plan.potential.objective == close(scip_model.optimum(matches, POTENTIAL, budget))


@pytest.mark.parametrize("measure", ["co2", "diversion"])
@pytest.mark.parametrize("seed", [2, 10])
def test_scip_finds_the_least_of_other_objectives(seed, measure):
    matches = random_siting_matches(seed)
    plan = planned(matches, evolve(EXACT, objective=measure))
    assert plan.potential.objective == close(scip_model.optimum(matches, POTENTIAL, measure=measure))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.0, 1.2), built=st.sampled_from([None, False, True]))
def test_scip_finds_the_optimum_under_the_same_controls(seed, share, built):
    matches = random_siting_matches(seed)
    asked = controls(planned(matches, EXACT), seed, share, built)
    sure, whole = tables(matches, PROVEN), tables(matches, POTENTIAL)
    for each in asked:
        hold(sure, each)
        hold(whole, each)
    try:
        plan = planned(matches, evolve(EXACT, controls=asked))
    except InfeasibleError:
        assert scip_model.least(sure) == float("inf")
        return
    assert plan.proven.objective == close(scip_model.least(sure))
    assert plan.potential.objective == close(scip_model.least(whole))


def controls(free, seed, share, built):
    """A part of what flows over one of the free plan's arcs at most, and a plant that is to stand or not."""
    links, book = free.links, free.potential.ledger
    ids, works = links.nodes.id, links.works
    own = [row for row, arc in enumerate(book.arc) if links.nodes.kind[links.arcs.origin[arc]] in (NodeKind.STREAM, NodeKind.PLANT)]
    row = own[seed % len(own)]
    ends = (ids[links.arcs.origin[book.arc[row]]], ids[links.arcs.destination[book.arc[row]]])
    asked = [Control(origin=ends[0], destination=ends[1], most=share * float(book.amount[row]))]
    routes = free.matches.routes
    usable = sorted({int(plant) for plant in routes.plant[routes.verdict <= PROVEN] if plant >= 0})
    if usable and built is not None:
        asked.append(Control(plant=ids[works.node[usable[0]]], built=built))
    return tuple(asked)


def instance(name):
    return random_siting_matches(name, plants=6) if isinstance(name, int) else match(build(bundled(name)))


def by_scip(matches, options, evidence, path):
    """Optimum and bound that SCIP finds in the file of the plan's own program, as it stands in the solver."""
    kept = OpenPlan(matches, reference(matches.links), options)
    kept.admit(evidence)
    goal = kept.goals[0]
    kept.model.minimise(goal.cost, -goal.today)
    return [value + goal.today for value in scip_model.read(write_mps(kept.at.lp, path, state=kept.model))]


@pytest.mark.parametrize("gap", [0.0, 0.2])
@pytest.mark.parametrize("name", ["kemi_tornio", "cap124_1988", 2])
def test_the_claimed_gap_holds_what_scip_proves_on_the_same_file(name, gap, tmp_path):
    matches, options = instance(name), PlanOptions(gap=gap)
    plan = planned(matches, options)
    for evidence, network in (("proven", plan.proven), ("potential", plan.potential)):
        found, bound = by_scip(matches, options, evidence, tmp_path / f"{evidence}.mps")
        slack = 1e-7 * abs(found)
        assert network.bound <= found + slack  # nothing is better than the bound
        assert network.objective >= bound - slack  # nothing is better than what SCIP proves
        missed = network.objective - found
        assert network.gap * max(abs(network.benefit), missed) >= missed - slack  # what might still be saved is not told too small
        if gap == 0.0:
            assert network.objective == pytest.approx(found, rel=1e-7)


@pytest.mark.parametrize("write", [write_mps, write_lp])
def test_scip_reads_both_formats_alike(write, tmp_path):
    matches = random_siting_matches(2)
    suffix = "mps" if write is write_mps else "lp"
    found, _ = scip_model.read(write(program(matches, EXACT).lp, tmp_path / f"plan.{suffix}"))
    assert found == close(planned(matches, EXACT).potential.objective)
