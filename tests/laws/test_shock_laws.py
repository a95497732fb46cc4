"""Shocks of random regions: a loss is never negative, repair never makes it worse, and it is that of the region without the node."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.worlds import matched, random_chains, random_tables

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.futures.removals import removals
from sivuvirta.futures.shocked import Standing
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.objective import cost_of

EXACT = PlanOptions(gap=0.0)
SLACK = 1e-6  # of all that is added up


def standing(tables, evidence="potential"):
    matches = matched(tables)
    return Standing(matches, reference(matches.links), EXACT, evidence)


def size(at):
    return float(np.abs(at.at.coefficients.cost) @ np.abs(at.planned.x)) + 1.0


def loss(at, removal, *, repair):
    return float((at.without(removal, repair=repair).cost - at.planned.cost + at.counted(removal))[0])


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(["proven", "potential"]))
def test_a_loss_is_at_least_nothing_and_at_most_what_is_lost_before_repair(seed, evidence):
    at = standing(random_tables(seed), evidence)
    slack = SLACK * size(at)
    sunk = float(at.network.ledger.operations.fixed.sum())
    for removal in removals(at.links, at.planned.arc):
        with_repair, alone = (loss(at, removal, repair=repair) for repair in (True, False))
        assert -slack <= with_repair <= alone + slack
        assert alone <= at.network.benefit + sunk + slack  # nobody can lose more than all there is, and what is built is still paid for


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_the_same_holds_where_one_plant_sends_to_another(seed):
    matches = random_chains(seed)
    at = Standing(matches, reference(matches.links), EXACT, "potential")
    for removal in removals(at.links, at.planned.arc):
        with_repair, alone = (loss(at, removal, repair=repair) for repair in (True, False))
        assert -SLACK * size(at) <= with_repair <= alone + SLACK * size(at)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_a_shock_of_what_is_not_used_costs_nothing(seed):
    at = standing(random_tables(seed))
    for removal in removals(at.links, at.planned.arc, ("stream", "need", "plant", "site")):
        if not at.matters(removal):
            assert loss(at, removal, repair=True) == pytest.approx(0, abs=SLACK * size(at))


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_a_shock_is_a_fresh_plan_of_the_region_without_the_node_with_the_same_builds(seed):
    tables = random_tables(seed)
    at = standing(tables)
    built = float(at.network.ledger.operations.size.sum())
    fixed = float(at.network.ledger.operations.fixed.sum())
    for removal in removals(at.links, at.planned.arc, ("stream", "need")):
        matches = matched(without(tables, removal))
        fresh = OpenPlan(matches, reference(matches.links), EXACT)
        blocks = fresh.at.blocks
        if blocks.size.count:
            stands = np.minimum(built, fresh.at.curves.size_max)  # what no stream can fill is left out of a program
            fresh.model.bound(blocks.size.columns, stands, stands)
            fresh.model.bound(blocks.built.columns, float(built > 0), float(built > 0))
        answer = fresh.best(prices=False)
        paid = fixed - float(fresh.network(answer, "potential").ledger.operations.fixed.sum())  # of a plant that nothing can reach any more
        benefit = cost_of(fresh.reference) - answer.objective - paid
        assert at.network.benefit - benefit == pytest.approx(loss(at, removal, repair=True), abs=SLACK * size(at))


def without(tables, removal):
    """The same tables with the amount of one stream or need at 0."""
    edited = copy.deepcopy(tables)
    for row in edited["quantities"]:
        if (row["table"], row["subject"]) == (f"{removal.subject}s", removal.id):
            row["value"] = 0
    return edited


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_everything_is_given_back_after_a_shock(seed):
    at = standing(random_tables(seed))
    for removal in removals(at.links, at.planned.arc):
        at.without(removal, repair=False)
    again = at.open.best(prices=False)
    assert again.objective == pytest.approx(at.network.objective, abs=SLACK * size(at))
