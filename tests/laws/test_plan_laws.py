"""What must hold of every plan, whatever the region."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.worlds import matched, planned, random_matches, random_tables

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.ledger.gaps import gaps
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import cost_of, emissions_of

EXACT = PlanOptions(gap=1e-9)
SEEDS = st.integers(0, 10_000)
some = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def scaled(tables, factor):
    """The same region with every amount times a factor: quantities, sizes; money per unit stays, capex with its capacity."""
    changed = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for table, columns in {
        "quantities": ("value",),
        "plants": ("capacity_min", "capacity_max"),
        "technologies": ("reference_capacity", "capex"),
    }.items():
        for row in changed[table]:
            for column in columns:
                row[column] = row[column] * factor
    return changed


@some
@given(SEEDS)
def test_mass_closes_at_every_node(seed):
    plan = planned(random_matches(seed))
    for network in (plan.proven, plan.potential):
        assert gaps(network.ledger)["relative"].abs().max() <= 1e-9


@some
@given(SEEDS)
def test_the_objective_is_the_ledgers_cost(seed):
    plan = planned(random_matches(seed))
    for network in (plan.proven, plan.potential):
        assert cost_of(network.ledger) == pytest.approx(network.objective, rel=1e-9, abs=1e-6)
        assert network.benefit == pytest.approx(cost_of(plan.reference) - network.objective, rel=1e-9, abs=1e-6)
        assert network.carbon == pytest.approx(emissions_of(network.ledger) - emissions_of(plan.reference), rel=1e-9, abs=1e-6)


@some
@given(SEEDS)
def test_primal_is_dual(seed):
    """With the builds fixed, what the rows and bounds are worth adds up to the optimum."""
    at = program(random_matches(seed))
    model = Model(at.lp)
    first = model.solve(SolveOptions(gap=1e-9))
    model.fix_integers(first.x)
    result = model.solve()
    arrays = model.arrays
    sides = np.where(result.duals > 0, arrays.row_lower, arrays.row_upper)
    bounds = np.where(result.reduced > 0, arrays.lower, arrays.upper)
    dual = _product(result.duals, sides) + _product(result.reduced, bounds)
    assert dual == pytest.approx(result.objective, rel=1e-9, abs=1e-6)


def _product(price, amount):
    used = np.abs(price) > 1e-12 * max(np.abs(price).max(initial=0.0), 1e-300)
    return float(price[used] @ np.where(np.isfinite(amount[used]), amount[used], 0.0))


@some
@given(SEEDS, st.sampled_from([0.01, 0.2]))
def test_a_gap_is_a_part_of_the_benefit(seed, gap):
    """However large the cost that nobody can change: a plan stops within that part of its benefit from the best there is."""
    matches = random_matches(seed)
    rough, best = planned(matches, PlanOptions(gap=gap)).proven, planned(matches, EXACT).proven
    rounding = 1e-7 * abs(best.objective) + 1e-6
    assert rough.gap <= gap + 1e-9
    assert rough.objective - best.objective <= gap * abs(rough.benefit) + rounding
    assert rough.bound <= best.objective + rounding
    assert rough.objective - rough.bound <= rough.gap * max(abs(rough.benefit), rough.objective - rough.bound) + rounding


@some
@given(SEEDS)
def test_proven_is_never_better_than_potential(seed):
    plan = planned(random_matches(seed), EXACT)
    assert plan.potential.objective <= plan.proven.objective
    assert plan.proven.benefit <= plan.potential.benefit + 1e-6 * abs(plan.potential.benefit) + 1e-6


@some
@given(SEEDS)
def test_no_flow_rests_on_a_route_that_is_not_allowed(seed):
    matches = random_matches(seed)
    plan = planned(matches)
    assert matches.routes.verdict[plan.proven.route_flow > 0].max(initial=0) <= Verdict.BLEND
    assert matches.routes.verdict[plan.potential.route_flow > 0].max(initial=0) <= Verdict.UNKNOWN
    assert plan.proven.ledger.verdict.max(initial=-1) <= Verdict.BLEND
    assert plan.potential.ledger.grade.max(initial=0) <= Grade.D


@some
@given(SEEDS, st.floats(0.1, 0.9))
def test_a_larger_budget_is_never_worse(seed, part):
    matches = random_matches(seed)
    free = planned(matches, EXACT)
    spent = float(free.proven.ledger.operations.capex.sum())
    tight = planned(matches, evolve(EXACT, budget=part * spent))
    loose = planned(matches, evolve(EXACT, budget=(part + 0.05) * spent))
    assert tight.proven.ledger.operations.capex.sum() <= part * spent * (1 + 1e-9) + 1e-6
    slack = 1e-7 * abs(free.proven.objective) + 1e-6
    assert tight.proven.objective >= loose.proven.objective - slack
    assert loose.proven.objective >= free.proven.objective - slack


@some
@given(SEEDS, st.floats(1.05, 3))
def test_a_looser_limit_is_never_worse(seed, factor):
    tables = random_tables(seed)
    looser = {**tables, "limits": [{**row, "value": row["value"] * factor} for row in tables.get("limits", [])]}
    looser = {name: rows for name, rows in looser.items() if rows}
    before, after = planned(matched(tables), EXACT), planned(matched(looser), EXACT)
    assert after.proven.objective <= before.proven.objective + 1e-7 * abs(before.proven.objective) + 1e-6


@some
@given(SEEDS, st.sampled_from([1e-3, 10.0, 1e3]))
def test_units_do_not_matter(seed, factor):
    tables = random_tables(seed)
    one, other = planned(matched(tables), EXACT), planned(matched(scaled(tables, factor)), EXACT)
    assert other.proven.objective == pytest.approx(one.proven.objective * factor, rel=1e-7, abs=1e-6 * factor)


@some
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seed, random):
    tables = random_tables(seed)
    mixed = {name: random.sample(rows, len(rows)) for name, rows in tables.items()}
    one, other = planned(matched(tables), EXACT), planned(matched(mixed), EXACT)
    assert other.proven.objective == pytest.approx(one.proven.objective, rel=1e-7, abs=1e-6)


@some
@given(SEEDS)
def test_the_first_objective_is_kept_while_cost_is_minimised(seed):
    matches = random_matches(seed)
    value = planned(matches, EXACT)
    least = planned(matches, evolve(EXACT, objective="co2"))
    assert emissions_of(least.proven.ledger) == pytest.approx(least.proven.objective, rel=1e-6, abs=1e-3)
    assert least.proven.objective <= emissions_of(value.proven.ledger) + 1e-6 * abs(least.proven.objective) + 1e-3
    diverted = planned(matches, evolve(EXACT, objective="diversion"))
    arcs = matches.links.arcs
    kept = diverted.proven.ledger
    outlets = np.isin(arcs.kind[kept.arc], (ArcKind.FATE, ArcKind.RESIDUE))
    assert float(kept.amount[outlets].sum()) == pytest.approx(diverted.proven.objective, rel=1e-6, abs=1e-6)
