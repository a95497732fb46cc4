"""What is explored is checked against every structure tried one by one: the n best, fronts, and the price of going without a plant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.enumerate import structures as every
from tests.engine.worlds import bundled, random_siting_matches

from sivuvirta.domain.plans import OBJECTIVES, PlanOptions
from sivuvirta.explore.alternatives import alternatives
from sivuvirta.explore.asking import Asked
from sivuvirta.explore.best import structures
from sivuvirta.explore.pareto import front
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.plan.program.objective import amount

EXACT = PlanOptions(gap=0.0)
SEEDS = st.integers(0, 10_000)


def asked(matches, **options):
    return Asked(matches, reference(matches.links), PlanOptions(gap=0.0, **options))


def close(value, rel=1e-6):
    return pytest.approx(value, rel=rel, abs=1e-4)


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, plants=st.integers(1, 4))
def test_all_structures_are_found_in_order(seed, plants):
    matches = random_siting_matches(seed, plants)
    tried = every(matches)
    found = structures(asked(matches), 2**plants + 1)
    assert found.complete
    assert {frozenset(one.built): one.network.objective for one in found.found} == close({one.built: one.value for one in tried})
    values = [one.network.objective for one in found.found]
    assert values == sorted(values)
    assert [one.rank for one in found.found] == list(range(1, len(tried) + 1))


@pytest.mark.parametrize("seed", [27, *range(8)])
def test_guided_choices_find_all_structures_too(seed):
    """After the first structure each is found with rows that cut the former ones off."""
    matches = random_siting_matches(seed)
    tried = every(matches)
    found = structures(asked(matches, method="guided"), len(tried) + 1)
    assert found.complete
    assert [one.network.objective for one in found.found] == close([one.value for one in tried])
    for one, following in zip(found.found, tried, strict=True):
        assert one.bound <= following.value + 1e-6 * abs(following.value) + 1e-4


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, n=st.integers(1, 5), objective=st.sampled_from(OBJECTIVES))
def test_the_n_best_are_the_n_best(seed, n, objective):
    matches = random_siting_matches(seed)
    tried = every(matches, measure=objective)
    found = structures(asked(matches, objective=objective), n).found
    assert [one.network.objective for one in found] == close([one.value for one in tried[:n]])
    for one, following in zip(found, tried, strict=False):
        assert one.bound <= following.value + 1e-6 * abs(following.value) + 1e-4


def test_the_three_sets_of_warehouses_that_can_supply_all_stores():
    matches = match(build(bundled("warehouses_opl_1999")))
    tried, found = every(matches), structures(asked(matches), 10)
    assert found.complete
    assert found.found[0].network.objective == close(383)
    assert [one.network.objective for one in found.found] == close([one.value for one in tried])
    assert [set(one.added) for one in found.found] == [set(), {"warehouse_paris"}, {"warehouse_paris"}]
    assert [set(one.dropped) for one in found.found] == [set(), set(), {"warehouse_bonn"}]


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS, other=st.sampled_from(["co2", "diversion", "virgin"]))
def test_no_network_beats_a_point_of_a_front(seed, other):
    matches = random_siting_matches(seed)
    start = asked(matches)
    points = front(start, ("value", other), points=4).points
    today = [amount(start.reference, EXACT, name) for name in ("value", other)]
    best = [every(matches, measure=name)[0].value for name in ("value", other)]
    assert today[0] - points[0].gains[0] == close(best[0])
    assert today[1] - points[-1].gains[1] == close(best[1])
    for point in points:
        cost, used = (was - gain for was, gain in zip(today, point.gains, strict=True))
        less = every(matches, most={other: used - 1e-6 * max(abs(used), 1.0)})  # whoever uses less of the other
        assert not less or less[0].value >= cost - 1e-6 * abs(cost) - 1e-4  # does not cost less


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_going_without_a_plant_costs_what_the_best_structure_without_it_does(seed):
    matches = random_siting_matches(seed)
    tried = every(matches)
    found = alternatives(asked(matches))
    ids = matches.links.nodes.id
    for choice in found.choices:
        if choice.kind == "plant" and matches.links.works.candidate[choice.row]:
            name = ids[matches.links.works.node[choice.row]]
            without = min((one.value for one in tried if name not in one.built), default=float("inf"))
            assert choice.without == pytest.approx(without - tried[0].value, rel=1e-5, abs=1e-4 + 1e-8 * abs(tried[0].value))
