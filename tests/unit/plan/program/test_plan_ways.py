"""Ways that cost something if they are used at all, worked out by hand.

A tonne of ash saves 40 EUR of landfill and half a tonne of rock at 20, and is hauled for 3: 47. A tonne of slag saves 5 and 0.9 tonnes of
rock, and is hauled for 3: 20. All 300 t of ash meet 150 t of the road's 500, and 350 / 0.9 t of slag the rest.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import matched, planned, random_tables
from tests.golden.test_golden_families import two_streams, with_fixed_cost

import sivuvirta as sv
from sivuvirta.assess.terms import cost
from sivuvirta.domain.controls import Control
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.ledger.algebra import summed
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.explain.worth import worth
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.objective import cost_of

ASH, SLAG = 300 * 47, 350 / 0.9 * 20


@pytest.mark.parametrize(("fixed", "used"), [(7000, True), (8000, False)])
def test_a_way_is_used_where_it_earns_its_fixed_cost(fixed, used):
    plan = planned(matched(two_streams(links=with_fixed_cost(fixed))), PlanOptions(gap=1e-9))
    network = plan.proven
    assert network.benefit == pytest.approx(ASH + (SLAG - fixed if used else 0))
    assert network.ledger.operations.ways.sum() == pytest.approx(fixed if used else 0)
    assert cost_of(network.ledger) == pytest.approx(network.objective)
    assert cost(network.ledger) == pytest.approx(network.objective)


def test_the_flows_over_a_way_bear_its_fixed_cost():
    plan = planned(matched(two_streams(links=with_fixed_cost(7000))), PlanOptions(gap=1e-9))
    per_unit = plan.proven.ledger.way_cost()
    assert per_unit[per_unit > 0] == pytest.approx([7000 / (350 / 0.9)])
    brought = worth(plan, plan.proven)
    assert sorted(brought.yearly[brought.yearly > 0]) == pytest.approx([SLAG - 7000, ASH])
    assert brought.rest == pytest.approx(0, abs=1e-6)


def test_the_assessment_has_the_fixed_cost_in_its_money():
    plan = planned(matched(two_streams(links=with_fixed_cost(7000))), PlanOptions(gap=1e-9))
    headline = sv.assess(plan).headline.set_index("figure")
    assert headline.loc["benefit", "proven"] == pytest.approx(plan.proven.benefit)
    money = sv.assess(plan).proven.organisations
    assert len(money) > 0


def test_without_a_fixed_cost_there_is_no_choice():
    plan = planned(matched(two_streams()))
    assert len(plan.proven.ledger.operations.ways) == 0
    assert plan.proven.benefit == pytest.approx(ASH + SLAG)


@pytest.mark.parametrize("seed", range(8))
def test_paying_for_ways_is_never_better(seed):
    """With a fixed cost on every way a plan costs at least what it did, and at most all of them more."""
    tables = random_tables(seed)
    sites = [f"s{n}" for n in range(4)]
    every = [
        {"origin": a, "destination": b, "cost": 3, "co2": 1, "grade": "A", "source": "invented"} for a in sites for b in sites if a != b
    ]
    exact = PlanOptions(gap=1e-9)
    free = planned(matched({**tables, "links": every}), exact).proven.objective
    paid = planned(matched({**tables, "links": [{**row, "fixed_cost": 500} for row in every]}), exact).proven
    slack = 1e-6 * abs(free) + 1e-6
    assert free - slack <= paid.objective <= free + 500 * len(every) + slack
    assert cost_of(paid.ledger) == pytest.approx(paid.objective, rel=1e-9, abs=1e-6)
    arcs, flow = paid.ledger.links.arcs, paid.ledger.per_arc()
    used = np.unique(arcs.fixed_group[(flow > 0) & (arcs.fixed_group >= 0)])
    assert (paid.ledger.operations.ways[used] > 0).all()


def test_ledgers_are_added_with_their_ways():
    plan = planned(matched(two_streams(links=with_fixed_cost(7000))), PlanOptions(gap=1e-9))
    half = summed([plan.proven.ledger, plan.reference], [0.5, 0.5])
    assert half.operations.ways.sum() == pytest.approx(3500)


def test_what_is_paid_stands_with_what_is_built():
    """With the way paid and a second limit of flows the program is linear, and its ledger still agrees."""
    matches = matched(two_streams(links=with_fixed_cost(7000)))
    opened = OpenPlan(matches, reference(matches.links), PlanOptions(gap=1e-9))
    best = opened.best()
    opened.stand(best.x)
    opened.hold([Control(origin="slag", destination="road", most=100)])
    network = opened.network(opened.best(), "potential")
    assert network.ledger.operations.ways.sum() == pytest.approx(7000)
    assert network.benefit == pytest.approx(ASH + 100 * 20 - 7000)
