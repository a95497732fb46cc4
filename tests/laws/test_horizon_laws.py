"""What must hold of every plan over a horizon, whatever the region."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.horizon_worlds import HALVES, SHARES, random_seasons
from tests.engine.worlds import planned, random_matches, random_tables, region

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.domain.pathways import Horizon, HorizonYear, PathwayOptions
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.horizon.solve import solve_horizon
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.objective import cost_of, emissions_of

SEEDS = st.integers(0, 10_000)
some = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def one_year(matches, **asked):
    """The plan of one year as a horizon of one period."""
    year = HorizonYear(2024, matches, reference(matches.links), np.zeros(len(matches.routes)))
    return solve_horizon([year], Horizon("one", [Period(year=2024)]), PathwayOptions(gap=1e-9, **asked))


@some
@given(SEEDS)
def test_a_horizon_of_one_year_is_the_plan_of_that_year(seed):
    matches = random_matches(seed)
    plan, course = planned(matches, PlanOptions(gap=1e-9)), one_year(matches)
    for network, found in ((plan.proven, course.proven), (plan.potential, course.potential)):
        assert found.objective == pytest.approx(network.objective, rel=1e-9, abs=1e-6)
        assert found.benefit == pytest.approx(network.benefit, rel=1e-9, abs=1e-5)


@some
@given(SEEDS, st.sampled_from(["co2", "diversion", "virgin", "traffic"]))
def test_it_is_so_for_other_objectives(seed, objective):
    """Up to a billionth of all that flows, which each objective may give up for the next."""
    matches = random_matches(seed)
    plan, course = planned(matches, PlanOptions(gap=1e-9, objective=objective)), one_year(matches, objective=objective)
    for network, found in ((plan.proven, course.proven), (plan.potential, course.potential)):
        assert found.objective == pytest.approx(network.objective, rel=1e-6, abs=1e-3)


@some
@given(SEEDS, st.floats(0, 100_000))
def test_a_budget_of_the_year_is_the_budget_of_its_plan(seed, budget):
    matches = random_matches(seed)
    plan = planned(matches, PlanOptions(gap=1e-9, budget=budget))
    assert one_year(matches, budget=budget).potential.objective == pytest.approx(plan.potential.objective, rel=1e-9, abs=1e-6)


@some
@given(
    SEEDS,
    st.sampled_from(
        [
            {"weights": {"co2": 0.3, "traffic": 2.0, "virgin": 4.0}},
            {"virgin_limit": 100.0},
            {"traffic_limit": 2_000.0},
            {"disposal_limit": 500.0},
            {"jobs_least": 0.01},
            {"changes": 1},
            {"changes": 0},
            {"objective": "co2", "then": ("traffic", "diversion")},
        ]
    ),
)
def test_what_is_asked_of_a_year_is_asked_of_its_plan(seed, asked):
    """The families of the horizon are those of the plan: both find the same, or both say that there is nothing."""
    matches = random_matches(seed)
    try:
        plan = planned(matches, PlanOptions(gap=1e-9, evidence="potential", **asked)).potential
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            one_year(matches, evidence="potential", **asked)
        return
    course = one_year(matches, evidence="potential", **asked).potential
    assert course.objective == pytest.approx(plan.objective, rel=1e-6, abs=1e-3)
    if "then" in asked:
        for name in asked["then"]:
            told = [MEASURES[name].of(book) for book in (course.years[0], plan.ledger)]
            assert told[0] == pytest.approx(told[1], rel=1e-5, abs=1e-2)


@some
@given(SEEDS)
def test_mass_closes_at_every_stream_in_every_period(seed):
    course = sv.pathway(region(random_seasons(seed)), _years(2024, 2025), gap=1e-3)
    for found in (course.proven, course.potential):
        given_off = _given_off(course, found)
        assert given_off["missing"] <= 1e-9 * max(given_off["all"], 1.0)
        kept = found.stocks
        assert kept["level"].to_numpy() == pytest.approx((kept["before"] + kept["in"] - kept["out"] - kept["lost"]).to_numpy(), abs=1e-6)
        assert (kept["level"] >= -1e-9).all()


@some
@given(SEEDS, st.floats(0, 200))
def test_the_objective_is_the_discounted_cost_of_its_ledgers(seed, carbon_price):
    periods = _years(2024, 2025, 2027)
    course = sv.pathway(region(random_seasons(seed)), periods, gap=1e-3, carbon_price=carbon_price)
    for found in (course.proven, course.potential):
        weights = [1.0, 1 / 1.05 + 1 / 1.05**2, 1 / 1.05**3]
        assert found.money["discount"].tolist() == pytest.approx(weights)
        yearly = [cost_of(book) + carbon_price / 1000 * emissions_of(book) for book in found.years]
        told = np.dot(weights, yearly) + np.dot(weights, found.money["stocks"]) + found.remaining
        assert found.objective == pytest.approx(told, rel=1e-7, abs=1e-3)
        seasons = [cost_of(book) for book in found.ledgers]
        assert [sum(seasons[:2]), sum(seasons[2:4]), sum(seasons[4:])] == pytest.approx(found.money["cost"].tolist(), rel=1e-9, abs=1e-6)


@some
@given(SEEDS)
def test_more_evidence_and_more_money_are_never_worse(seed):
    given_region = region(random_tables(seed))
    free = sv.pathway(given_region, _years(2024, 2025), gap=1e-6)
    tight = sv.pathway(given_region, _years(2024, 2025), gap=1e-6, budget=10_000.0)
    slack = 1e-5 * max(abs(free.potential.objective), 1.0)
    assert free.potential.objective <= free.proven.objective + slack
    assert free.potential.objective <= tight.potential.objective + slack
    assert tight.potential.money["invested"].sum() <= 10_000 * (1 + 1e-6)


def _years(*years):
    return [Period(year=year, period=name, months=months) for year in years for name, months, _ in HALVES]


def _given_off(course, found):
    """Of all periods and streams: what leaves, less what arises and what stocks take and give."""
    missing, total = 0.0, 0.0
    for position, (period, ledger) in enumerate(zip(course.horizon.periods, found.ledgers, strict=True)):
        supply = ledger.links.supply
        table = ledger.links.region.table("streams")
        share = [SHARES[season][period.period] for season in table["season"].tolist()]
        left = np.bincount(ledger.links.arcs.origin[ledger.arc], ledger.amount, minlength=len(ledger.links.nodes.id))[supply.node]
        kept = found.stocks[found.stocks["period"] == course.horizon.periods[position].name].groupby("stream")[["in", "out"]].sum()
        ids = ledger.links.nodes.id[supply.node]
        net = np.array([kept["in"].get(key, 0.0) - kept["out"].get(key, 0.0) for key in ids])
        missing += float(np.abs(left + net - np.array(share) * np.nan_to_num(supply.value)).sum())
        total += float(np.nan_to_num(supply.value).sum())
    return {"missing": missing, "all": total}
