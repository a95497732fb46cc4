"""Laws of networks: no indicator depends on the order of nodes, sizes scale, shapes do not, and what is merged leaves the throughput."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from attrs import asdict, evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import sivuvirta as sv
from sivuvirta.assess.network import structure
from sivuvirta.assess.network.betweenness import betweenness
from sivuvirta.assess.network.cycling import finn_cycling_index, throughflow
from sivuvirta.assess.network.flows import closed, imbalance, merged, ordered, scaled
from sivuvirta.assess.network.indicators import INDICATORS, STRUCTURE
from sivuvirta.assess.network.information import organisation, robustness
from sivuvirta.assess.network.metrics import measured
from sivuvirta.domain.networks import FlowNetwork

KEYS = [each.key for each in INDICATORS]
SIZES = {"throughput", "throughflow", "exchanged", "ascendency", "capacity", "overhead", "redundancy"}
seeds = st.integers(0, 2**32 - 1)
laws = settings(max_examples=60, deadline=None)


def network(seed, *, acyclic=False):
    """Any network in balance of 2 to 9 nodes, every node of which loses something; flows from grains to megatonnes."""
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 10))
    internal = 10.0 ** random.uniform(-2, 6, (n, n)) * (random.random((n, n)) < random.uniform(0.1, 0.9))
    if acyclic:
        internal = np.triu(internal, 1)
    lost = 10.0 ** random.uniform(-1, 5, n)
    kept = 10.0 ** random.uniform(-1, 5, n) * (random.random(n) < 0.5)
    return closed(FlowNetwork(tuple(f"n{row}" for row in range(n)), internal, np.zeros(n), kept, lost))


def figures(net):
    return dict(zip(KEYS, measured(net, INDICATORS), strict=True))


@laws
@given(seed=seeds)
def test_closing_balances_every_node_and_changes_nothing_within(seed):
    one = network(seed)
    assert imbalance(one).max() <= 1e-9
    assert one.inflow.sum() == pytest.approx(one.outflow.sum(), rel=1e-12)
    assert one.imports.sum() == pytest.approx(one.exports.sum() + one.dissipation.sum(), rel=1e-9)


@laws
@given(seed=seeds, order=st.randoms(use_true_random=False))
def test_the_order_of_nodes_does_not_matter(seed, order):
    one = network(seed)
    rows = list(range(len(one)))
    order.shuffle(rows)
    other = ordered(one, rows)
    assert figures(other) == pytest.approx(figures(one), rel=1e-6, abs=1e-9)
    length = structure.lengths(one)
    assert betweenness(structure.lengths(other)) == pytest.approx(betweenness(length)[rows], abs=1e-9)


@laws
@given(seed=seeds, power=st.floats(-6, 6))
def test_sizes_scale_with_the_flows_and_nothing_else_does(seed, power):
    one, factor = network(seed), 10.0**power
    before, after = figures(one), figures(scaled(one, factor))
    for key in KEYS:
        assert after[key] == pytest.approx(before[key] * (factor if key in SIZES else 1.0), rel=1e-6, abs=1e-9 * max(1.0, factor)), key


@laws
@given(seed=seeds)
def test_cycling_lies_between_nothing_and_all(seed):
    found = finn_cycling_index(network(seed))
    assert 0 <= found < 1
    assert (found > 0) == (structure.cyclicity(network(seed)) > 0)


@laws
@given(seed=seeds)
def test_without_a_cycle_nothing_cycles(seed):
    one = network(seed, acyclic=True)
    assert finn_cycling_index(one) == 0
    assert structure.cyclicity(one) == 0
    assert structure.cyclic_share(one) == 0


@laws
@given(seed=seeds)
def test_cycling_by_following_the_flow_round(seed):
    """N = I + G + G² ...: what is cycled is what the series adds, computed without an inverse."""
    one = network(seed)
    share = one.internal / one.inflow[:, None]
    visits, power = np.eye(len(one)), np.eye(len(one))
    for _ in range(4000):
        power = power @ share
        visits = visits + power
    if power.max() > 1e-12:
        return  # it leaks too slowly for the series to end
    cycled = ((np.diagonal(visits) - 1) / np.diagonal(visits) * one.inflow).sum()
    assert finn_cycling_index(one) == pytest.approx(cycled / throughflow(one), rel=1e-6, abs=1e-12)


@laws
@given(seed=seeds)
def test_capacity_is_ascendency_and_overhead_and_neither_is_negative(seed):
    found = organisation(network(seed))
    parts = found.overhead_imports + found.redundancy + found.overhead_exports + found.overhead_dissipation
    assert found.capacity == pytest.approx(found.ascendency + found.overhead, rel=1e-9)
    assert parts == pytest.approx(found.overhead, rel=1e-9, abs=1e-6)
    assert min(asdict(found).values()) >= -1e-6 * found.capacity
    assert 0 <= found.relative_ascendency <= 1 + 1e-12
    assert found.mutual_information <= found.diversity + 1e-9


@laws
@given(degree=st.floats(0, 1))
def test_robustness_is_largest_at_one_over_e(degree):
    best = 1 / np.e
    assert 0 <= robustness(degree) <= robustness(best) + 1e-12
    assert robustness(best) == pytest.approx(best, rel=1e-12)


@laws
@given(seed=seeds, count=st.integers(1, 4))
def test_merging_keeps_the_throughput_but_for_what_flows_within(seed, count):
    one = network(seed)
    groups = [f"g{row % count}" for row in range(len(one))]
    same = np.array([[first == second for second in groups] for first in groups])
    whole, kept = merged(one, groups), merged(one, groups, keep_within=True)
    assert whole.throughput == pytest.approx(one.throughput - one.internal[same].sum(), rel=1e-9)
    assert kept.throughput == pytest.approx(one.throughput, rel=1e-12)
    assert imbalance(whole).max() <= 1e-6
    assert organisation(kept).mutual_information <= organisation(one).mutual_information + 1e-9  # merging loses information


@laws
@given(seed=seeds)
def test_more_flow_on_the_same_links_does_not_change_the_shape(seed):
    one = network(seed)
    other = evolve(one, internal=one.internal * np.random.default_rng(seed).uniform(0.5, 2, one.internal.shape))
    assert measured(one, STRUCTURE) == pytest.approx(measured(closed(other), STRUCTURE), rel=1e-9)


@cache
def plan():
    return sv.plan("kemi_tornio")


@pytest.mark.parametrize("level", ["site", "organisation", "sector", "node"])
@pytest.mark.parametrize("unit", ["t", "MWh"])
def test_every_tonne_of_a_ledger_is_somewhere_in_its_network(level, unit):
    """Internal flows, borders before closing, what stays and what passes outside add up to the ledger."""
    for found, ledger in zip(sv.metrics(plan(), level, unit, extractive=True).networks, ledgers(), strict=True):
        carried = float(ledger.amount[ledger.links.units[ledger.arc] == unit].sum())
        added = [float(note.partition(" ")[0].replace(",", "")) for note in found.notes]
        left = sum(value for note, value in zip(found.notes, added, strict=True) if "are not in" in note or "stay with" in note)
        closing = sum(value for note, value in zip(found.notes, added, strict=True) if "were added" in note)
        assert found.network.throughput - closing + left == pytest.approx(carried, abs=5)


def ledgers():
    return plan().reference, plan().proven.ledger, plan().potential.ledger
