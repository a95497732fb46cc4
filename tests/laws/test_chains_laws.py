"""Laws of routes of several steps: the same as going through all of them, no plant twice, no limit lifted by one plant more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain_rows import chained, several, step
from chain_worlds import best_routes, forks, worlds
from match_rows import analysis, limit, matched, stream
from sivuvirta.domain.matches import Cause

lawful = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def found(matches):
    """(verdict, gain) of the routes of each stream and need, the best first."""
    chains, nodes = matches.chains, matches.links.nodes
    result = {}
    for at in range(len(chains)):
        pair = nodes.id[chains.stream[at]], nodes.id[chains.need[at]]
        result.setdefault(pair, []).append((int(chains.verdict[at]), float(chains.gain[at])))
    return result


@lawful
@given(worlds(), st.integers(2, 5), st.integers(1, 3))
def test_the_search_finds_what_going_through_all_routes_finds(world, steps, count):
    ours, theirs = found(several(steps, count, **world.tables())), best_routes(world, steps, count)
    assert ours.keys() == theirs.keys()
    for pair, routes in theirs.items():
        assert [verdict for verdict, _ in ours[pair]] == [verdict for verdict, _ in routes]
        assert [gain for _, gain in ours[pair]] == pytest.approx([gain for _, gain in routes])


@settings(parent=lawful, max_examples=50)
@given(forks(), st.integers(1, 2))
def test_what_is_compared_on_the_way_loses_no_route(world, count):
    """Several beginnings of one way: of those that meet, the search drops what cannot end among the best, and no other."""
    ours, theirs = found(several(3, count, **world.tables())), best_routes(world, 3, count)
    for pair, routes in theirs.items():
        assert [verdict for verdict, _ in ours[pair]] == [verdict for verdict, _ in routes]
        assert [gain for _, gain in ours[pair]] == pytest.approx([gain for _, gain in routes])


@lawful
@given(worlds(), st.integers(2, 6))
def test_no_plant_comes_twice_and_alternatives_go_through_others(world, steps):
    chains = several(steps, **world.tables()).chains
    sets = {}
    for at in range(len(chains)):
        plants = chains.plant[chains.steps(at)].tolist()
        assert 2 <= len(plants) <= steps
        assert len(set(plants)) == len(plants)
        sets.setdefault((chains.stream[at], chains.need[at]), []).append(frozenset(plants))
    assert all(len(set(each)) == len(each) for each in sets.values())
    assert all(np.isfinite(column).all() for column in (chains.gain, chains.gain_low, chains.gain_high, chains.netback, chains.carbon))


def ladder(layers, width, costs):
    """Layers of plants, each of which takes what those of the layer before make."""
    materials = ["slag", *(f"m{layer}" for layer in range(1, layers)), "block"]
    return [
        step(f"l{layer}p{number}", materials[layer], materials[layer + 1], variable_opex=costs[layer][number])
        for layer in range(layers)
        for number in range(width)
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(2, 6), st.integers(2, 7), st.randoms(use_true_random=False))
def test_a_ladder_is_climbed_without_counting_its_ways(layers, width, random):
    """The cheapest plant of each layer, and once the second cheapest of one; m^n ways, but some 2 labels a plant and layer."""
    costs = [[round(random.uniform(0.0, 1.0), 6) for _ in range(width)] for _ in range(layers)]
    chains = several(layers, 2, **chained(*ladder(layers, width, costs))).chains
    cheapest = sum(min(row) for row in costs)
    extra = min(sorted(row)[1] - min(row) for row in costs)
    assert chains.gain == pytest.approx([12 - 2 - cheapest + 4, 12 - 2 - cheapest - extra + 4])
    assert chains.labels <= 2 * width * (layers - 1)


def test_a_ladder_that_no_one_could_go_through():
    """20 plants in each of 10 layers: 10^13 ways, of which a few hundred beginnings are followed."""
    costs = [[(7 * layer + 13 * number) % 20 / 10 for number in range(20)] for layer in range(10)]
    chains = several(10, 2, **chained(*ladder(10, 20, costs))).chains
    assert chains.gain.tolist() == pytest.approx([14.0, 14.0 - 0.1])
    assert chains.labels <= 2 * 20 * 9


STATUSES = ("waste", "unknown", "by_product", "product")


@st.composite
def detours(draw):
    """A register with limits that no blend may meet, a plant that treats, and a plant that mixes, each with whatever status it claims."""
    status = st.sampled_from(STATUSES)
    content = st.sampled_from([1.0, 4.0, 8.0, 12.0])
    kinds = {"Cd": "total", "leach_Cr": "leaching"}
    return {
        "limits": [
            limit(f"{key}_{applies}", key, draw(content), kind=kind, mixing="mass" if kind == "total" else "none", applies_to=applies)
            for key, kind in kinds.items()
            for applies in draw(st.lists(st.sampled_from(["any", "waste", "by_product", "product"]), max_size=2, unique=True))
        ],
        "analyses": [analysis("slag", key, draw(content), kind=kind, grade=draw(st.sampled_from("AC"))) for key, kind in kinds.items()],
        "streams": [stream("slag", "slag", legal_status=draw(status))],
        "treats": {
            "recovery": draw(st.booleans()),
            "mixes": draw(st.booleans()),
            "output_status": draw(status),
            "share": draw(st.sampled_from([0.5, 1.0])),
        },
        "mixes": {"mixes": True, "output_status": draw(status), "till": draw(st.sampled_from([0.25, 4.0, 20.0])), "grade": "A"},
    }


@lawful
@given(detours(), st.booleans())
def test_a_plant_that_mixes_never_grows_the_set_of_lawful_uses(given_, before):
    """Before or after another plant: what the road may not take of that plant alone it may not take by way of the till either.

    What a limit closes stays closed, and what is open for want of a test stays open.
    """
    rows = {name: given_[name] for name in ("limits", "analyses", "streams")}
    treats, mixes = ({name: value for name, value in given_[name].items() if name != "share"} for name in ("treats", "mixes"))
    share = given_["treats"]["share"]
    alone = matched(**chained(step("treater", "slag", "block", share, **treats), **rows))
    if before:
        steps = step("mixer", "slag", "mix", **mixes), step("treater", "mix", "block", share, **treats)
    else:
        steps = step("treater", "slag", "dry", share, **treats), step("mixer", "dry", "block", **mixes)
    by_till = several(2, **chained(*steps, **rows))
    assert len(by_till.chains) == 1
    if alone.routes.cause[0] == Cause.LIMIT:  # a status that a technology claims is a matter of its data
        assert by_till.chains.verdict[0] >= alone.routes.verdict[0]


@lawful
@given(worlds(plants=(2, 4)))
def test_a_third_plant_takes_no_use_away(world):
    """More steps only add routes: the best verdict and, of equal verdicts, the best gain of each pair never get worse."""
    fewer, more = found(several(2, **world.tables())), found(several(4, **world.tables()))
    for pair, routes in fewer.items():
        assert (more[pair][0][0], -more[pair][0][1]) <= (routes[0][0], -routes[0][1] + 1e-9)
