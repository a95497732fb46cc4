"""Laws of traffic: nothing is lost between ledger and road, what enters a place leaves it, and ways are shortest."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.worlds import region
from tests.road_worlds import random_ledger, random_roads

import sivuvirta as sv
from sivuvirta.assess.roads.periods import of_year
from sivuvirta.assess.roads.sections import assigned
from sivuvirta.assess.roads.steps import node_places, tonnes
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import Links
from sivuvirta.links import build

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=15, deadline=None)


def world(seed: int) -> Links:
    return build(region(random_roads(seed)))


@FEW
@given(SEEDS)
def test_tonne_kilometres_of_sections_are_those_of_the_ledger(seed):
    ledger = random_ledger(world(seed), seed)
    (year,) = of_year(ledger, "random", "year")
    one = assigned(year)
    whole = float(ledger.amount @ np.nan_to_num(ledger.links.arcs.tkm)[ledger.arc])
    assert one.tkm.sum() == pytest.approx(whole)
    on_graph = ledger.links.arcs.pair[ledger.arc] >= 0
    assert one.tkm[:-1].sum() == pytest.approx(float((ledger.amount * np.nan_to_num(ledger.links.arcs.tkm)[ledger.arc])[on_graph].sum()))


@FEW
@given(SEEDS)
def test_what_enters_a_place_leaves_it_but_for_origins_and_destinations(seed):
    ledger = random_ledger(world(seed), seed)
    links = ledger.links
    (year,) = of_year(ledger, "random", "year")
    one, roads = assigned(year), links.region.table("roads")
    place = links.region.table("places").index
    balance = np.zeros(len(place))
    for row in range(len(roads)):
        start, stop = place[roads["from_place"][row]], place[roads["to_place"][row]]
        balance[stop] += one.out[row] - one.back[row]
        balance[start] += one.back[row] - one.out[row]
    loads = ledger.amount * np.nan_to_num(links.arcs.loads)[ledger.arc] * (links.arcs.pair[ledger.arc] >= 0)
    at = node_places(links)
    for end, sign in ((links.arcs.origin, 1), (links.arcs.destination, -1)):
        np.add.at(balance, at[end[ledger.arc]], sign * loads)
    assert np.abs(balance).max() <= 1e-6 * max(loads.max(initial=0.0), 1.0)


@FEW
@given(SEEDS)
def test_empty_vehicles_are_the_loaded_ones_turned_round(seed):
    ledger = random_ledger(world(seed), seed)
    (year,) = of_year(ledger, "random", "year")
    one = assigned(year)
    assert one.empty_out[:-1] == pytest.approx(one.back[:-1])
    assert one.empty_back == pytest.approx(one.out)
    assert one.empty.sum() == pytest.approx(one.loads.sum())


@FEW
@given(SEEDS)
def test_ways_are_as_short_as_another_library_finds_them(seed):
    links = world(seed)
    graph, roads = nx.Graph(), links.region.table("roads")
    graph.add_nodes_from(links.region.table("places")["place"].tolist())
    for row in roads.rows():
        ends = (row["from_place"], row["to_place"])
        known = graph.edges[ends]["km"] if graph.has_edge(*ends) else np.inf
        graph.add_edge(*ends, km=min(row["km"], known))
    at, place = node_places(links), links.region.table("places")["place"]
    hauled = np.flatnonzero(links.arcs.pair >= 0)
    for arc in hauled.tolist():
        ends = (str(place[at[node[arc]]]) for node in (links.arcs.origin, links.arcs.destination))
        on_sections = roads["km"][links.paths.edges(int(links.arcs.pair[arc]))].sum()
        assert on_sections == pytest.approx(nx.shortest_path_length(graph, *ends, weight="km"))


@FEW
@given(SEEDS, SEEDS)
def test_detours_are_as_short_as_another_library_finds_them(seed, pick):
    links = world(seed)
    ledger = random_ledger(links, seed)
    roads, place = links.region.table("roads"), links.region.table("places")["place"]
    shut = str(roads["road"][pick % len(roads)])
    graph = nx.MultiGraph()
    graph.add_nodes_from(place.tolist())
    for row in roads.rows():
        if row["road"] != shut:
            graph.add_edge(row["from_place"], row["to_place"], km=row["km"])
    at = node_places(links)
    more = cut = 0.0
    for arc, amount in zip(ledger.arc.tolist(), ledger.amount.tolist(), strict=True):
        if links.arcs.pair[arc] < 0 or shut not in roads["road"][links.paths.edges(int(links.arcs.pair[arc]))].tolist():
            continue
        ends = [str(place[at[node[arc]]]) for node in (links.arcs.origin, links.arcs.destination)]
        sent = amount * tonnes(links)[arc]
        if nx.has_path(graph, *ends):
            more += sent * (nx.shortest_path_length(graph, *ends, weight="km") - links.arcs.km[arc])
        else:
            cut += sent
    told = sv.roads(ledger, closed=[shut]).closed.iloc[0]
    assert told["tkm_more"] == pytest.approx(np.nan if cut else more, abs=1e-6, nan_ok=True)
    assert told["cut_tonnes"] == pytest.approx(cut)


@FEW
@given(SEEDS)
def test_twice_the_flows_are_twice_the_traffic_and_months_add_up(seed):
    ledger = random_ledger(world(seed), seed)
    one = sv.roads(ledger).sections
    two = sv.roads(evolve(ledger, amount=2 * ledger.amount)).sections
    assert two["vehicles"].tolist() == pytest.approx((2 * one["vehicles"]).tolist())
    months = sv.roads(ledger, "month").sections
    assert (months["tkm"].sum(), (months["loads"] * months["days"]).sum()) == pytest.approx((one["tkm"].sum(), 365 * one["loads"].sum()))


@FEW
@given(SEEDS)
def test_without_a_reference_no_difference_is_told_and_none_is_zero(seed):
    ledger = random_ledger(world(seed), seed)
    alone, beside = sv.roads(ledger), sv.roads(ledger, reference=ledger)
    for name in ("sections", "emissions", "taken"):
        frame = getattr(alone, name)
        assert frame["difference"].isna().all()
        assert all(NO_REFERENCE in text for text in frame["unknown"])
    assert (beside.sections["difference"] == 0).all()
