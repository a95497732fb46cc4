"""Laws of the ledger and of its measures: mass closes, sums agree, units and the order of rows do not matter."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import sivuvirta as sv
from sivuvirta.assess.figures import figures
from sivuvirta.assess.terms import cost, emissions
from sivuvirta.ledger.difference import difference
from sivuvirta.ledger.gaps import gaps
from sivuvirta.ledger.reference import reference

REGIONS = (("three_sites", None), ("kemi_tornio", "2018"), ("kemi_tornio", "2024"))
EXACT = 1e-9


@cache
def three_sites():
    return sv.plan("three_sites")


@pytest.fixture(scope="module", params=REGIONS, ids=lambda param: "-".join(part for part in param if part))
def plan(request):
    name, vintage = request.param
    return sv.plan(sv.load(name, vintage))


@pytest.fixture(scope="module")
def ledgers(plan):
    return plan.reference, plan.proven.ledger, plan.potential.ledger


def close(first, second, size):
    return abs(first - second) <= EXACT * max(size, 1.0)


def test_mass_and_energy_close_at_every_node_relative_to_its_own_throughput(ledgers):
    for ledger in ledgers:
        table = gaps(ledger)
        assert table["relative"].abs().max() <= EXACT, table.loc[table["relative"].abs().idxmax()]


def test_the_objective_is_what_assess_computes_from_the_ledger(plan):
    for network in (plan.proven, plan.potential):
        size = np.abs(network.ledger.amount @ np.abs(plan.links.arcs.eur[network.ledger.arc]).sum(axis=1))
        assert close(cost(network.ledger), network.objective, size)
        assert close(cost(plan.reference) - cost(network.ledger), network.benefit, size)
        assert close(emissions(network.ledger) - emissions(plan.reference), network.carbon, abs(emissions(plan.reference)))


def test_the_carbon_objective_is_what_assess_computes(plan):
    clean = sv.plan(plan.matches, objective="co2")
    for network in (clean.proven, clean.potential):
        assert emissions(network.ledger) == pytest.approx(network.objective, rel=1e-6)
    assert clean.proven.carbon <= plan.proven.carbon + 1e-6 * abs(plan.proven.carbon) + 1


def test_terms_organisations_and_benefit_agree(plan, ledgers):
    today, *planned = ledgers
    for ledger in planned:
        measured = figures(ledger, today)
        size = measured.organisations[["reference", "planned"]].abs().to_numpy().sum()
        assert close(measured.money["saving"].sum(), measured.organisations["saving"].sum(), size)
        assert close(measured.money["planned"].sum(), cost(ledger), size)
        assert close(measured.carbon["planned"].sum(), emissions(ledger), measured.carbon[["reference", "planned"]].abs().to_numpy().sum())
        payments = measured.organisations.loc[measured.organisations["term"] == "payment", "planned"]
        assert close(payments.sum(), 0.0, payments.abs().sum())


def test_fates_of_streams_add_up_to_their_supply_in_both_ledgers(plan, ledgers):
    today, *planned = ledgers
    units = plan.links.nodes.unit[plan.links.supply.node]
    for ledger in planned:
        table = figures(ledger, today).fates
        streams = table[table["origin"] == "streams"].groupby("unit")[["reference", "planned"]].sum()
        for unit in set(units):
            supply = plan.links.supply.value[units == unit].sum()
            assert close(streams.loc[f"{unit}/a", "reference"], supply, supply)
            assert close(streams.loc[f"{unit}/a", "planned"], supply, supply)


def test_no_grade_is_ever_silent(ledgers):
    today, *planned = ledgers
    for ledger in planned:
        table = figures(ledger, today).grades
        assert table["grade"].tolist() == ["A", "B", "C", "D"]
        assert table[["exchanges_t", "outlets_t", "money_EUR", "supply_t"]].notna().all(axis=None)
        assert close((table["exchanges_t"] + table["outlets_t"]).sum(), table["supply_t"].sum(), table["supply_t"].sum())


def test_every_headline_figure_has_a_range_around_it(plan):
    table = sv.assess(plan).headline
    for part in ("proven", "potential", "total"):
        size = EXACT * table[part].abs()
        assert (table[f"{part}_low"] <= table[part] + size).all()
        assert (table[part] <= table[f"{part}_high"] + size).all()
    assert np.allclose(table["proven"] + table["potential"], table["total"], rtol=EXACT, atol=1e-6)


def test_savings_chain_and_turn(ledgers):
    today, proven, potential = ledgers
    there, back = figures(proven, today), figures(today, proven)
    size = abs(cost(today)) + abs(cost(proven)) + abs(cost(potential)) + there.money[["reference", "planned"]].abs().to_numpy().sum()
    assert close(there.benefit, -back.benefit, size)
    assert close(figures(potential, today).benefit, there.benefit + figures(potential, proven).benefit, size)
    assert np.allclose(difference(proven, today)["difference"], -difference(today, proven)["difference"])


@settings(max_examples=20, deadline=None)
@given(factor=st.sampled_from([1e-6, 1e-3, 0.5, 7.0, 1e3, 1e6]))
def test_units_do_not_matter(factor):
    """Amounts in another unit with coefficients to match: the same euros, kilograms, trips and shares."""
    plan = three_sites()
    links, ledger = plan.links, plan.proven.ledger
    arcs = evolve(
        links.arcs,
        **{name: getattr(links.arcs, name) / factor for name in ("eur", "eur_sd", "co2", "co2_sd", "tkm", "trips", "payment")},
        today=links.arcs.today * factor,
    )
    supply = evolve(links.supply, **{name: getattr(links.supply, name) * factor for name in ("value", "low", "high")})
    amounts = evolve(links.demand.amounts, **{name: getattr(links.demand.amounts, name) * factor for name in ("value", "low", "high")})
    other = evolve(links, arcs=arcs, supply=supply, demand=evolve(links.demand, amounts=amounts))
    scaled = evolve(ledger, links=other, amount=ledger.amount * factor)
    today = reference(other)
    same, first = figures(scaled, today), figures(ledger, plan.reference)
    assert cost(scaled) == pytest.approx(cost(ledger), rel=EXACT)
    assert emissions(scaled) == pytest.approx(emissions(ledger), rel=EXACT)
    assert np.allclose(same.money["saving"], first.money["saving"], rtol=EXACT, atol=1e-6)
    assert np.allclose(same.roads["planned"], first.roads["planned"], rtol=EXACT)
    assert np.allclose(same.diverted["diverted"], first.diverted["diverted"] * factor, rtol=EXACT)
    assert np.allclose(gaps(scaled)["relative"], gaps(ledger)["relative"], atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_flows_does_not_matter(seed):
    plan = three_sites()
    ledger = plan.proven.ledger
    order = np.random.default_rng(seed).permutation(len(ledger))
    shuffled = evolve(ledger, **{name: getattr(ledger, name)[order] for name in ("arc", "amount", "verdict", "grade")})
    first, second = figures(ledger, plan.reference), figures(shuffled, plan.reference)
    for name in ("fates", "diverted", "money", "organisations", "carbon", "products", "transport", "roads", "grades", "headline"):
        left, right = getattr(first, name), getattr(second, name)
        numbers = left.select_dtypes("number").columns
        assert np.allclose(left[numbers], right[numbers], rtol=EXACT, atol=1e-9, equal_nan=True), name
        assert left.drop(columns=numbers).equals(right.drop(columns=numbers)), name
