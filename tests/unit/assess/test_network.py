"""Networks by hand: small ones on paper, and the teaching region of three sites."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta.assess.network import structure
from sivuvirta.assess.network.betweenness import betweenness
from sivuvirta.assess.network.contents import shares
from sivuvirta.assess.network.cycling import finn_cycling_index, path_length, throughflow
from sivuvirta.assess.network.draws import factors
from sivuvirta.assess.network.entries import entries, without_extractive
from sivuvirta.assess.network.flows import closed, from_table, merged
from sivuvirta.assess.network.information import fitness, organisation, robustness
from sivuvirta.assess.network.metrics import nodes
from sivuvirta.domain.networks import FlowNetwork, means
from sivuvirta.errors import OptionError, ShapeError, UnknownNameError


def table(*rows):
    return pd.DataFrame(rows, columns=["from", "to", "kind", "flow"])


RING = table(("", "a", "import", 10), ("a", "b", "internal", 20), ("b", "a", "internal", 10), ("b", "", "dissipation", 10))
"""10 enter a, 20 go on to b, 10 come back: half of what b takes goes round again."""


def test_a_ring_by_hand():
    """T = 20 and 20; g_ab = 1, g_ba = 1/2, so n_aa = n_bb = 1/(1 - 1/2) = 2; cycled (2 - 1)/2 of 40 is 20, a half."""
    ring = from_table(RING)
    assert throughflow(ring) == 40
    assert finn_cycling_index(ring) == pytest.approx(0.5, rel=1e-12)
    assert path_length(ring) == 4  # 40 / 10
    assert structure.cyclicity(ring) == pytest.approx(1, rel=1e-12)
    assert structure.cyclic_share(ring) == 1
    assert (structure.connectance(ring), structure.exchange_connectance(ring), structure.link_density(ring)) == (0.5, 1, 1)


def test_a_chain_has_one_bit_less_than_it_could():
    """Import 1, a to b 1, loss 1: three equal flows, each known from its origin: A = C = 3 log2 3, nothing to spare."""
    chain = organisation(from_table(table(("", "a", "import", 1), ("a", "b", "internal", 1), ("b", "", "dissipation", 1))))
    assert chain.capacity == pytest.approx(3 * np.log2(3), rel=1e-12)
    assert chain.ascendency == pytest.approx(chain.capacity, rel=1e-12)
    assert chain.overhead == pytest.approx(0, abs=1e-12)
    assert chain.relative_ascendency == pytest.approx(1, rel=1e-12)
    assert chain.robustness == pytest.approx(0, abs=1e-12)


def test_four_nodes_that_give_alike_to_all_to_two_and_to_one():
    """96 units among four nodes, as in figure B4.2 of A New Ecology: 0, 1 and 2 bits of mutual information."""
    names, none = tuple("abcd"), np.zeros(4)
    even = np.full((4, 4), 6.0)
    pairs = np.kron(np.eye(2), np.full((2, 2), 12.0))
    alone = np.roll(np.eye(4) * 24.0, 1, axis=1)
    found = [organisation(FlowNetwork(names, flows, none, none, none)).mutual_information for flows in (even, pairs, alone)]
    assert found == pytest.approx([0, 1, 2], abs=1e-12)


def test_two_cycles_that_share_a_node_grow_by_the_root_of_two():
    """a to b and c, both back to a: A² has 2 on the diagonal of a, so the eigenvalue is √2."""
    rows = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")]
    star = closed(from_table(table(*((one, two, "internal", 1) for one, two in rows), ("a", "", "dissipation", 1))))
    assert structure.cyclicity(star) == pytest.approx(np.sqrt(2), rel=1e-12)


def test_betweenness_of_a_line_a_diamond_and_by_flow():
    inf = np.inf
    line = np.array([[inf, 1, inf], [inf, inf, 1], [inf, inf, inf]])
    assert betweenness(line).tolist() == [0, 1, 0]
    diamond = np.full((4, 4), inf)  # 0 to 3 by 1 or by 2
    diamond[0, 1] = diamond[0, 2] = diamond[1, 3] = diamond[2, 3] = 1
    assert betweenness(diamond).tolist() == [0, 0.5, 0.5, 0]
    diamond[0, 2] = diamond[2, 3] = 0.1  # more flows by 2
    assert betweenness(diamond).tolist() == [0, 0, 1, 0]


def test_the_most_central_node_comes_first():
    rows = [("a", "hub", 5), ("b", "hub", 1), ("hub", "c", 6)]
    net = closed(from_table(table(*((one, two, "internal", flow) for one, two, flow in rows), ("c", "", "export", 6))))
    found = nodes(net, {"hub": "The hub"})
    first = found.iloc[0]
    assert (first["node"], first["name"], first["takes_from"], first["gives_to"], first["degree"]) == ("hub", "The hub", 2, 1, 3)
    assert (first["takes"], first["gives"], first["betweenness"], first["betweenness_by_flow"]) == (6, 6, 2, 2)


def test_robustness_and_fitness_at_their_ends():
    assert robustness(0) == robustness(1) == 0
    assert robustness(1 / np.e) == pytest.approx(1 / np.e, rel=1e-12)
    assert fitness(np.exp(-1 / 1.288)) == pytest.approx(1, rel=1e-12)
    assert np.isnan(robustness(float("nan")))


def test_nothing_is_not_a_number_where_it_is_not_defined():
    empty = FlowNetwork((), np.zeros((0, 0)), *(np.zeros(0) for _ in range(3)))
    assert np.isnan([structure.connectance(empty), structure.link_density(empty), finn_cycling_index(empty)]).all()
    assert np.isnan(organisation(empty).relative_ascendency)
    assert np.isnan(path_length(empty))
    assert structure.cyclicity(empty) == 0


def test_flows_that_cannot_be_are_refused():
    with pytest.raises(ShapeError, match="0 or more"):
        from_table(table(("a", "b", "internal", -1)))
    with pytest.raises(ShapeError, match="needs internal flows of shape"):
        FlowNetwork(("a",), np.zeros((2, 2)), *(np.zeros(1) for _ in range(3)))
    with pytest.raises(ShapeError, match="not loan"):
        from_table(table(("a", "b", "loan", 1)))
    with pytest.raises(ShapeError, match="needs a group"):
        merged(from_table(RING), ["one"])


def test_cycling_needs_balance_and_a_way_out():
    with pytest.raises(ShapeError, match="'b' is not"):
        finn_cycling_index(from_table(table(("", "a", "import", 1), ("a", "b", "internal", 1))))
    with pytest.raises(ShapeError, match="closed on itself"):
        finn_cycling_index(from_table(table(("a", "b", "internal", 1), ("b", "a", "internal", 1))))


@pytest.fixture(scope="module")
def plan():
    return sv.plan("three_sites")


def test_three_sites_by_hand(plan):
    """Mill 5 000 t (2 000 ash, 3 000 granules) and works 4 000 t to the town; borders as in the table below."""
    found = sv.metrics(plan)["proven"]
    net = found.network
    assert net.names == ("mill", "town", "works")
    assert net.internal.tolist() == [[0, 5000, 0], [0, 0, 0], [0, 4000, 0]]
    assert net.imports.tolist() == [6000, 250, 10_000]  # ash and slag are made there, fertiliser is bought
    assert net.exports.tolist() == [0, 0, 6000]  # slag onto its heap
    assert net.dissipation.tolist() == [1000, 9250, 0]  # ash to landfill; what the town takes stays
    assert found["throughput"] == 16_250 + 9000 + 6000 + 10_250
    assert found["throughflow"] == 6000 + 9250 + 10_000
    assert found["path_length"] == pytest.approx(25_250 / 16_250)
    assert found["finn_cycling_index"] == 0
    assert found.notes[0].startswith("3,000 t/a stay with the node")
    assert set(found.indicators["grade"]) == {"A"}


def test_reference_proven_and_potential_stand_beside_each_other(plan):
    metrics = sv.metrics(plan, "organisation")
    assert metrics.columns == ("reference", "proven", "potential")
    assert metrics["proven"].network.names == ("investor", "mill_ltd", "town", "works_ltd")
    trend = metrics.trend().set_index(["to", "indicator"])
    row = trend.loc[("proven", "links")]
    assert (row["before"], row["after"], row["difference"]) == (0, 4, 4)
    assert len(metrics.to_frame()) == 3 * len(metrics["proven"].indicators)
    back = metrics.trend("proven").set_index(["to", "indicator"])
    assert back.loc[("reference", "links"), "difference"] == -4
    with pytest.raises(UnknownNameError, match="There are: reference, proven, potential"):
        metrics.trend("best")
    with pytest.raises(UnknownNameError, match="There is no indicator 'size'"):
        metrics["proven"]["size"]


def test_vintages_beside_each_other():
    ledgers = [sv.plan(sv.load("kemi_tornio", vintage)).reference for vintage in ("2018", "2024")]
    metrics = sv.metrics(ledgers)
    assert metrics.columns == ("reference 2018", "reference 2024")
    trend = metrics.trend().set_index("indicator")
    row = trend.loc["throughput"]
    assert row["difference"] == pytest.approx(row["after"] - row["before"])
    assert row["low"] < row["difference"] < row["high"]


def test_one_ledger_is_enough_but_has_no_trend(plan):
    metrics = sv.metrics(plan.reference, "node")
    assert metrics["reference"].network.names == ("need:forest", "need:road", "stream:ash", "stream:slag")
    assert metrics["reference"]["links"] == 0
    with pytest.raises(OptionError, match="two networks"):
        metrics.trend()


def test_euros_go_the_other_way_and_an_unpriced_flow_leaves_the_known_part(plan):
    """Today all is bought and dumped: no payment between sites. In the plan the granulator's ash and the road's have a price in no table.

    Known are 4 000 t of slag at 2 EUR and 3 000 t of granules at 30 EUR: 98 000 EUR/a. Four links among four: those two, and what the
    investor and the town would pay the mill. Of 19 000 t (4 + 2 + 3 + 3 + 6 + 1 thousand and 250 t of fertiliser) 5 000 have no price.
    """
    metrics = sv.metrics(plan, "organisation", "EUR")
    assert metrics["reference"]["throughput"] == 2 * 662_000
    assert metrics["reference"]["exchanged"] == 0
    found = metrics["proven"]
    assert (found["links"], found["nodes"], found["connectance"]) == (4, 4, 4 / 16)
    assert (found["exchanged"], found.bound("exchanged"), found.bound("robustness"), found.bound("links")) == (
        98_000,
        "at least",
        "known part",
        "",
    )
    assert np.isnan(found.indicators.set_index("indicator").loc["exchanged", "high"])
    assert found.notes[0].startswith(
        "Amounts are of the known part alone: a price, fee or rate is not known in 2 of 7 flows, which carry 26 % of the tonnes: "
        "Fly ash to Granulator at the mill (3,000 t/a), Fly ash to Base layer of a road (2,000 t/a)."
    )
    trend = metrics.trend().set_index(["indicator", "to"])["difference"]
    assert trend["links", "proven"] == 4
    assert np.isnan(trend["exchanged", "proven"])


def test_a_level_that_no_row_has_is_unknown_and_a_unit_that_nothing_has_is_nothing(plan):
    assert np.isnan(sv.metrics(plan, "sector")["proven"]["throughput"])
    energy = sv.metrics(plan, "site", "MWh")["proven"]
    assert energy["throughput"] == energy["nodes"] == 0
    assert np.isnan(energy["robustness"])


def test_levels_and_units_that_do_not_exist_are_told(plan):
    with pytest.raises(OptionError, match="It has: site, organisation, sector, node"):
        sv.metrics(plan, "village")
    with pytest.raises(OptionError, match="a component of the region"):
        sv.metrics(plan, unit="kg")
    with pytest.raises(OptionError, match="at least one ledger"):
        sv.metrics([])
    with pytest.raises(OptionError, match="needs its shares"):
        entries(plan.reference, (np.zeros(0), np.zeros(0)), "Cr_total")


def test_a_component_counts_by_its_share_and_the_rest_is_a_known_part():
    ledger = sv.plan("kemi_tornio").reference
    found = shares(ledger, "Cr_total")
    named = dict(zip(ledger.to_frame()["origin"], found, strict=True))
    assert 0 < named["stream:fecr_slag_air"] < 0.2
    assert np.isnan(found).any()
    metrics = sv.metrics(ledger, unit="Cr_total")["reference"]
    assert metrics.bound("exchanged") == "at least"
    assert "content of Cr_total is not known" in metrics.notes[0]
    assert "of the tonnes: Crushed rock to" in metrics.notes[0]
    mass = sv.metrics(ledger)["reference"]
    assert 0 < metrics["links"] <= mass["links"]  # what was analysed at 0 is no link
    known = evolve(ledger, **{name: getattr(ledger, name)[found > 0] for name in ("arc", "amount", "verdict", "grade", "evidence")})
    part = sv.metrics(known, unit="Cr_total", extractive=True)["reference"]
    assert part["throughput"] > 0
    assert set(part.indicators["unit"]) >= {"t Cr_total/a", "t Cr_total bit/a"}


def test_wastes_of_mining_count_only_where_they_are_asked_for():
    ledger = sv.plan("kemi_tornio").reference
    less = without_extractive(ledger)
    assert len(less) < len(ledger)
    assert sv.metrics(ledger, extractive=True)["reference"]["throughput"] > 10 * sv.metrics(ledger)["reference"]["throughput"]


def test_draws_meet_the_range_of_the_register_and_are_shared():
    plan = sv.plan("kemi_tornio")
    ledger = plan.reference
    frame = ledger.to_frame()
    row = int(np.flatnonzero(((frame["high"] > frame["low"]) & (frame["low"] > 0)).to_numpy())[0])
    drawn = factors(ledger, 4000)[:, row] * ledger.amount[row]
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([frame["low"][row], frame["high"][row]], rel=0.05)
    again = plan.potential.ledger
    shared = np.flatnonzero(again.links.arcs.origin[again.arc] == ledger.links.arcs.origin[ledger.arc[row]])
    assert len(shared)
    assert np.array_equal(factors(again, 4000)[:, shared[0]] * ledger.amount[row], drawn)


def test_a_mean_is_that_of_the_draws_where_all_are_known():
    """(1 + 2 + 6)/3 is 3; a figure without a value, with an unknown draw or without draws has none."""
    draws = [pd.Series([1.0, 2.0, 6.0]), pd.Series([1.0, 2.0, 6.0]), pd.Series([1.0, np.nan, 6.0]), pd.Series([], dtype=float)]
    assert means(draws, np.array([2.5, np.nan, 2.5, 2.5])) == pytest.approx([3.0, np.nan, np.nan, np.nan], nan_ok=True)


def test_indicators_and_their_changes_tell_the_mean_of_their_draws():
    found = sv.metrics(sv.plan("kemi_tornio"))
    first, last = found.networks[0], found.networks[-1]
    told = last.indicators.set_index("indicator")
    known = told.index[told["low"].notna()]
    assert len(known) == len(told)
    assert told["mean"][known].to_numpy() == pytest.approx([sum(last.draws[key]) / len(last.draws) for key in known])
    trend = found.trend()
    row = trend[(trend["to"] == found.columns[-1]) & (trend["indicator"] == "throughflow")].iloc[0]
    assert row["mean"] == pytest.approx(sum(last.draws["throughflow"] - first.draws["throughflow"]) / len(last.draws))
